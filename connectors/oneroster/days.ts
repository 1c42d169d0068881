/** Calendar days as providers write them. The standard's form is YYYY-MM-DD (OneRoster 1.1 §4, ISO 8601). */

export type Day =
  | { day: string; lenience?: string; fault?: undefined }
  | { day?: undefined; lenience?: undefined; fault: string };

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const WITH_TIME = /^(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}[\d:.,]*\s*(?:Z|[+-]\d{2}:?\d{2})?$/i;
const DAY_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+\d{1,2}:\d{2}[\d:.]*)?$/;

/**
 * The day that a text means, as YYYY-MM-DD. A time after it is left out, not converted: the day written is
 * the day meant. With slashes the day comes first (d/MM/yyyy); what cannot be that is refused, for a
 * wrong guess would open or close a class weeks off.
 */
export function readDay(text: string): Day {
  const known = read.get(text);
  if (known !== undefined) return known;
  const day = readNewDay(text);
  if (read.size < MOST_READ) read.set(text, day);
  return day;
}

/** A district has few different days, each of them in thousands of records. */
const read = new Map<string, Day>();
const MOST_READ = 10_000;

function readNewDay(text: string): Day {
  if (ISO_DAY.test(text)) return isRealDay(text) ? { day: text } : { fault: "is no day of the calendar" };

  const withTime = WITH_TIME.exec(text)?.[1];
  if (withTime !== undefined) {
    return isRealDay(withTime)
      ? { day: withTime, lenience: "a date with a time; the day was taken as written" }
      : { fault: "is no day of the calendar" };
  }

  const [, day, month, year] = DAY_FIRST.exec(text) ?? [];
  if (day === undefined || month === undefined || year === undefined) {
    return { fault: "is not a date in the form YYYY-MM-DD" };
  }
  if (Number(month) > 12)
    return { fault: "has no month in the middle; with slashes, the day comes first (d/MM/yyyy)" };
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isRealDay(iso)
    ? { day: iso, lenience: "a date with slashes; read day first (d/MM/yyyy)" }
    : { fault: "is no day of the calendar" };
}

function isRealDay(iso: string): boolean {
  const year = Number(iso.slice(0, 4));
  const month = Number(iso.slice(5, 7));
  const day = Number(iso.slice(8, 10));
  if (day < 1 || day > (DAYS_IN_MONTH[month - 1] ?? 0)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}
