/** What a night would meet at the SIS, found out with a few dozen requests that only read: nothing is kept. */
import { Failure } from "../../config/failure.ts";
import type { RestSourceConfig } from "../../config/schema.ts";
import { createClient } from "./client.ts";
import type { SourcePorts } from "./ports.ts";
import { probeRoster } from "./probe/roster.ts";
import { probeServer } from "./probe/server.ts";
import { type GradebookNeeds, probeGradebook } from "./probe/gradebook.ts";
import type { ProbeStep } from "./probe/step.ts";
import { type RosterSample, surveyRoster } from "./probe/survey.ts";

export type { GradebookNeeds } from "./probe/gradebook.ts";
export type { ProbeStep } from "./probe/step.ts";
export type { RosterSample, SampledKind } from "./probe/survey.ts";
export type { TaughtSample } from "./probe/teachers.ts";

/** Which part of a report a step belongs to. */
export type ProbeSection = "sis" | "answers" | "records" | "gradebook";
export type SisStep = ProbeStep & { section: ProbeSection };

export interface ProbeExtent {
  /** What grades will need of the gradebook; `unconfigured`: whether it is there; undefined: not to be asked. */
  gradebook?: GradebookNeeds | "unconfigured";
}

/** Somebody waits for the answer, so what a night would sit out is told. */
const MOST_RETRIES = 1;
const LONGEST_WAIT_MS = 30_000;

/**
 * Each finding when it is known: whether the SIS is there, its clock, the credentials, every endpoint that a
 * night would read, the schools, the size of its pages; then how the endpoints answer, what their records are like,
 * and the gradebook. Goes on after a failure as far as that makes sense. Large collections are not read whole.
 * @param config one that connectOneRoster takes
 * @returns records of the roster, for further questions; undefined where none are to be had
 * @throws the signal's reason
 */
export async function* probeOneRoster(
  config: RestSourceConfig,
  ports: SourcePorts,
  signal: AbortSignal,
  extent: ProbeExtent = {},
): AsyncGenerator<SisStep, RosterSample | undefined> {
  const { steps, isReached } = await probeServer(config, ports, signal);
  yield* steps.map((step) => ({ section: "sis" as const, ...step }));
  if (!isReached) return undefined;
  const impatient = { ...config, retries: Math.min(config.retries, MOST_RETRIES) };
  const client = createClient(impatient, { ...ports, sleep: shortSleep(ports) }, signal);
  try {
    const deps = { config: impatient, client, ports, signal };
    const probes = yield* inSection("sis", probeRoster(deps));
    if (probes.length === 0) return undefined;
    const sample = yield* surveyRoster(probes, deps);
    if (extent.gradebook !== undefined) {
      yield* inSection("gradebook", probeGradebook(extent.gradebook, sample, deps));
    }
    return sample;
  } finally {
    await client.close();
  }
}

async function* inSection<T>(
  section: ProbeSection,
  steps: AsyncGenerator<ProbeStep, T>,
): AsyncGenerator<SisStep, T> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
    yield { section, ...value };
  }
}

function shortSleep({ sleep }: SourcePorts): SourcePorts["sleep"] {
  return async (ms, signal) => {
    if (ms <= LONGEST_WAIT_MS) return sleep(ms, signal);
    throw new Failure("source.rate-limited", `The SIS asks to wait ${Math.round(ms / 1000)} seconds`, {
      hint: "Check again after that. Lower source.concurrency or set source.requestsPerSecond to what the SIS allows.",
    });
  };
}
