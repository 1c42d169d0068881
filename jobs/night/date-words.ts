/** Dates that open or close courses, in the words that the guards and `plan` share. */
import type { CrossedRows, Direction, MovedTerm, Span } from "../../connectors/store/roster/compared.ts";
import { dayOf } from "../../mappers/days.ts";
import { count, grouped, oneLine } from "./wording.ts";

const FILES = ["courses", "sections", "enrollments"] as const satisfies CrossedRows["file"][];

export const VERBS: Record<Direction, string> = { closed: "close", opened: "open again" };

/** `fa26 "Fall 2026" (2026-08-10 to 2026-12-18, now 2027-08-09 to 2027-12-17)`: days of the institution, both whole. */
export function termWords({ term_id, name, before, after }: MovedTerm, timezone: string): string {
  const title = name === term_id ? "" : ` "${oneLine(name)}"`;
  return `${oneLine(term_id)}${title} (${days(before, timezone)}, now ${days(after, timezone)})`;
}

function days({ start, end }: Span, timezone: string): string {
  const day = (instant: string) => dayOf(instant, timezone) ?? (instant === "" ? "open" : instant);
  return `${day(start)} to ${day(end)}`;
}

/** Rows of each file; the files in Canvas's order, only those of which there are any. */
export function sums(rows: readonly CrossedRows[]): [file: CrossedRows["file"], rows: number][] {
  return FILES.flatMap((file) => {
    const sum = rows.filter((one) => one.file === file).reduce((all, one) => all + one.rows, 0);
    return sum === 0 ? [] : [[file, sum]];
  });
}

/** `12 courses and 300 enrollments`; with `of`, `12 of 400 courses and 300 of 12,000 enrollments`. */
export function sumWords(rows: readonly CrossedRows[], of?: (file: CrossedRows["file"]) => number): string {
  return sums(rows)
    .map(([file, sum]) =>
      of === undefined ? count(sum, file) : `${grouped(sum)} of ${grouped(of(file))} ${file}`,
    )
    .join(" and ");
}
