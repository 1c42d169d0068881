/** Enrollment → a row of enrollments.csv whose user and section are still OneRoster's. */
import type { Enrollment, Reject } from "../connectors/oneroster/records.ts";
import { dayEnd, dayStart, lastDay } from "./days.ts";
import { NUL_REASON, hasNul, rejected } from "./findings.ts";
import { enrollmentRole } from "./roles.ts";
import type { DayRules } from "./terms.ts";

/** What one enrollment says by itself; its user_id, its course_id and which of several is current are for others. */
export interface EnrollmentDraft {
  /** The class's sourcedId. */
  section_id: string;
  /** The user's sourcedId. */
  user: string;
  role: string;
  /** Instants, or empty. Canvas heeds them only when both are there: one that is missing is filled when sets are settled. */
  start_date: string;
  end_date: string;
}

export interface EnrollmentOptions extends DayRules {
  /** OneRoster role, in any case, → Canvas role. */
  roles: Readonly<Record<string, string>>;
}

export type EnrollmentResult =
  | { row: EnrollmentDraft; reject?: undefined; leftOut?: undefined }
  | { reject: Reject; row?: undefined; leftOut?: undefined }
  | { leftOut: "role not enrolled"; row?: undefined; reject?: undefined };

const NOT_ENROLLED: EnrollmentResult = { leftOut: "role not enrolled" };

/** Takes records that are not gone. */
export function toEnrollmentRow(record: Enrollment, options: EnrollmentOptions): EnrollmentResult {
  const role = enrollmentRole(record.role, options.roles);
  if (role === undefined) return NOT_ENROLLED;

  for (const field of ["user", "class"] as const) {
    if (record[field] === "") return rejected(record.sourcedId, field, "", `names no ${field}`);
    if (hasNul(record[field])) return rejected(record.sourcedId, field, record[field], NUL_REASON);
  }
  const { beginDate, endDate } = record;
  return {
    row: {
      section_id: record.class,
      user: record.user,
      role,
      start_date: beginDate === undefined ? "" : dayStart(beginDate, options.timezone),
      end_date: endDate === undefined ? "" : dayEnd(lastDay(endDate, options.endDates), options.timezone),
    },
  };
}
