/** The sandbox's own time: it stands still until something changes, and then a second has passed. */
import type { School } from "./school.ts";

export interface Clock {
  /** UTC, to the second. */
  now(): string;
  /** A second later. */
  tick(): string;
}

/** How much of the school year lies behind, when nobody says what day it is: most of the work is graded by then. */
const ELAPSED = 0.85;
const WITHOUT_TERMS = "2026-11-20T18:00:00Z";

/** @param now an ISO instant; default: late in the year that the terms span, so that nothing depends on today */
export function startClock(school: School, now: string | undefined): Clock {
  let at = Date.parse(now ?? lateInTheYear(school));
  return {
    now: () => instant(at),
    tick: () => instant((at += 1000)),
  };
}

function lateInTheYear(school: School): string {
  const terms = [...school.terms.all()];
  const starts = terms.flatMap((term) => (term.start_at === null ? [] : [Date.parse(term.start_at)]));
  const ends = terms.flatMap((term) => (term.end_at === null ? [] : [Date.parse(term.end_at)]));
  if (starts.length === 0 || ends.length === 0) return WITHOUT_TERMS;
  const [first, last] = [Math.min(...starts), Math.max(...ends)];
  return instant(first + (last - first) * ELAPSED);
}

/** ISO 8601 in UTC as Canvas writes it, without fractions of a second. */
export function instant(at: number): string {
  return new Date(at - (((at % 1000) + 1000) % 1000)).toISOString().replace(".000Z", "Z");
}
