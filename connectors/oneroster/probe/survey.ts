/** How the SIS answers and what its records are like, from a sample: what a support desk would want to know. */
import pLimit from "p-limit";
import type { Org, RecordType, RosterRecords } from "../records.ts";
import { answersStep } from "./answers.ts";
import type { EndpointProbe, ProbeDeps } from "./endpoint.ts";
import { otherEndpointSteps } from "./other-endpoints.ts";
import { reviewRecords } from "./records.ts";
import { type Answered, readSample, type Sample } from "./sample.ts";
import { rulesOf } from "./standard.ts";
import { asFinding, bad, count, doubtful, good, type ProbeStep } from "./step.ts";
import { sampleTeachers, type TaughtSample } from "./teachers.ts";

/** Somebody waits: after this, what has been read is all that is looked at. */
const LONGEST_MS = 40_000;

export interface SampledKind<T extends RecordType> {
  /** Those that can be read and are not gone. */
  records: RosterRecords[T][];
  isWhole: boolean;
}

export interface RosterSample {
  /** Kinds of which nothing could be read are not there. */
  kinds: { [T in RecordType]?: SampledKind<T> };
  /** Undefined where all enrollments were read, or the SIS cannot be asked. */
  taught: TaughtSample | undefined;
}

export type Section = "answers" | "records";
type SurveyStep = ProbeStep & { section: Section };

/** @param probes endpoints that a night reads, whether they answered or not */
export async function* surveyRoster(
  probes: readonly EndpointProbe[],
  deps: ProbeDeps,
): AsyncGenerator<SurveyStep, RosterSample> {
  const { ports, config, signal } = deps;
  const until = ports.now() + LONGEST_MS;
  const answered = probes.filter((probe): probe is Answered => probe.opening !== undefined);
  const inFlight = pLimit(config.concurrency);
  const byType = [...Map.groupBy(answered, ({ endpoint }) => endpoint.type)];
  const surveys = await Promise.all(
    byType.map(([type, [first, ...rest]]) =>
      inFlight(async () => {
        if (first === undefined) return {};
        const startedAt = ports.now();
        try {
          const sample = await readSample([first, ...rest], deps, until);
          return { sample, step: await answersOf(sample, deps) };
        } catch (error) {
          return { step: bad(`${type} pages`, ports.now() - startedAt, asFinding(error, signal)) };
        }
      }),
    ),
  );
  for (const { step } of surveys) if (step !== undefined) yield { section: "answers", ...step };
  const samples = surveys.flatMap(({ sample }) => sample ?? []);
  const pace = paceStep(samples, deps);
  if (pace !== undefined) yield { section: "answers", ...pace };

  const reviewed = samples.map((sample) => ({ type: sample.type, ...review(sample, config) }));
  const kinds: RosterSample["kinds"] = Object.fromEntries(reviewed.map(({ type, kind }) => [type, kind]));
  const asked = new Set(probes.map(({ endpoint }) => endpoint.path));
  const school = kinds.orgs?.records.find(isSchool)?.sourcedId;
  for (const step of await otherEndpointSteps(asked, school, deps)) yield { section: "answers", ...step };
  for (const { steps } of reviewed) for (const step of steps) yield { section: "records", ...step };

  const isTold = kinds.enrollments === undefined || kinds.enrollments.isWhole;
  const classes = (kinds.classes?.records ?? []).map(({ sourcedId }) => sourcedId);
  return { kinds, taught: isTold ? undefined : await sampleTeachers(classes, deps, until) };
}

/** These requests are for the report alone, and no night depends on them. */
async function answersOf(sample: Sample, deps: ProbeDeps): Promise<ProbeStep> {
  try {
    return await answersStep(sample, deps);
  } catch (error) {
    const { message } = asFinding(error, deps.signal);
    const name = `${sample.probe.endpoint.path} answers`;
    return doubtful(
      name,
      sample.first.ms,
      `${message}; how it sorts and filters was not found out`,
      "Check again later.",
    );
  }
}

function isSchool({ type }: Org): boolean {
  return type === "school";
}

function review<T extends RecordType>(
  sample: Sample & { type: T },
  { version, rejectTolerancePercent }: ProbeDeps["config"],
): { kind: SampledKind<T>; steps: ProbeStep[] } {
  const { type, isWhole } = sample;
  const records = reviewRecords(type, rulesOf(type, version), rejectTolerancePercent);
  const kept = sample.records.flatMap((raw) => {
    const record = records.add(raw);
    return record === undefined || record.gone ? [] : [record];
  });
  return { kind: { records: kept, isWhole }, steps: records.steps(sample) };
}

/** From the first page of each kind, as if all others took as long. */
function paceStep(samples: readonly Sample[], { config }: ProbeDeps): ProbeStep | undefined {
  let [records, pages, waited] = [0, 0, 0];
  for (const { total, records: seen, first } of samples) {
    const all = total ?? seen.length;
    const needed = Math.ceil(all / Math.max(1, first.received));
    records += all;
    pages += needed;
    waited += needed * first.ms;
  }
  if (records === 0) return undefined;
  const ms = waited / Math.min(config.pageConcurrency, config.concurrency);
  const words = `${count(records, "record")} in ${count(pages, "page")}: about ${inWords(ms)} to read them all`;
  return good("pace", null, words);
}

function inWords(ms: number): string {
  if (ms < 1500) return "a second";
  return ms < 90_000 ? `${Math.ceil(ms / 1000)} seconds` : `${Math.ceil(ms / 60_000)} minutes`;
}
