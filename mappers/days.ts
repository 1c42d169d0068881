/** Calendar days of the SIS as the instants that Canvas stores, `YYYY-MM-DDTHH:MM:SSZ`, always UTC; and back. */
import { isDay, readDateTime } from "./date-times.ts";

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const EARLIEST = Date.parse("0001-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T23:59:59Z");

interface Zone {
  dayStart(day: string): string;
  dayEnd(day: string): string;
  dayOf(moment: number): string;
  moment(wall: number): number;
}

const zones = new Map<string, Zone>();

/**
 * The first instant of a day (YYYY-MM-DD) in an IANA time zone: its 00:00:00, or, where daylight saving
 * skips midnight (America/Santiago, Africa/Cairo, Asia/Beirut), the moment at which the day begins.
 * Instants outside the years 1 to 9999 are drawn to their edge.
 * @throws RangeError when `day` is no calendar day, or `timezone` no time zone
 */
export function dayStart(day: string, timezone: string): string {
  return zoneOf(timezone).dayStart(day);
}

/**
 * The last second of a day (YYYY-MM-DD) in an IANA time zone: its 23:59:59, the later one where the clock
 * shows it twice; where daylight saving skips it, the second before the next day begins.
 * @throws RangeError when `day` is no calendar day, or `timezone` no time zone
 */
export function dayEnd(day: string, timezone: string): string {
  return zoneOf(timezone).dayEnd(day);
}

/**
 * The calendar day (YYYY-MM-DD) of an ISO 8601 instant in an IANA time zone, in which it is read too when it names
 * none; a day alone is itself. Undefined when it is no instant of the years 1 to 9999.
 * @throws RangeError when `timezone` is no time zone
 */
export function dayOf(instant: string, timezone: string): string | undefined {
  const moment = isDay(instant) ? Date.parse(instant.trim()) : momentOf(instant, timezone);
  if (isDay(instant)) return Number.isNaN(moment) ? undefined : instant.trim();
  return moment >= EARLIEST + DAY && moment <= LATEST - DAY ? zoneOf(timezone).dayOf(moment) : undefined;
}

/**
 * The instant of an ISO 8601 date-time, in milliseconds; NaN for a day alone and whatever else is none. One without a
 * zone is what the clocks of `timezone` show, whatever the zone of this machine: the earlier one where they show it
 * twice; where they skip it, the moment of the jump.
 * @throws RangeError when `timezone` is no time zone
 */
export function momentOf(text: string, timezone: string): number {
  const read = readDateTime(text);
  if (read === undefined) return Number.NaN;
  return read.offset === undefined ? zoneOf(timezone).moment(read.wall) : read.wall - read.offset;
}

/**
 * The last day on which something still is: endDate itself, or the day before it where the SIS follows the
 * standard, which excludes endDate (OneRoster 1.2 information model; Aeries does, many do not).
 */
export function lastDay(endDate: string, endDates: "inclusive" | "exclusive"): string {
  return endDates === "inclusive" ? endDate : dayBefore(endDate);
}

const dayBefore = remembered((day: string) =>
  new Date(Math.max(midnightUtc(day) - DAY, EARLIEST)).toISOString().slice(0, 10),
);

function zoneOf(timezone: string): Zone {
  let zone = zones.get(timezone);
  if (zone === undefined) {
    const wallClock = wallClockOf(timezone);
    const around = remembered((midnight: number) => daysAround(midnight, wallClock));
    zone = {
      dayStart: remembered((day: string) => instant(firstMoment(midnightUtc(day), wallClock))),
      dayEnd: remembered((day: string) => instant(lastMoment(midnightUtc(day), wallClock))),
      dayOf: (moment) => dayAt(moment, around),
      moment: remembered((wall: number) => firstMoment(wall, wallClock)),
    };
    zones.set(timezone, zone);
  }
  return zone;
}

/** A calendar day, and the moment at which it begins. */
interface DayStart {
  day: string;
  at: number;
}

/** The days that a day of UTC can be elsewhere, latest first. */
function daysAround(midnight: number, wallClock: WallClock): DayStart[] {
  return [midnight + DAY, midnight, midnight - DAY].map((near) => ({
    day: new Date(near).toISOString().slice(0, 10),
    at: firstMoment(near, wallClock),
  }));
}

function dayAt(moment: number, around: (midnight: number) => DayStart[]): string {
  const days = around(Math.floor(moment / DAY) * DAY);
  return (days.find(({ at }) => at <= moment) ?? days.at(-1))?.day ?? "";
}

/** What the wall clock shows at an instant, as if it were UTC. */
type WallClock = (instant: number) => number;

function wallClockOf(timezone: string): WallClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return (moment) => {
    const shown: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of format.formatToParts(moment)) shown[type] = value;
    const wall = new Date(0);
    wall.setUTCFullYear(Number(shown.year), Number(shown.month) - 1, Number(shown.day));
    wall.setUTCHours(Number(shown.hour), Number(shown.minute), Number(shown.second));
    return wall.getTime();
  };
}

function firstMoment(midnight: number, wallClock: WallClock): number {
  return momentsAt(midnight, wallClock)[0] ?? momentAfterGap(midnight, wallClock);
}

function lastMoment(midnight: number, wallClock: WallClock): number {
  const lastSecond = midnight + DAY - SECOND;
  return momentsAt(lastSecond, wallClock).at(-1) ?? firstMoment(midnight + DAY, wallClock) - SECOND;
}

/**
 * The instants at which the wall clock shows `wall`, earliest first: one, two where the clock is put back
 * over it, none where it is put forward over it. No zone is a day or more away from UTC, so that the
 * offsets a day before and a day after are the only two that it can have; the one before gives the earlier.
 */
function momentsAt(wall: number, wallClock: WallClock): number[] {
  const offsets = [wall - DAY, wall + DAY].map((near) => wallClock(near) - near);
  const moments = new Set(offsets.map((offset) => wall - offset));
  return [...moments].filter((moment) => wallClock(moment) === wall);
}

/** Where the clock is put forward over `wall`: the instant of the jump, to the second. */
function momentAfterGap(wall: number, wallClock: WallClock): number {
  let before = wall - DAY;
  let after = wall + DAY;
  while (after - before > SECOND) {
    const middle = before + Math.floor((after - before) / (2 * SECOND)) * SECOND;
    if (wallClock(middle) < wall) before = middle;
    else after = middle;
  }
  return after;
}

function midnightUtc(day: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) {
    throw new RangeError(`not a calendar day: ${day}`);
  }
  return midnight;
}

function instant(moment: number): string {
  return `${new Date(Math.min(Math.max(moment, EARLIEST), LATEST)).toISOString().slice(0, 19)}Z`;
}

const DAYS_REMEMBERED = 4096;

/** Rosters name few days millions of times over, and Intl is slow. */
function remembered<Day, Result>(compute: (day: Day) => Result): (day: Day) => Result {
  const known = new Map<Day, Result>();
  return (day) => {
    let result = known.get(day);
    if (result === undefined) {
      result = compute(day);
      if (known.size >= DAYS_REMEMBERED) known.clear();
      known.set(day, result);
    }
    return result;
  };
}
