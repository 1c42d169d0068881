/** Academic sessions as Canvas's terms. Pure. */
import type { AcademicSession, Class } from "../../../connectors/oneroster/records.ts";
import { lastDay } from "../../../mappers/days.ts";
import { type Doubt, doubt } from "./doubt.ts";

type EndDates = "inclusive" | "exclusive";

export interface SessionRules {
  endDates: EndDates;
  /** YYYY-MM-DD, in the time zone of the institution. */
  today: string;
}

export function sessionDoubts(
  sessions: readonly AcademicSession[],
  classes: readonly Class[],
  { endDates, today }: SessionRules,
): Doubt[] {
  const over = sessions.every((session) => lastDay(session.endDate, endDates) < today);
  return [
    ...doubt(
      "academicSessions",
      "overlap with another of their type and parent",
      overlapping(sessions, classes, endDates),
      sessions.length,
      OVERLAP,
    ),
    ...(sessions.length > 0 && over
      ? doubt("academicSessions", "are all over, as of today", sessions, sessions.length, OVER)
      : []),
    ...doubt(
      "academicSessions",
      "have no title",
      sessions.filter(({ title }) => title === ""),
      sessions.length,
      TITLE,
    ),
    ...doubt("academicSessions", "are longer than 400 days", sessions.filter(isLong), sessions.length, LONG),
  ];
}

const OVERLAP =
  "A class of both is open from the first day of the one to the last of the other. Correct the dates in the SIS, unless these are terms of different schools or programmes that are meant to overlap.";
const OVER =
  "Canvas closes courses when their term has ended. Have the SIS send the sessions of the current school year.";
const TITLE = "The title is the name of the term in Canvas. Have it filled in the SIS.";
const LONG =
  "Likely a typing error in a year, or a placeholder. Courses stay open until the end date: correct it in the SIS.";

function isLong({ startDate, endDate }: AcademicSession): boolean {
  return Date.parse(endDate) - Date.parse(startDate) > 400 * 86_400_000;
}

/**
 * Of the same type under the same parent, a day belongs to one session. Those that classes of different schools have
 * are calendars of their own.
 */
function overlapping(
  sessions: readonly AcademicSession[],
  classes: readonly Class[],
  endDates: EndDates,
): AcademicSession[] {
  const schools = schoolsOf(classes);
  const found = new Set<AcademicSession>();
  const groups = Map.groupBy(sessions, ({ type, parent }) => `${type.toLowerCase()} ${parent ?? ""}`);
  for (const group of groups.values()) {
    const inOrder = group.toSorted((one, other) => (one.startDate < other.startDate ? -1 : 1));
    for (const [index, one] of inOrder.entries()) {
      for (const other of inOrder.slice(index + 1)) {
        if (other.startDate > lastDay(one.endDate, endDates)) break;
        if (areApart(schools.get(one.sourcedId), schools.get(other.sourcedId))) continue;
        found.add(one).add(other);
      }
    }
  }
  return sessions.filter((session) => found.has(session));
}

function schoolsOf(classes: readonly Class[]): Map<string, Set<string>> {
  const schools = new Map<string, Set<string>>();
  for (const { terms, school } of classes) {
    for (const term of terms) schools.set(term, (schools.get(term) ?? new Set()).add(school));
  }
  return schools;
}

function areApart(one: Set<string> | undefined, other: Set<string> | undefined): boolean {
  return one !== undefined && other !== undefined && [...one].every((school) => !other.has(school));
}
