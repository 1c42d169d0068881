/** The grading period of the SIS in which a line item is due. */
import type { AcademicSession } from "../connectors/oneroster/records.ts";
import { dayOf, lastDay } from "./days.ts";

export type GradingSession = Pick<
  AcademicSession,
  "sourcedId" | "type" | "startDate" | "endDate" | "gone"
> & { parent?: string | null | undefined };

/**
 * sourcedId of the session in which the day of the due date lies, in the institution's time zone: 23:59 of the last
 * day is still that day, though the next one in UTC. Of several, those within the term of the section (or around it)
 * count, then the shortest. null: none, or several schools' own that cannot be told apart; a wrong one would be
 * worse than none, which most SISs find by the due date themselves.
 * @param dueDate ISO 8601 instant
 * @param sessions those of type gradingPeriod; where there are none, all but school years
 * @param endDates whether an endDate is the last day, or the day after it
 */
export function gradingPeriodOf(
  dueDate: string,
  sessions: readonly GradingSession[],
  term_id: string,
  timezone: string,
  endDates: "inclusive" | "exclusive",
): string | null {
  const day = dayOf(dueDate, timezone);
  if (day === undefined) return null;
  const parents = new Map(sessions.map(({ sourcedId, parent }) => [sourcedId, parent ?? undefined]));
  const isWithin = (inner: string, outer: string) => lineage(inner, parents).has(outer);
  const covering = periods(sessions).filter(
    ({ startDate, endDate, gone }) => !gone && startDate <= day && day <= lastDay(endDate, endDates),
  );
  const related = covering.filter(
    ({ sourcedId }) => isWithin(sourcedId, term_id) || isWithin(term_id, sourcedId),
  );
  return theShortest(related.length > 0 ? related : covering);
}

function periods(sessions: readonly GradingSession[]): GradingSession[] {
  const typed = sessions.filter(({ type }) => type.toLowerCase() === "gradingperiod");
  return typed.length > 0 ? typed : sessions.filter(({ type }) => type.toLowerCase() !== "schoolyear");
}

/** A session and all above it, or once round where the SIS has parents in a ring. */
function lineage(sourcedId: string, parents: ReadonlyMap<string, string | undefined>): Set<string> {
  const passed = new Set<string>();
  for (let at: string | undefined = sourcedId; at !== undefined && !passed.has(at); at = parents.get(at)) {
    passed.add(at);
  }
  return passed;
}

function theShortest(sessions: readonly GradingSession[]): string | null {
  const lengths = sessions.map(({ startDate, endDate }) => Date.parse(endDate) - Date.parse(startDate));
  const shortest = sessions.filter((_, index) => lengths[index] === Math.min(...lengths));
  const [only, ...others] = new Set(shortest.map(({ sourcedId }) => sourcedId));
  return only === undefined || others.length > 0 ? null : only;
}
