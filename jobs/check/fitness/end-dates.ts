/** Whether a SIS means the last day by an endDate, or the day after it: guessed from how its sessions lie. Pure. */
import type { AcademicSession } from "../../../connectors/oneroster/records.ts";

export interface EndDatesGuess {
  guess: "inclusive" | "exclusive" | undefined;
  /** What it was seen from. */
  reason: string;
}

const SATURDAY = 6;
const FRIDAY = 5;

/**
 * A session that ends on the very day on which the next one begins ends before that day; one that ends the day before
 * includes its end. Otherwise schools end on Fridays, and the day after is a Saturday.
 */
export function guessEndDates(sessions: readonly AcademicSession[]): EndDatesGuess {
  const starts = new Set(sessions.map((session) => neighbours(session, session.startDate)));
  const touching = sessions.filter((session) => starts.has(neighbours(session, session.endDate))).length;
  const following = sessions.filter((session) =>
    starts.has(neighbours(session, dayAfter(session.endDate))),
  ).length;
  if (touching > following) {
    return { guess: "exclusive", reason: `${touching} end on the day on which the next one begins` };
  }
  if (following > touching) {
    return { guess: "inclusive", reason: `${following} end on the day before the next one begins` };
  }
  const saturdays = sessions.filter(({ endDate }) => weekday(endDate) === SATURDAY).length;
  const fridays = sessions.filter(({ endDate }) => weekday(endDate) === FRIDAY).length;
  if (saturdays > 1 && saturdays > fridays) {
    return { guess: "exclusive", reason: `${saturdays} of ${sessions.length} end on a Saturday` };
  }
  if (fridays > 1 && fridays > saturdays) {
    return { guess: "inclusive", reason: `${fridays} of ${sessions.length} end on a Friday` };
  }
  return { guess: undefined, reason: "" };
}

function neighbours({ type }: AcademicSession, day: string): string {
  return `${type.toLowerCase()} ${day}`;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

function weekday(day: string): number {
  return new Date(day).getUTCDay();
}
