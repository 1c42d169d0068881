/** When what a SIS holds is what we would send: SISs give dates, numbers and references back in forms of their own. Pure. */

const DAY = /^\d{4}-\d\d-\d\d$/;
/** Midnight in UTC is how systems write a day that they have no time of. */
const MIDNIGHT = /^(\d{4}-\d\d-\d\d)T00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;

/**
 * Whether two due dates are the same instant, or the same day in the zone. Midnight in UTC is the day that it names,
 * and not also the evening before: work of the same title every day would be taken for that of another day.
 */
export function isSameDue(theirs: string | null, ours: string, timezone: string): boolean {
  if (theirs === null) return false;
  if (isSameInstant(theirs, ours)) return true;
  const day = dayOf(ours, timezone);
  return day !== undefined && day === (MIDNIGHT.exec(theirs)?.[1] ?? dayOf(theirs, timezone));
}

export function isSameInstant(a: string, b: string): boolean {
  const [first, second] = [Date.parse(a), Date.parse(b)];
  return !DAY.test(a) && !DAY.test(b) && first === second;
}

/** Whether a record holds all that a body says; what else it holds is its own. */
export function holds(
  record: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(body).every(([field, ours]) => isSame(record[field], ours));
}

/** Of a record the fields that a body has, as the body would write them; to be compared with what was sent before. */
export function projected(
  record: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([field, ours]) => {
      const theirs = record[field] ?? null;
      if (!isReference(theirs)) return [field, theirs];
      return [field, isReference(ours) ? { ...ours, sourcedId: theirs.sourcedId } : theirs];
    }),
  );
}

function isSame(theirs: unknown, ours: unknown): boolean {
  if (ours === null || ours === undefined) return theirs === null || theirs === undefined || theirs === "";
  if (theirs === null || theirs === undefined) return false;
  if (typeof ours === "number") return Number(theirs) === ours && theirs !== "";
  if (typeof ours === "string") return isSameText(textOf(theirs), ours);
  if (typeof ours === "boolean") return textOf(theirs).toLowerCase() === String(ours);
  if (typeof theirs !== "object") return false;
  if (isReference(ours)) return isReference(theirs) && theirs.sourcedId === ours.sourcedId;
  return holds(theirs as Record<string, unknown>, ours as Record<string, unknown>);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isSameText(theirs: string, ours: string): boolean {
  if (theirs.trim() === ours.trim()) return true;
  if (DATE_TIME.test(ours)) return isSameInstant(theirs, ours);
  return DAY.test(ours) && theirs.slice(0, 10) === ours;
}

/** A GUIDRef of OneRoster 1.1 §4.3; the href is not to be believed. */
function isReference(value: unknown): value is { sourcedId: string } {
  return typeof value === "object" && value !== null && "sourcedId" in value;
}

const zones = new Map<string, Intl.DateTimeFormat>();

function dayOf(date: string, timezone: string): string | undefined {
  if (DAY.test(date)) return date;
  const instant = Date.parse(date);
  if (Number.isNaN(instant)) return undefined;
  let format = zones.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone: timezone, dateStyle: "short" });
    zones.set(timezone, format);
  }
  return format.format(instant);
}
