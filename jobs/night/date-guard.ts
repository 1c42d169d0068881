/**
 * The guard of dates. Moved dates remove no row, and close a school as surely: Canvas lets nobody work in a course whose
 * term is over or to come, and shows the work of last year in one whose term runs again. A date that moves without
 * passing the day of the run (a snow day in June) opens and closes nothing, and holds no night.
 */
import type { Compared, CrossedRows, Direction, MovedTerm } from "../../connectors/store/roster/compared.ts";
import { sumWords, sums, termWords, VERBS } from "./date-words.ts";
import { isAllOfFew, isOverPercent, lastRows, type Limits, type Weighed } from "./limits.ts";
import { grouped, percentOf, schoolName } from "./wording.ts";

export interface DateFacts {
  /** The day of the run, YYYY-MM-DD. */
  today: string;
  timezone: string;
}

/** Terms are named up to this many, then counted. */
const MOST_TERMS = 3;
const DAY = 86_400_000;

interface Scope {
  /** null: the institution. */
  account_id: string | null;
  name: string;
  rows: CrossedRows[];
  of: (file: CrossedRows["file"]) => number;
}

export function movedDates(compared: Compared, limits: Limits, facts: DateFacts): Weighed[] {
  const { rows, terms } = compared.dates;
  const groups = Map.groupBy(rows, ({ by, direction }) => `${by} ${direction}`);
  return [...groups.values()].flatMap((group) =>
    scopes(group, compared).flatMap((scope) => {
      const worst = worstOf(scope, limits);
      return worst === undefined ? [] : [violation(scope, worst, terms, { ...facts, limits })];
    }),
  );
}

function scopes(group: readonly CrossedRows[], { files }: Compared): Scope[] {
  const [one] = group;
  if (one === undefined) return [];
  const schools = Map.groupBy(group, ({ account_id }) => account_id);
  return [
    { account_id: null, name: one.by, rows: [...group], of: (file) => lastRows(files[file]) },
    ...[...schools].map(([account_id, rows]): Scope => ({
      account_id,
      name: schoolName({ account_id, name: rows[0]?.name ?? "" }),
      rows,
      of: (file) => rows.find((row) => row.file === file)?.last ?? 0,
    })),
  ];
}

/** Of the files that are over the limit the one of which the largest share opens or closes. */
function worstOf({ rows, of }: Scope, limits: Limits): { rows: number; of: number } | undefined {
  return sums(rows)
    .map(([file, sum]) => ({ rows: sum, of: of(file) }))
    .filter(
      (part) =>
        isOverPercent(part.rows, part.of, limits) ||
        (limits.maxRemovedPercent < 100 && isAllOfFew(part.rows, part.of)),
    )
    .toSorted((one, other) => other.rows / other.of - one.rows / one.of || other.rows - one.rows)[0];
}

function violation(
  { account_id, name, rows, of }: Scope,
  worst: { rows: number; of: number },
  moved: readonly MovedTerm[],
  { today, timezone, limits }: DateFacts & { limits: Limits },
): Weighed {
  const { by, direction }: { by: CrossedRows["by"]; direction: Direction } = rows[0] ?? {
    by: "terms",
    direction: "closed",
  };
  const limit = limits.maxRemovedPercent;
  const terms = termsOf(rows, moved);
  const told = terms.slice(0, MOST_TERMS).map((term) => termWords(term, timezone));
  const more = terms.length > MOST_TERMS ? [`${grouped(terms.length - MOST_TERMS)} more`] : [];
  const which = by === "terms" ? `: ${[...told, ...more].join(", ")}` : "";
  return {
    ...{ rule: "dates", file: by, account_id },
    message: `${name}: ${sumWords(rows, of)} would ${VERBS[direction]} (${percentOf(worst.rows, worst.of, limit)}, limit ${limit} %), as new dates of ${by} move across today, ${today}${which}`,
    ...worst,
    cause: by === "terms" ? causeOf(terms) : OWN_DATES[by],
  };
}

/** Those with the most rows first. */
function termsOf(rows: readonly CrossedRows[], moved: readonly MovedTerm[]): MovedTerm[] {
  const weight = new Map<string, number>();
  for (const row of rows) weight.set(row.term_id, (weight.get(row.term_id) ?? 0) + row.rows);
  const weightOf = ({ term_id }: MovedTerm) => weight.get(term_id) ?? 0;
  return moved
    .filter((term) => weightOf(term) > 0)
    .toSorted((one, other) => weightOf(other) - weightOf(one) || (one.term_id < other.term_id ? -1 : 1));
}

function causeOf(terms: readonly MovedTerm[]): string {
  return terms.length > 0 && terms.every(isOneYear) ? YEAR : SOME_TIME;
}

/** School years do not begin on the same day. */
function isOneYear({ before, after }: MovedTerm): boolean {
  const days = Math.abs(Date.parse(after.start) - Date.parse(before.start)) / DAY;
  return days > 300 && days < 430;
}

const YEAR =
  "The dates of terms move by about a year: it looks like a rollover that came early, or another school year that was selected in the SIS.";
const SOME_TIME =
  "Dates of terms move: it looks as if the academic sessions were edited in the SIS, or source.endDates or roster.terms changed.";
const OWN_DATES = {
  sections:
    "Dates of sections move: they are those of the classes' academic sessions in the SIS, where roster.sections.dates is term.",
  enrollments:
    "Dates of enrollments move: it looks as if beginDate and endDate were filled in, or changed, for many at once in the SIS.",
};
