/** Which enrollment counts, said once more in plain TypeScript, for the SQL to be held against. */
import { TODAY, type Row } from "./night.ts";

interface Dates {
  start_date: string;
  end_date: string;
}

/** The dates of the one row that some enrollments of a user in a section in one role make, in a section of those days. */
export function currentDates(enrollments: readonly Row[], whole: Dates): Dates {
  const { start_date, end_date } = chosenDates(enrollments);
  if ((start_date === "") === (end_date === "")) return { start_date, end_date };
  const given = start_date || end_date;
  if (start_date === "") return { start_date: whole.start_date < given ? whole.start_date : given, end_date };
  return { start_date, end_date: whole.end_date > given ? whole.end_date : given };
}

function chosenDates(enrollments: readonly Row[]): Dates {
  const start = (row: Row) => row["start_date"] ?? "";
  const end = (row: Row) => row["end_date"] ?? "";
  const toCome = enrollments.filter((row) => start(row) > TODAY.end);
  const over = enrollments.filter(
    (row) => !toCome.includes(row) && end(row) !== "" && end(row) < TODAY.start,
  );
  const current = enrollments.filter((row) => !toCome.includes(row) && !over.includes(row));

  if (current.length > 0) {
    const ends = current.map(end).sort();
    return {
      start_date: current.map(start).sort()[0] ?? "",
      end_date: ends.includes("") ? "" : (ends.at(-1) ?? ""),
    };
  }
  const newestFirst = (a: Row, b: Row) =>
    (b["modified"] ?? "").localeCompare(a["modified"] ?? "") ||
    ((a["sourced_id"] ?? "") < (b["sourced_id"] ?? "") ? -1 : 1);
  const [best] =
    toCome.length > 0
      ? toCome.toSorted((a, b) => start(a).localeCompare(start(b)) || newestFirst(a, b))
      : over.toSorted((a, b) => end(b).localeCompare(end(a)) || newestFirst(a, b));
  return { start_date: start(best ?? {}), end_date: end(best ?? {}) };
}
