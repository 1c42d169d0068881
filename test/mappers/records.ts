/** OneRoster records as the connector hands them over: whole and unremarkable, but for what a test says. */
import type {
  AcademicSession,
  Class,
  Course,
  Enrollment,
  Org,
  User,
} from "../../connectors/oneroster/records.ts";
import { Roster, type RosterConfig } from "../../config/schema.ts";

const base = { gone: false, dateLastModified: "" };

export function org(sourcedId: string, said: Partial<Org> = {}): Org {
  return {
    ...base,
    sourcedId,
    name: `Org ${sourcedId}`,
    type: "school",
    identifier: undefined,
    parent: undefined,
    ...said,
  };
}

export function session(sourcedId: string, said: Partial<AcademicSession> = {}): AcademicSession {
  return {
    ...base,
    sourcedId,
    title: `Session ${sourcedId}`,
    type: "term",
    startDate: "2026-08-17",
    endDate: "2027-06-11",
    parent: undefined,
    ...said,
  };
}

export function course(sourcedId: string, said: Partial<Course> = {}): Course {
  return { ...base, sourcedId, title: `Course ${sourcedId}`, courseCode: "MATH1", org: undefined, ...said };
}

export function aClass(sourcedId: string, said: Partial<Class> = {}): Class {
  return {
    ...base,
    sourcedId,
    title: `Class ${sourcedId}`,
    classCode: "MATH1-02",
    course: "course-1",
    school: "school-1",
    terms: ["year"],
    periods: [],
    ...said,
  };
}

export function user(sourcedId: string, said: Partial<User> = {}): User {
  return {
    ...base,
    sourcedId,
    username: `login.${sourcedId}`,
    userIds: [],
    enabledUser: true,
    givenName: "Ann",
    familyName: "Lee",
    preferredFirstName: undefined,
    preferredLastName: undefined,
    identifier: "4711",
    email: "ann@oakdale.example",
    orgs: ["school-1"],
    roles: [],
    agents: [],
    metadata: {},
    ...said,
  };
}

export function enrollment(sourcedId: string, said: Partial<Enrollment> = {}): Enrollment {
  return {
    ...base,
    sourcedId,
    user: "user-1",
    class: "class-1",
    role: "student",
    beginDate: undefined,
    endDate: undefined,
    ...said,
  };
}

/** The roster block of a configuration that says only this much. */
export function roster(said: object = {}): RosterConfig {
  return Roster.parse(said);
}
