/**
 * What we keep of each OneRoster record once it has been read: only the fields that mapping needs,
 * normalised, with the standard's names, alike for both versions. Source: OneRoster 1.1, section 4 (data model);
 * OneRoster 1.2, Rostering Service.
 */

export interface BaseRecord {
  /** Opaque, case-sensitive text, trimmed; `0042` is not `42`. */
  sourcedId: string;
  /** status `tobedeleted`, or 1.0's `inactive`, which the standard says to read as `tobedeleted`. */
  gone: boolean;
  /** dateLastModified as the SIS sent it; empty when it sent none. The newest of several copies wins. */
  dateLastModified: string;
}

export interface Org extends BaseRecord {
  name: string;
  /** Lower case: department | school | district | local | state | national. */
  type: string;
  identifier: string | undefined;
  /** sourcedId of the parent org. */
  parent: string | undefined;
}

export interface AcademicSession extends BaseRecord {
  title: string;
  /** Lower-cased in comparison only: gradingPeriod | semester | schoolYear | term. */
  type: string;
  /** Calendar days, YYYY-MM-DD, as the SIS means them (see source.endDates). */
  startDate: string;
  endDate: string;
  parent: string | undefined;
}

export interface Course extends BaseRecord {
  title: string;
  courseCode: string | undefined;
  org: string | undefined;
}

export interface Class extends BaseRecord {
  title: string;
  classCode: string | undefined;
  course: string | undefined;
  school: string;
  /** sourcedIds of academicSessions, in the order sent, without repeats. */
  terms: string[];
  /** When in the day or week it is taught, in the words of the SIS, in the order sent. */
  periods: string[];
}

/** What a user is in an org, and from when to when. */
export interface UserRole {
  /** Lower case: 1.1's words, those of 1.2 such as siteadministrator and counselor, or `ext:…`. */
  role: string;
  /** sourcedId of the org; empty for the one role of a OneRoster 1.1 user who is in none. */
  org: string;
  /** Calendar days as in an enrollment. */
  beginDate: string | undefined;
  endDate: string | undefined;
}

export interface User extends BaseRecord {
  username: string | undefined;
  userIds: { type: string; identifier: string }[];
  enabledUser: boolean;
  givenName: string | undefined;
  familyName: string | undefined;
  /** OneRoster 1.2; undefined where it is the same as givenName and familyName, or not known. */
  preferredFirstName: string | undefined;
  preferredLastName: string | undefined;
  identifier: string | undefined;
  email: string | undefined;
  /** sourcedIds of every org that the user is said to be of, without regard to when; the primary one first. */
  orgs: string[];
  /** Primary ones first; of OneRoster 1.1, the one role in each of the orgs. */
  roles: UserRole[];
  /** sourcedIds of the users that the record names: of a student its guardians, of a guardian the students. */
  agents: string[];
  /** Only the members that are text or numbers, as text. */
  metadata: Record<string, string>;
}

export interface Enrollment extends BaseRecord {
  user: string;
  class: string;
  /** Lower case. */
  role: string;
  beginDate: string | undefined;
  endDate: string | undefined;
}

/** The six kinds of record that a roster is made of, by the name of their main collection. */
export interface RosterRecords {
  orgs: Org;
  academicSessions: AcademicSession;
  courses: Course;
  classes: Class;
  users: User;
  enrollments: Enrollment;
}
export type RecordType = keyof RosterRecords;

/** In the order in which people think of them, and in which they are read. */
export const RECORD_TYPES: readonly RecordType[] = [
  "orgs",
  "academicSessions",
  "courses",
  "classes",
  "users",
  "enrollments",
];

/** A record left out, and why: one row of rejects.csv. */
export interface Reject {
  sourcedId: string;
  field: string;
  /** What the SIS sent there, shortened; for the run folder only, never for a log. */
  value: string;
  reason: string;
}

/** Something read leniently that a person should know of; counted by type, field and reason. */
export interface Lenience {
  field: string;
  reason: string;
  sourcedId: string;
}

export type ReadResult<T extends RecordType> =
  | { record: RosterRecords[T]; reject?: undefined; leniences?: Lenience[] }
  | { record?: undefined; reject: Reject; leniences?: Lenience[] };
