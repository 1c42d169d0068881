/** A district of a dozen records, made by hand, so that a test can say what must become of each. */
import type {
  District,
  GuidRef,
  RawAcademicSession,
  RawClass,
  RawEnrollment,
  RawOrg,
  RawUser,
} from "../../jobs/demo/district.ts";
import { ref } from "../../jobs/demo/district/raw-records.ts";

const base = (sourcedId: string) => ({
  sourcedId,
  status: "active" as const,
  dateLastModified: "2026-08-01T00:00:00.000Z",
});
const to = {
  org: (id: string) => ref("orgs", "org", id),
  session: (id: string) => ref("academicSessions", "academicSession", id),
  course: (id: string) => ref("courses", "course", id),
  class: (id: string) => ref("classes", "class", id),
  user: (id: string) => ref("users", "user", id),
};

function org(id: string, type: RawOrg["type"], name: string, parent?: string): RawOrg {
  return {
    ...base(id),
    name,
    type,
    identifier: null,
    ...(parent !== undefined && { parent: to.org(parent) }),
  };
}

export function tinySession(
  id: string,
  type: RawAcademicSession["type"],
  title: string,
  [startDate, endDate]: [string, string],
  parent?: string,
): RawAcademicSession {
  const above: { parent?: GuidRef } = parent === undefined ? {} : { parent: to.session(parent) };
  return { ...base(id), type, title, startDate, endDate, schoolYear: "2027", ...above };
}

export function tinyClass(id: string, terms: string[], changes: Partial<RawClass> = {}): RawClass {
  return {
    ...base(id),
    title: `Title of ${id}`,
    classCode: `code-${id}`,
    classType: "scheduled",
    grades: [],
    subjects: [],
    subjectCodes: [],
    course: to.course("ALG"),
    school: to.org("101"),
    terms: terms.map(to.session),
    periods: [],
    ...changes,
  };
}

export function tinyUser(id: string, role: RawUser["role"], changes: Partial<RawUser> = {}): RawUser {
  return {
    ...base(id),
    username: `login.${id}`,
    userIds: [{ type: "LDAP", identifier: `ldap.${id}` }],
    enabledUser: true,
    givenName: `Given ${id}`,
    familyName: `Family ${id}`,
    role,
    identifier: `number-${id}`,
    email: `${id}@example.org`,
    agents: [],
    orgs: [to.org("101")],
    grades: [],
    ...changes,
  };
}

export function tinyEnrollment(
  id: string,
  user: string,
  group: string,
  role: RawEnrollment["role"],
  changes: Partial<RawEnrollment> = {},
): RawEnrollment {
  return {
    ...base(id),
    user: to.user(user),
    class: to.class(group),
    school: to.org("101"),
    role,
    ...changes,
  };
}

/**
 * One district of two schools, whose id sorts after theirs; a school year of two semesters and four quarters;
 * one course, given in classes of several terms at one school and in one class at the other.
 */
export function tinyDistrict(): District {
  const school2 = { school: to.org("102") };
  return {
    orgs: [
      org("101", "school", "First School", "Z1"),
      org("Z1", "district", "The District"),
      org("102", "school", "Second School", "Z1"),
    ],
    academicSessions: [
      tinySession("SY27", "schoolYear", "Year 2026-27", ["2026-08-17", "2027-06-04"]),
      tinySession("S1-27", "semester", "Semester 1", ["2026-08-17", "2026-12-18"], "SY27"),
      tinySession("S2-27", "semester", "Semester 2", ["2027-01-05", "2027-06-04"], "SY27"),
      tinySession("Q1-27", "gradingPeriod", "Quarter 1", ["2026-08-17", "2026-10-09"], "S1-27"),
      tinySession("Q2-27", "gradingPeriod", "Quarter 2", ["2026-10-12", "2026-12-18"], "S1-27"),
      tinySession("Q3-27", "gradingPeriod", "Quarter 3", ["2027-01-05", "2027-03-12"], "S2-27"),
      tinySession("Q4-27", "gradingPeriod", "Quarter 4", ["2027-03-15", "2027-06-04"], "S2-27"),
    ],
    courses: [
      {
        ...base("ALG"),
        title: "Algebra",
        courseCode: "ALG-1",
        grades: [],
        subjects: [],
        subjectCodes: [],
        org: to.org("Z1"),
      },
    ],
    classes: [
      tinyClass("halves", ["Q2-27", "Q1-27"]),
      tinyClass("whole", ["S1-27", "S2-27"]),
      tinyClass("middle", ["Q2-27", "Q3-27"]),
      tinyClass("spring", ["Q3-27"], { classCode: null, title: 'Álgebra, "spring"' }),
      tinyClass("second", ["S1-27"], school2),
    ],
    users: [
      tinyUser("T1", "teacher"),
      tinyUser("42", "student", { metadata: { "card.number": "C-42" } }),
      tinyUser("0042", "student", { enabledUser: false, email: null, metadata: { "card.number": "C-0042" } }),
      tinyUser("idle", "student"),
      tinyUser("other", "student", { orgs: [to.org("102")] }),
      tinyUser("head", "administrator"),
    ],
    enrollments: [
      tinyEnrollment("e1", "T1", "halves", "teacher", { primary: true }),
      tinyEnrollment("e2", "42", "halves", "student", { beginDate: "2026-08-17", endDate: "2026-12-18" }),
      tinyEnrollment("e3", "0042", "halves", "student"),
      tinyEnrollment("e4", "42", "whole", "student"),
      tinyEnrollment("e5", "42", "middle", "student"),
      tinyEnrollment("e6", "0042", "spring", "student", { beginDate: "2027-01-05", endDate: "2027-03-12" }),
      tinyEnrollment("e7", "other", "second", "student"),
      tinyEnrollment("e8", "head", "whole", "administrator"),
      tinyEnrollment("e9", "T1", "spring", "aide"),
    ],
  };
}
