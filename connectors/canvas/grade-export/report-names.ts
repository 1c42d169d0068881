/** What the names of report files say: `grade_export_csv_21_Nov_2026_4711.csv`. */
import type { Dated } from "../export-files/newest-first.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A text that sorts as time goes: the day, then the number of the report. Undefined where the name has none. */
export function reportStamp(name: string): string | undefined {
  const [, day = "", month = "", year = "", number = ""] =
    /_(\d{1,2})_([A-Z][a-z]{2})_(\d{4})_(\d+)/.exec(name) ?? [];
  if (!MONTHS.includes(month)) return undefined;
  const monthNumber = String(MONTHS.indexOf(month) + 1).padStart(2, "0");
  return `${year}-${monthNumber}-${day.padStart(2, "0")} ${number.padStart(20, "0")}`;
}

const WEEK_MS = 7 * 24 * 3600 * 1000;

/**
 * Of the files of a folder those that are worth fetching: Grade Export reports of the last week before the newest one.
 * More than a day's, for a report can be run for each term by itself. Where none has the name of such a report, any CSV
 * or zip may be one.
 */
export function recentReports<T extends Dated>(files: readonly T[]): T[] {
  const fitting = files.filter(({ name }) => /\.(csv|zip)$/i.test(name));
  const named = fitting.filter(({ name }) => /grade_export/i.test(name));
  const dated = (named.length > 0 ? named : fitting).map((file) => ({ file, at: dayOf(file) }));
  const newest = Math.max(...dated.map(({ at }) => at));
  return dated.filter(({ at }) => newest - at <= WEEK_MS).map(({ file }) => file);
}

function dayOf({ name, modified }: Dated): number {
  const day = reportStamp(name)?.slice(0, 10) ?? modified.toISOString().slice(0, 10);
  return Date.parse(`${day}T00:00:00Z`);
}
