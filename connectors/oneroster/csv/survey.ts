/** What the records of an export are like, and the roster that they make: as a night would read them. */
import type { RosterSample, SampledKind, SisStep } from "../probe.ts";
import { reviewRecords } from "../probe/records.ts";
import { schoolWords } from "../probe/schools.ts";
import { asFinding, bad, doubtful, good, type ProbeStep } from "../probe/step.ts";
import { type Org, RECORD_TYPES, type RecordType, type RosterRecords } from "../records.ts";
import { schoolsToRead } from "../schools.ts";
import { modeIn } from "./manifest.ts";
import type { CsvSourceConfig } from "./source.ts";
import { csvRulesOf } from "./standard.ts";
import { recordsOf, type TableDeps } from "./table-records.ts";
import { type Table, tablesOfKind } from "./tables.ts";

/** Of one kind, in memory: more than the largest districts have. */
const MOST_KEPT = 500_000;

export interface SurveyScope {
  config: Pick<CsvSourceConfig, "schools" | "rejectTolerancePercent">;
  /** Tables whose file can be read to its end, or is not there. */
  readable: ReadonlySet<Table>;
  /** What is known of the files already, in the words of a note. */
  told: ReadonlySet<string>;
  now: () => number;
  /** How many records of a kind are kept for further questions. */
  mostKept?: number;
}

/**
 * Reads every record, changes merged with what was known before them. All are held against the standard; they are kept up to
 * a number, and a kind of which there are more is not whole. Nor are kinds looked at of which only changes are known.
 * @throws the signal's reason
 */
export async function* surveyExport(
  deps: TableDeps,
  scope: SurveyScope,
): AsyncGenerator<SisStep, RosterSample> {
  const kinds: RosterSample["kinds"] = {};
  for (const type of RECORD_TYPES) {
    const tables = tablesOfKind(type, deps.version);
    const modes = tables.map((table) => modeIn(deps.manifest, table));
    if (!tables.every((table) => scope.readable.has(table))) continue;
    if (deps.state === undefined) {
      if (modes[0] === "absent") continue;
      if (modes.includes("delta")) {
        yield { section: "records", ...doubtful(`${type} records`, null, CHANGES_ONLY, STATE_FIRST) };
        continue;
      }
    }
    const { kind, steps } = await surveyKind(type, deps, scope);
    Object.assign(kinds, { [type]: kind });
    if (type === "orgs" && kinds.orgs !== undefined) yield* schoolSteps(kinds.orgs.records, deps, scope);
    for (const step of steps) yield { section: "records", ...step };
  }
  return { kinds, taught: undefined };
}

const CHANGES_ONLY = "not looked at: there are only changes, and nothing that they could be applied to";
const STATE_FIRST = "Mend what is wrong with the last state first.";
/** What to do about something odd that stops nothing. */
export const AS_IT_IS = "A night takes it as it is; tell the SIS's support if it is not meant so.";

/** Undefined where the records cannot be had. */
async function surveyKind<T extends RecordType>(
  type: T,
  deps: TableDeps,
  { config, told, now, mostKept = MOST_KEPT }: SurveyScope,
): Promise<{ kind: SampledKind<T> | undefined; steps: ProbeStep[] }> {
  const name = `${type} records`;
  const review = reviewRecords(type, csvRulesOf(type, deps.version), config.rejectTolerancePercent);
  const records: RosterRecords[T][] = [];
  const notes: string[] = [];
  let [total, present] = [0, 0];
  const startedAt = now();
  try {
    for await (const raw of recordsOf(type, { ...deps, note: (words) => notes.push(words) })) {
      total++;
      const record = review.add(raw);
      if (record === undefined || record.gone) continue;
      present++;
      if (records.length < mostKept) records.push(record);
    }
  } catch (error) {
    const failure = asFinding(error, deps.signal);
    return { kind: undefined, steps: [bad(name, now() - startedAt, failure)] };
  }
  const merging = notes
    .filter((words) => !told.has(words))
    .map((words) => doubtful(name, null, words, AS_IT_IS));
  const steps = [...review.steps({ isWhole: true, total }), ...merging];
  return { kind: { records, isWhole: present === records.length }, steps };
}

/** A night ends where one that is configured is not there. */
function* schoolSteps(
  orgs: readonly Org[],
  { signal }: TableDeps,
  { config }: SurveyScope,
): Generator<SisStep> {
  if (config.schools.length === 0) return;
  try {
    const ids = schoolsToRead(
      config.schools,
      orgs.map(({ sourcedId, type }) => ({ sourcedId, type, gone: false })),
    );
    yield { section: "sis", ...good("schools", null, schoolWords(ids, config.schools)) };
  } catch (error) {
    yield { section: "sis", ...bad("schools", null, asFinding(error, signal)) };
  }
}
