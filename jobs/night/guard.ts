/**
 * The guards: is this night so unlike the last one that a person must look at it before Canvas does? Pure: the same
 * numbers give the same verdict. Canvas's own threshold measures an import as a whole; a school that vanishes from a
 * large district stays under it, so here every school is measured by itself too.
 */
import type { RosterConfig } from "../../config/schema.ts";
import type { Compared, FileChange, MovedColumn } from "../../connectors/store/roster/compared.ts";
import type { RosterFile } from "../../connectors/store/roster/settle.ts";
import { guardLines } from "../run/guard-lines.ts";
import type { GuardEntry, Violation } from "../run/manifest.ts";
import { likelyCauses } from "./causes.ts";
import { fateOf, fileChanges, grouped, percentOf, schoolName, type Policies } from "./wording.ts";

type Limits = RosterConfig["guard"];
export type Verdict = Pick<GuardEntry, "violations" | "causes">;

export interface GuardFacts {
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

/** A violation, and how many rows it is about. */
interface Weighed extends Violation {
  file: RosterFile;
  rows: number;
  of: number;
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
/** A small school counts as moved only when all of it did, and with at least so many rows. */
const FEW = 10;

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
    moves(compared, guard),
  ].flatMap((found) => found.sort(bySeverity));
  const violations = [
    ...damagedBaseline(facts.baselineProblem),
    ...weighed.map(({ rule, file, account_id, message }) => ({ rule, file, account_id, message })),
  ];
  return { violations, causes: violations.length === 0 ? [] : likelyCauses(compared, facts) };
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
    const { removed } = change;
    const last = lastRows(change);
    if (!isOverPercent(removed, last, limits)) return [];
    const message = `${file}: ${lossInPercent(file, removed, last, limits, missing)}`;
    return [{ rule: "removed-percent", file, account_id: null, message, rows: removed, of: last }];
  });
}

function removedOfSchools({ schools }: Compared, limits: Limits, missing: Policies): Weighed[] {
  return schools
    .filter(({ removed, last }) => isOverPercent(removed, last, limits))
    .map((school) => {
      const { file, account_id, removed, last } = school;
      const message = `${schoolName(school)}: ${lossInPercent(file, removed, last, limits, missing)}`;
      return { rule: "removed-percent", file, account_id, message, rows: removed, of: last };
    });
}

function removedRows({ files }: Compared, { maxRemovedRows }: Limits, missing: Policies): Weighed[] {
  return fileChanges(files).flatMap(([file, change]): Weighed[] => {
    const { removed } = change;
    const last = lastRows(change);
    if (maxRemovedRows === null || removed <= maxRemovedRows) return [];
    const message = `${file}: ${loss(file, removed, last, missing)} (limit ${grouped(maxRemovedRows)} rows)`;
    return [{ rule: "removed-rows", file, account_id: null, message, rows: removed, of: last }];
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

function isMostOfSchool({ both, changed }: MovedColumn, minRows: number): boolean {
  return (both >= minRows && changed * 2 > both) || (both >= FEW && changed === both);
}

function isOverPercent(removed: number, last: number, limits: Limits): boolean {
  if (last < limits.minRowsForPercent) return false;
  // Binary fractions: 0.57 % of 10,000 rows is 57, and the product a hair less.
  return removed * 100 > limits.maxRemovedPercent * last * (1 + 4 * Number.EPSILON);
}

function lossInPercent(file: RosterFile, removed: number, last: number, limits: Limits, missing: Policies) {
  const limit = limits.maxRemovedPercent;
  return `${loss(file, removed, last, missing)} (${percentOf(removed, last, limit)}, limit ${limit} %)`;
}

function loss(file: RosterFile, removed: number, last: number, missing: Policies): string {
  return `${grouped(removed)} of ${grouped(last)} ${file} would ${fateOf(file, missing).would}`;
}

/** Rows of the last delivered night. */
function lastRows({ changed, removed, unchanged }: FileChange): number {
  return changed + removed + unchanged;
}

/** More rows first, then the larger share; the words decide the rest, so that no order of input shows. */
function bySeverity(one: Weighed, other: Weighed): number {
  return other.rows - one.rows || one.of - other.of || (keyOf(one) < keyOf(other) ? -1 : 1);
}

function keyOf({ rule, file, account_id, message }: Weighed): string {
  return JSON.stringify([file, account_id, rule, message]);
}
