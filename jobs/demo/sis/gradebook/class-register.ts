/** What a SIS knows of its classes when it looks at a grade: whose they are, when they meet, who sits in them. */
import type { District, RawAcademicSession } from "../../district/raw-records.ts";

/** Instants, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

export interface RegisteredClass {
  school: string;
  /** From the beginning of its first session to the end of its last one. */
  span: Span;
  /** sourcedIds of the students who are in it now. */
  students: ReadonlySet<string>;
  /** The grading periods of its sessions. */
  periods: ReadonlyMap<string, Span>;
}

export interface Register {
  /** A class that is taught; undefined: unknown, or deleted. */
  class(sourcedId: string): RegisteredClass | undefined;
  isClass(sourcedId: string): boolean;
  isStudent(sourcedId: string): boolean;
}

const HOUR = 3_600_000;
/** Local days begin as early as UTC+14 and end as late as UTC-12. */
const ANYWHERE = { early: 14 * HOUR, late: 12 * HOUR };
const IN_UTC = { early: 0, late: 0 };

export function openRegister(district: District, termDays: "anywhere" | "utc" = "anywhere"): Register {
  const slack = termDays === "utc" ? IN_UTC : ANYWHERE;
  const sessions = new Map(district.academicSessions.map((session) => [session.sourcedId, session]));
  const people = new Set(
    district.users
      .filter(({ role, status }) => role === "student" && status === "active")
      .map((user) => user.sourcedId),
  );
  const seats = new Map<string, Set<string>>();
  for (const { class: group, user, role, status } of district.enrollments) {
    if (role !== "student" || status !== "active" || !people.has(user.sourcedId)) continue;
    const students = seats.get(group.sourcedId) ?? new Set();
    seats.set(group.sourcedId, students.add(user.sourcedId));
  }

  function spanOf(list: readonly RawAcademicSession[]): Span {
    const from = Math.min(...list.map(({ startDate }) => Date.parse(startDate))) - slack.early;
    const to = Math.max(...list.map(({ endDate }) => Date.parse(endDate))) + 24 * HOUR + slack.late;
    return { from, to };
  }

  function isWithin(session: RawAcademicSession, terms: ReadonlySet<string>): boolean {
    if (terms.has(session.sourcedId)) return true;
    const parent = sessions.get(session.parent?.sourcedId ?? "");
    return parent !== undefined && isWithin(parent, terms);
  }

  const classes = new Map(
    district.classes.map((group): [string, RegisteredClass | undefined] => {
      if (group.status !== "active") return [group.sourcedId, undefined];
      const terms = new Set(group.terms.map((term) => term.sourcedId));
      const periods = district.academicSessions.filter(
        (session) => session.type === "gradingPeriod" && isWithin(session, terms),
      );
      const registered = {
        school: group.school.sourcedId,
        span: spanOf([...terms].flatMap((term) => sessions.get(term) ?? [])),
        students: seats.get(group.sourcedId) ?? new Set<string>(),
        periods: new Map(periods.map((period) => [period.sourcedId, spanOf([period])])),
      };
      return [group.sourcedId, registered];
    }),
  );

  return {
    class: (sourcedId) => classes.get(sourcedId),
    isClass: (sourcedId) => classes.has(sourcedId),
    isStudent: (sourcedId) => people.has(sourcedId),
  };
}
