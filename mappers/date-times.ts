/** ISO 8601 as others write it, some of whom leave the zone out. */

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d(?:\.\d+)?))?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const DAY = /^\d{4}-\d\d-\d\d$/;

export interface DateTime {
  /** What the clock shows, in milliseconds as if it were UTC. */
  wall: number;
  /** How far that clock is ahead of UTC, in milliseconds; undefined where the text does not say. */
  offset: number | undefined;
}

/** Undefined for a day alone, and for whatever else is no date-time. */
export function readDateTime(text: string): DateTime | undefined {
  const [whole, day, time, seconds = "00", zone] = DATE_TIME.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  const wall = Date.parse(`${day}T${time}:${seconds}Z`);
  return Number.isNaN(wall) ? undefined : { wall, offset: offsetOf(zone) };
}

/** A calendar day and nothing more. */
export function isDay(text: string): boolean {
  return DAY.test(text.trim());
}

function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  if (zone.toUpperCase() === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", ""));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}
