/** OneRoster 1.1 objects as they travel: what a SIS sends, before anybody has read it. Source: OneRoster 1.1, section 4. */

export interface GuidRef {
  /** Absolute, as the standard wants it, and pointing nowhere: nobody should follow it. */
  href: string;
  sourcedId: string;
  type: string;
}

export interface RawRecord {
  sourcedId: string;
  status: "active" | "tobedeleted";
  /** ISO 8601, UTC. */
  dateLastModified: string;
  metadata?: Record<string, unknown> | null;
}

export interface RawOrg extends RawRecord {
  name: string;
  type: "district" | "school";
  identifier: string | null;
  parent?: GuidRef;
  children?: GuidRef[];
}

export interface RawAcademicSession extends RawRecord {
  title: string;
  type: "schoolYear" | "semester" | "gradingPeriod" | "term";
  /** Calendar days, YYYY-MM-DD; the end is the last day itself. */
  startDate: string;
  endDate: string;
  parent?: GuidRef;
  children?: GuidRef[];
  /** The year in which the school year ends. */
  schoolYear: string;
}

export interface RawCourse extends RawRecord {
  title: string;
  courseCode: string;
  schoolYear?: GuidRef;
  grades: string[];
  subjects: string[];
  subjectCodes: string[];
  org: GuidRef;
}

export interface RawClass extends RawRecord {
  title: string;
  classCode?: string | null;
  classType: "homeroom" | "scheduled";
  location?: string | null;
  grades: string[];
  subjects: string[];
  subjectCodes: string[];
  course: GuidRef;
  school: GuidRef;
  terms: GuidRef[];
  periods: string[];
}

export interface RawUser extends RawRecord {
  username?: string | null;
  userIds: { type: string; identifier: string }[];
  enabledUser: boolean;
  givenName: string;
  familyName: string;
  middleName?: string | null;
  role: "administrator" | "aide" | "guardian" | "parent" | "student" | "teacher";
  identifier?: string | null;
  email?: string | null;
  sms?: string | null;
  phone?: string | null;
  agents: GuidRef[];
  orgs: GuidRef[];
  grades: string[];
}

export interface RawEnrollment extends RawRecord {
  user: GuidRef;
  class: GuidRef;
  school: GuidRef;
  role: "administrator" | "aide" | "student" | "teacher";
  /** Of teachers only. */
  primary?: boolean;
  beginDate?: string | null;
  endDate?: string | null;
}

/** A whole district as its SIS holds it. Records share their refs: copy a ref before changing it. */
export interface District {
  orgs: RawOrg[];
  academicSessions: RawAcademicSession[];
  courses: RawCourse[];
  classes: RawClass[];
  users: RawUser[];
  enrollments: RawEnrollment[];
}

export const HREF_ROOT = "https://sis.example.org/ims/oneroster/v1p1";

/** A ref to a record of a collection, such as `ref("orgs", "org", "101")`. */
export function ref(collection: string, type: string, sourcedId: string): GuidRef {
  return { href: `${HREF_ROOT}/${collection}/${encodeURIComponent(sourcedId)}`, sourcedId, type };
}
