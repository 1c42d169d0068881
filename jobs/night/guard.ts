/**
 * The guards: is this night so unlike the last one that a person must look at it before Canvas does? Pure: the same
 * numbers give the same verdict. Canvas's own threshold measures an import as a whole; a school that vanishes from a
 * large district stays under it, so here every school is measured by itself too.
 */
import type { Compared } from "../../connectors/store/roster/compared.ts";
import type { RosterFile } from "../../connectors/store/roster/settle.ts";
import { guardLines } from "../run/guard-lines.ts";
import type { GuardEntry, Violation } from "../run/manifest.ts";
import { likelyCauses } from "./causes.ts";
import { type DateFacts, movedDates } from "./date-guard.ts";
import { isMostOfSchool, isOverPercent, lastRows, type Limits, type Weighed } from "./limits.ts";
import { fateOf, fileChanges, grouped, percentOf, schoolName, type Policies } from "./wording.ts";

export type Verdict = Pick<GuardEntry, "violations" | "causes">;

export interface GuardFacts extends DateFacts {
  /** What becomes of rows that are gone: the verb of every sentence. */
  missing: Policies;
  /** `source.schools`; none: all that the SIS has. */
  schools: readonly string[];
  /** Whether the config differs from that of the last delivered night. */
  configChanged: boolean;
  /** Whether that night spoke another version of OneRoster, by its config. */
  versionChanged: boolean;
  /** Why there is nothing to compare with although nights were delivered. */
  baselineProblem: string | undefined;
}

/** Of these files an id that is new is a new, empty thing in Canvas; the old one keeps the work and the grades. */
const IDENTITIES = ["users", "courses", "sections"] as const satisfies RosterFile[];
/** From this share of last night's rows on, "nearly every". */
const NEARLY_ALL = 0.8;

/** Columns whose change takes a course or section elsewhere. */
const PLACES: Record<string, string> = {
  "courses.term_id": "another term",
  "courses.account_id": "another account",
  "sections.course_id": "another course",
};

/** Every limit that tonight is over, most severe first, and what it looks like. Neither: nothing to hold it for. */
export function judge(compared: Compared, guard: Limits, facts: GuardFacts): Verdict {
  const weighed = [
    emptyFiles(compared, guard),
    newIds(compared, guard),
    [
      ...removedOfFiles(compared, guard, facts.missing),
      ...removedOfSchools(compared, guard, facts.missing),
      ...removedRows(compared, guard, facts.missing),
    ],
    movedDates(compared, guard, facts),
    moves(compared, guard),
  ].flatMap((found) => found.sort(bySeverity));
  const violations = [
    ...damagedBaseline(facts.baselineProblem),
    ...weighed.map(({ rule, file, account_id, message }) => ({ rule, file, account_id, message })),
  ];
  const own = weighed.flatMap(({ cause }) => cause ?? []);
  return {
    violations,
    causes: violations.length === 0 ? [] : [...new Set([...own, ...likelyCauses(compared, facts)])],
  };
}

/** What a held night says, and the one command that lets it through. */
export function holdMessage(
  run: string,
  violations: readonly Violation[],
  causes: readonly string[],
): { message: string; hint: string } {
  const reasons = violations.length === 1 ? "The reason" : `${grouped(violations.length)} reasons`;
  const title = `This night waits for a person: nothing was sent, and Canvas stays as it was. ${reasons}:`;
  return {
    message: [title, ...guardLines({ violations, causes })].join("\n"),
    hint: `changes.csv of the run has every row. Is this what Canvas should be told? Then: rosterbridge rerun ${run} --accept-changes`,
  };
}

function damagedBaseline(problem: string | undefined): Violation[] {
  if (problem === undefined) return [];
  const message = `The last delivered night cannot be compared with (${problem}): nobody knows what would be removed. Accepting takes tonight as the first night.`;
  return [{ rule: "baseline", file: null, account_id: null, message }];
}

function emptyFiles({ files }: Compared, { requireFiles }: Limits): Weighed[] {
  return requireFiles
    .filter((file) => files[file].rows === 0)
    .map((file) => {
      const last = lastRows(files[file]);
      const before = last === 0 ? "" : ` (last night ${grouped(last)})`;
      const message = `${file}: there would be not one${before}, and roster.guard.requireFiles wants some`;
      return { rule: "required-file", file, account_id: null, message, rows: last, of: last };
    });
}

function newIds({ files }: Compared, { minRowsForPercent }: Limits): Weighed[] {
  return IDENTITIES.flatMap((file): Weighed[] => {
    const { added, removed } = files[file];
    const last = lastRows(files[file]);
    const enough = NEARLY_ALL * last;
    if (last === 0 || last < minRowsForPercent || removed < enough || added < enough) return [];
    const message = `${file}: ${grouped(removed)} of ${grouped(last)} ids are gone, and ${grouped(added)} new ones have come: Canvas would have new, empty ${file} in place of nearly all`;
    return [{ rule: "new-ids", file, account_id: null, message, rows: removed, of: last }];
  });
}

function removedOfFiles({ files }: Compared, limits: Limits, missing: Policies): Weighed[] {
  return fileChanges(files).flatMap(([file, change]): Weighed[] => {
    const lost = lossOf(file, change, lastRows(change));
    if (!isOverPercent(lost.rows, lost.of, limits)) return [];
    const message = `${file}: ${lossInPercent(lost, limits, missing)}`;
    return [{ rule: "removed-percent", account_id: null, message, ...lost }];
  });
}

function removedOfSchools({ schools }: Compared, limits: Limits, missing: Policies): Weighed[] {
  return schools.flatMap((school): Weighed[] => {
    const { file, account_id, last } = school;
    const lost = lossOf(file, school, last);
    if (!isOverPercent(lost.rows, lost.of, limits)) return [];
    const message = `${schoolName(school)}: ${lossInPercent(lost, limits, missing)}`;
    return [{ rule: "removed-percent", account_id, message, ...lost }];
  });
}

function removedRows({ files }: Compared, { maxRemovedRows }: Limits, missing: Policies): Weighed[] {
  return fileChanges(files).flatMap(([file, change]): Weighed[] => {
    const lost = lossOf(file, change, lastRows(change));
    if (maxRemovedRows === null || lost.rows <= maxRemovedRows) return [];
    const message = `${file}: ${lossInWords(lost, missing)} (limit ${grouped(maxRemovedRows)} rows)`;
    return [{ rule: "removed-rows", account_id: null, message, ...lost }];
  });
}

function moves({ moved }: Compared, { minRowsForPercent }: Limits): Weighed[] {
  return moved.flatMap((move): Weighed[] => {
    const { file, column, account_id, both, changed } = move;
    const where = PLACES[`${file}.${column}`];
    if (where === undefined || !isMostOfSchool(move, minRowsForPercent)) return [];
    const message = `${schoolName(move)}: ${grouped(changed)} of ${grouped(both)} ${file} would move to ${where} (${percentOf(changed, both)}; ${column})`;
    return [{ rule: "moved", file, account_id, message, rows: changed, of: both }];
  });
}

/** What people lose: rows that are gone, and users whom the SIS keeps and suspends. */
interface Loss {
  file: RosterFile;
  removed: number;
  suspended: number;
  /** Both together. */
  rows: number;
  of: number;
  cause?: string;
}

function lossOf(
  file: RosterFile,
  { removed, suspended = 0 }: { removed: number; suspended?: number },
  of: number,
): Loss {
  const rows = removed + suspended;
  return { file, removed, suspended, rows, of, ...(suspended > removed && { cause: SUSPENDED_BY_SIS }) };
}

const SUSPENDED_BY_SIS =
  "Users who were active have enabledUser false tonight: it looks as if a status or an export of the SIS went wrong, unless all of them were to lose their access.";

function lossInPercent(lost: Loss, limits: Limits, missing: Policies): string {
  const limit = limits.maxRemovedPercent;
  return `${lossInWords(lost, missing)} (${percentOf(lost.rows, lost.of, limit)}, limit ${limit} %)`;
}

function lossInWords({ file, removed, suspended, of }: Loss, missing: Policies): string {
  const byRecord = "be suspended, as enabledUser is false";
  if (suspended > 0 && removed === 0)
    return `${grouped(suspended)} of ${grouped(of)} ${file} would ${byRecord}`;
  const gone = `${grouped(removed)} of ${grouped(of)} ${file} would ${fateOf(file, missing).would}`;
  return suspended === 0 ? gone : `${gone}, as they are gone, and ${grouped(suspended)} would ${byRecord}`;
}

/** More rows first, then the larger share; the words decide the rest, so that no order of input shows. */
function bySeverity(one: Weighed, other: Weighed): number {
  return other.rows - one.rows || one.of - other.of || (keyOf(one) < keyOf(other) ? -1 : 1);
}

function keyOf({ rule, file, account_id, message }: Weighed): string {
  return JSON.stringify([file, account_id, rule, message]);
}
