/** When what a SIS holds is what we would send: SISs give dates, numbers and references back in forms of their own. Pure. */
import { isDay, readDateTime } from "../../mappers/date-times.ts";
import { dayOf, momentOf } from "../../mappers/days.ts";

/** Midnight in UTC is how systems write a day that they have no time of. */
const MIDNIGHT = /^(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?$/;
const LOCAL_MIDNIGHT = /^\d{4}-\d\d-\d\d[T ]00:00(?::00(?:\.0+)?)?$/;

/**
 * How well a due date fits: the same `instant`, the same `day` in the zone; `unclear` when a date-time without a zone
 * is on that day or on another, depending on whose clock it was read from.
 */
export type DueFit = "instant" | "day" | "unclear" | "none";

/**
 * Midnight in UTC is the day that it names, and not also the evening before: work of the same title every day would be
 * taken for that of another day. What a SIS writes without a zone may be UTC or its own clock, and is taken for
 * either; the zone of this machine has no part in it.
 */
export function dueFit(theirs: string | null, ours: string, timezone: string): DueFit {
  if (theirs === null) return "none";
  const day = dayOf(ours, timezone);
  const isDue = clocksOf(timezone, theirs).map(
    (zone) => day !== undefined && day === dayIn(theirs, zone, timezone),
  );
  const isSameDay = isDue.every(Boolean);
  if (isSameInstant(theirs, ours, timezone))
    return LOCAL_MIDNIGHT.test(theirs) && !isSameDay ? "unclear" : "instant";
  if (isSameDay) return "day";
  return isDue.includes(true) ? "unclear" : "none";
}

/** Whether two date-times are the same instant; of one without a zone, in the zone given or in UTC. */
export function isSameInstant(a: string, b: string, timezone: string): boolean {
  return clocksOf(timezone, a, b).some((zone) => momentOf(a, zone) === momentOf(b, zone));
}

/** The zones in which what names none may have been written. */
function clocksOf(timezone: string, ...texts: string[]): string[] {
  const areSure = texts.every((text) => readDateTime(text)?.offset !== undefined);
  return areSure ? ["UTC"] : [timezone, "UTC"];
}

/** The day in the zone of what was read from the clocks of another. */
function dayIn(text: string, zone: string, timezone: string): string | undefined {
  const named = MIDNIGHT.exec(text)?.[1] ?? (isDay(text) ? text.trim() : undefined);
  if (named !== undefined) return named;
  const moment = momentOf(text, zone);
  return Number.isNaN(moment) ? undefined : dayOf(new Date(moment).toISOString(), timezone);
}

/**
 * Whether a record holds all that a body says; what else it holds is its own. Date-times without a zone are all the
 * institution's, or all UTC.
 */
export function holds(
  record: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
  timezone: string,
): boolean {
  return [timezone, "UTC"].some((zone) => holdsIn(zone, record, body));
}

function holdsIn(
  zone: string,
  record: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(body).every(([field, ours]) => isSame(record[field], ours, zone));
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

function isSame(theirs: unknown, ours: unknown, zone: string): boolean {
  if (ours === null || ours === undefined) return theirs === null || theirs === undefined || theirs === "";
  if (theirs === null || theirs === undefined) return false;
  if (typeof ours === "number") return Number(theirs) === ours && theirs !== "";
  if (typeof ours === "string") return isSameText(textOf(theirs), ours, zone);
  if (typeof ours === "boolean") return textOf(theirs).toLowerCase() === String(ours);
  if (typeof theirs !== "object") return false;
  if (isReference(ours)) return isReference(theirs) && theirs.sourcedId === ours.sourcedId;
  return holdsIn(zone, theirs as Record<string, unknown>, ours as Record<string, unknown>);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isSameText(theirs: string, ours: string, zone: string): boolean {
  if (theirs.trim() === ours.trim()) return true;
  if (isDay(ours)) return theirs.slice(0, 10) === ours;
  return momentOf(theirs, zone) === momentOf(ours, zone);
}

/** A GUIDRef of OneRoster 1.1 §4.3; the href is not to be believed. */
function isReference(value: unknown): value is { sourcedId: string } {
  return typeof value === "object" && value !== null && "sourcedId" in value;
}
