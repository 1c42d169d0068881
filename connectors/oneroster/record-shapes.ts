/**
 * The least that each kind of record must look like to be read at all. Plain tests rather than a schema library: every
 * record of a district passes here, in threads that would load that library for nothing else. Optional members that
 * providers malform (parent, metadata, arrays) are left open and made plain afterwards.
 */
import type { RecordType } from "./records.ts";

type Textual = string | number;
/** As the standard has it, or an id sent bare. */
type Reference = { sourcedId: Textual } | Textual;
type OptionalText = string | null | undefined;

export interface BaseShape {
  sourcedId: Textual;
  status?: OptionalText;
  dateLastModified?: unknown;
}

interface Shapes {
  orgs: BaseShape & { name?: unknown; type?: OptionalText; identifier?: unknown; parent?: unknown };
  academicSessions: BaseShape & {
    title?: unknown;
    type?: OptionalText;
    startDate: string;
    endDate: string;
    parent?: unknown;
  };
  courses: BaseShape & { title?: unknown; courseCode?: unknown; org?: unknown };
  classes: BaseShape & {
    title?: unknown;
    classCode?: unknown;
    course?: unknown;
    school: Reference;
    terms?: unknown;
    periods?: unknown;
  };
  users: BaseShape & {
    username?: unknown;
    userIds?: unknown;
    enabledUser?: unknown;
    givenName?: unknown;
    familyName?: unknown;
    preferredFirstName?: unknown;
    preferredLastName?: unknown;
    identifier?: unknown;
    email?: unknown;
    role?: unknown;
    orgs?: unknown;
    /** These three are OneRoster 1.2's. */
    roles?: unknown;
    primaryOrg?: unknown;
    userProfiles?: unknown;
    agents?: unknown;
    metadata?: unknown;
  };
  enrollments: BaseShape & {
    user: Reference;
    class: Reference;
    role: string;
    beginDate?: OptionalText;
    endDate?: OptionalText;
  };
}

export type Shape<T extends RecordType> = Shapes[T];

type Test = (value: unknown) => boolean;
type Tests = readonly (readonly [field: string, test: Test])[];

const isText: Test = (value) => typeof value === "string";
const isTextual: Test = (value) => typeof value === "string" || typeof value === "number";
const isTextOrNothing: Test = (value) => value == null || typeof value === "string";
const isReference: Test = (value) =>
  isTextual(value) ||
  (typeof value === "object" && value !== null && isTextual((value as { sourcedId?: unknown }).sourcedId));

const base: Tests = [
  ["sourcedId", isTextual],
  ["status", isTextOrNothing],
];

const TESTS: Record<RecordType, Tests> = {
  orgs: [...base, ["type", isTextOrNothing]],
  academicSessions: [...base, ["type", isTextOrNothing], ["startDate", isText], ["endDate", isText]],
  courses: base,
  classes: [...base, ["school", isReference]],
  users: base,
  enrollments: [
    ...base,
    ["user", isReference],
    ["class", isReference],
    ["role", isText],
    ["beginDate", isTextOrNothing],
    ["endDate", isTextOrNothing],
  ],
};

/** What a member was expected to be, for the reason of a reject. */
const EXPECTED: Record<string, string> = {
  sourcedId: "is missing or not text",
  status: "is not text",
  type: "is not text",
  role: "is missing or not text",
  user: "is no reference with a sourcedId",
  class: "is no reference with a sourcedId",
  school: "is no reference with a sourcedId",
  startDate: "is missing or not text",
  endDate: "is missing or not text",
  beginDate: "is not text",
};

export type ShapeResult<T extends RecordType> =
  { shape: Shape<T>; fault?: undefined } | { fault: { field: string; reason: string }; shape?: undefined };

/** The member of a record that came in no form to be read, such as a ragged line of a CSV: it says why. */
export const UNREADABLE = "$unreadable";

/** The record with the types that it proved to have, or the first member that is not what it must be. */
export function shapeOf<T extends RecordType>(type: T, raw: unknown): ShapeResult<T> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return { fault: { field: "", reason: "is not a record" } };
  }
  const unreadable = (raw as Record<string, unknown>)[UNREADABLE];
  if (typeof unreadable === "string") return { fault: { field: "", reason: unreadable } };
  for (const [field, test] of TESTS[type]) {
    if (!test((raw as Record<string, unknown>)[field])) {
      return { fault: { field, reason: EXPECTED[field] ?? "is not what it must be" } };
    }
  }
  return { shape: raw as Shape<T> };
}
