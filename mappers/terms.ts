/** Academic sessions that classes were given → terms.csv. */
import type { AcademicSession } from "../connectors/oneroster/records.ts";
import type { RosterConfig } from "../config/schema.ts";
import type { CanvasRow } from "./canvas-files.ts";
import { dayEnd, dayStart, lastDay } from "./days.ts";

export type TermRow = CanvasRow<"terms">;

/** How the days of the SIS become instants. */
export interface DayRules {
  /** IANA time zone in which days begin and end. */
  timezone: string;
  endDates: "inclusive" | "exclusive";
}

type Merge = RosterConfig["terms"]["merge"];

const patterns = new Map<string, RegExp>();

/**
 * The term_id of a session: its sourcedId, or with `merge` what the pattern's group `term` finds in it, so
 * that the sessions that each school has for the same time are one term. A sourcedId in which the group
 * finds nothing stays its own term.
 */
export function termIdOf(session: Pick<AcademicSession, "sourcedId">, merge: Merge): string {
  if (merge === undefined) return session.sourcedId;
  let pattern = patterns.get(merge.pattern);
  if (pattern === undefined) {
    pattern = new RegExp(merge.pattern, "u");
    patterns.set(merge.pattern, pattern);
  }
  return pattern.exec(session.sourcedId)?.groups?.term?.trim() || session.sourcedId;
}

/**
 * The row of one term.
 *
 * @param sessions every session that is this term, in any order, at least one; merged ones give the title
 * that most of them have (of equals the smallest), the earliest first day and the latest last day
 */
export function toTermRow(sessions: readonly AcademicSession[], termId: string, days: DayRules): TermRow {
  const start = sessions.map((session) => session.startDate).reduce((a, b) => (b < a ? b : a));
  const end = sessions.map((session) => session.endDate).reduce((a, b) => (b > a ? b : a));
  return {
    term_id: termId,
    name: commonTitle(sessions) ?? termId,
    status: "active",
    start_date: dayStart(start, days.timezone),
    end_date: dayEnd(lastDay(end, days.endDates), days.timezone),
  };
}

/** Without NUL, which would end Canvas's import of terms in a database error. */
function commonTitle(sessions: readonly AcademicSession[]): string | undefined {
  const counts = new Map<string, number>();
  for (const session of sessions) {
    const title = session.title.replaceAll("\0", "").trim();
    if (title !== "") counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return ranked[0]?.[0];
}
