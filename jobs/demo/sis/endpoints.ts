/** Which records each OneRoster path lists. Source: OneRoster 1.1, section 3.2 (rostering endpoints). */
import type { District, RawRecord } from "../district/raw-records.ts";

export type RosterCollection = keyof District | "demographics";
export type Collection = RosterCollection | "categories" | "lineItems" | "results";

export interface Listing {
  collection: Collection;
  /** Key of the array, and of a single object, by the standard. */
  wrapper: string;
  singular: string;
  /** The endpoint's own name, which some servers wrap in instead. */
  ownName: string;
  records: readonly RawRecord[];
}

/** A collection, or a single object; what is neither is unknown. */
export type Found = { list: Listing } | { one: Listing; record: RawRecord };
export type Find = (path: string) => Found | undefined;

type Select = (district: District, teachersToo: boolean) => readonly RawRecord[];

interface Endpoint {
  collection: RosterCollection;
  select: Select;
  /** Of one school only; none: not offered under /schools/{id}/. */
  ofSchool?: (district: District, school: string, teachersToo: boolean) => readonly RawRecord[];
}

const SINGULAR: Record<RosterCollection, string> = {
  orgs: "org",
  academicSessions: "academicSession",
  courses: "course",
  classes: "class",
  users: "user",
  enrollments: "enrollment",
  demographics: "demographics",
};

const students: Select = (district, teachersToo) =>
  district.users.filter((user) => user.role === "student" || (teachersToo && user.role === "teacher"));
const teachers: Select = (district) => district.users.filter((user) => user.role === "teacher");
const terms: Select = (district) =>
  district.academicSessions.filter((session) => session.type === "term" || session.type === "semester");

const ENDPOINTS: Record<string, Endpoint> = {
  orgs: { collection: "orgs", select: (district) => district.orgs },
  schools: { collection: "orgs", select: (district) => district.orgs.filter((org) => org.type === "school") },
  academicSessions: { collection: "academicSessions", select: (district) => district.academicSessions },
  terms: { collection: "academicSessions", select: terms, ofSchool: (district) => terms(district, false) },
  gradingPeriods: {
    collection: "academicSessions",
    select: (district) => district.academicSessions.filter((session) => session.type === "gradingPeriod"),
  },
  courses: {
    collection: "courses",
    select: (district) => district.courses,
    ofSchool: (district, school) => district.courses.filter((course) => course.org.sourcedId === school),
  },
  classes: {
    collection: "classes",
    select: (district) => district.classes,
    ofSchool: (district, school) => district.classes.filter((group) => group.school.sourcedId === school),
  },
  users: { collection: "users", select: (district) => district.users },
  students: { collection: "users", select: students, ofSchool: (...of) => inSchool(students, ...of) },
  teachers: { collection: "users", select: teachers, ofSchool: (...of) => inSchool(teachers, ...of) },
  enrollments: {
    collection: "enrollments",
    select: (district) => district.enrollments,
    ofSchool: (district, school) => district.enrollments.filter((each) => each.school.sourcedId === school),
  },
  demographics: { collection: "demographics", select: () => [] },
};

export const BULK_ENDPOINTS = Object.keys(ENDPOINTS);

/**
 * What a path under the root lists: `list` for a collection, `one` for a single object; undefined where the
 * standard has nothing or the object is unknown.
 */
export function findListing(district: District, path: string, teachersToo: boolean): Found | undefined {
  const [, first = "", id, nested, ...rest] = path.split("/").map(decodeURIComponent);
  const name = nested ?? first;
  const endpoint = Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
  if (endpoint === undefined || rest.length > 0 || id === "") return undefined;

  const { collection } = endpoint;
  const listing = (records: readonly RawRecord[]): Listing => ({
    collection,
    wrapper: collection,
    singular: SINGULAR[collection],
    ownName: name,
    records,
  });
  if (id === undefined) return { list: listing(endpoint.select(district, teachersToo)) };
  if (nested === undefined) {
    const record = endpoint.select(district, teachersToo).find((each) => each.sourcedId === id);
    return record && { one: listing([record]), record };
  }
  const known = district.orgs.some((org) => org.sourcedId === id && org.type === "school");
  if (first !== "schools" || !known || endpoint.ofSchool === undefined) return undefined;
  return { list: listing(endpoint.ofSchool(district, id, teachersToo)) };
}

function inSchool(
  select: Select,
  district: District,
  school: string,
  teachersToo: boolean,
): readonly RawRecord[] {
  const users = select(district, teachersToo) as District["users"];
  return users.filter((user) => user.orgs.some((org) => org.sourcedId === school));
}
