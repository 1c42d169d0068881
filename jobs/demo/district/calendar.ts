/** The school year, its semesters and its quarters. */
import { type RawAcademicSession, ref } from "./raw-records.ts";
import type { GuidRef } from "./raw-records.ts";

export interface Calendar {
  sessions: RawAcademicSession[];
  year: GuidRef;
  /** Two semesters, four quarters. */
  semesters: [GuidRef, GuidRef];
  quarters: [GuidRef, GuidRef, GuidRef, GuidRef];
}

/** @param schoolYear the calendar year in which it ends: 2027 runs from August 2026 to June 2027 */
export function makeCalendar(schoolYear: number): Calendar {
  const autumn = schoolYear - 1;
  const year = sessionRef(`SY-${schoolYear}`);
  const semesters: Calendar["semesters"] = [sessionRef(`S1-${schoolYear}`), sessionRef(`S2-${schoolYear}`)];
  const quarters: Calendar["quarters"] = [
    sessionRef(`Q1-${schoolYear}`),
    sessionRef(`Q2-${schoolYear}`),
    sessionRef(`Q3-${schoolYear}`),
    sessionRef(`Q4-${schoolYear}`),
  ];
  const [first, second] = semesters;
  const [q1, q2, q3, q4] = quarters;

  function session(
    self: GuidRef,
    type: RawAcademicSession["type"],
    title: string,
    days: [from: string, to: string],
    parent: GuidRef | undefined,
    children: GuidRef[],
  ): RawAcademicSession {
    return {
      sourcedId: self.sourcedId,
      status: "active",
      dateLastModified: `${autumn}-06-15T08:00:00.000Z`,
      title,
      type,
      startDate: days[0],
      endDate: days[1],
      ...(parent === undefined ? {} : { parent }),
      ...(children.length === 0 ? {} : { children }),
      schoolYear: String(schoolYear),
    };
  }

  const sessions = [
    session(q2, "gradingPeriod", "Quarter 2", [`${autumn}-10-19`, `${autumn}-12-18`], first, []),
    session(first, "semester", "Semester 1", [`${autumn}-08-17`, `${autumn}-12-18`], year, [q1, q2]),
    session(q4, "gradingPeriod", "Quarter 4", [`${schoolYear}-03-22`, `${schoolYear}-06-04`], second, []),
    session(
      year,
      "schoolYear",
      `School Year ${autumn}-${schoolYear}`,
      [`${autumn}-08-17`, `${schoolYear}-06-04`],
      undefined,
      semesters,
    ),
    session(q1, "gradingPeriod", "Quarter 1", [`${autumn}-08-17`, `${autumn}-10-16`], first, []),
    session(second, "semester", "Semester 2", [`${schoolYear}-01-05`, `${schoolYear}-06-04`], year, [q3, q4]),
    session(q3, "gradingPeriod", "Quarter 3", [`${schoolYear}-01-05`, `${schoolYear}-03-12`], second, []),
  ];
  return { sessions, year, semesters, quarters };
}

function sessionRef(sourcedId: string): GuidRef {
  return ref("academicSessions", "academicSession", sourcedId);
}
