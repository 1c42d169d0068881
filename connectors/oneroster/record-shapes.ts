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

type Raw = Record<string, unknown>;

function isTextual(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function isTextOrNothing(value: unknown): boolean {
  return value == null || typeof value === "string";
}

function isReference(value: unknown): boolean {
  return (
    isTextual(value) ||
    (typeof value === "object" && value !== null && isTextual((value as { sourcedId?: unknown }).sourcedId))
  );
}

function baseFault(raw: Raw): string | undefined {
  if (!isTextual(raw.sourcedId)) return "sourcedId";
  return isTextOrNothing(raw.status) ? undefined : "status";
}

/**
 * The first member that is not what it must be. Members are read by names that stand in the code: by names out of a
 * table it takes three times as long, and all enrollments pass here.
 */
const FAULTY: Record<RecordType, (raw: Raw) => string | undefined> = {
  orgs: (raw) => baseFault(raw) ?? (isTextOrNothing(raw.type) ? undefined : "type"),
  academicSessions(raw) {
    const fault = baseFault(raw);
    if (fault !== undefined) return fault;
    if (!isTextOrNothing(raw.type)) return "type";
    if (typeof raw.startDate !== "string") return "startDate";
    return typeof raw.endDate === "string" ? undefined : "endDate";
  },
  courses: baseFault,
  classes: (raw) => baseFault(raw) ?? (isReference(raw.school) ? undefined : "school"),
  users: baseFault,
  enrollments(raw) {
    const fault = baseFault(raw);
    if (fault !== undefined) return fault;
    if (!isReference(raw.user)) return "user";
    if (!isReference(raw.class)) return "class";
    if (typeof raw.role !== "string") return "role";
    if (!isTextOrNothing(raw.beginDate)) return "beginDate";
    return isTextOrNothing(raw.endDate) ? undefined : "endDate";
  },
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
  const unreadable = (raw as Raw)[UNREADABLE];
  if (typeof unreadable === "string") return { fault: { field: "", reason: unreadable } };
  const field = FAULTY[type](raw as Raw);
  if (field === undefined) return { shape: raw as Shape<T> };
  return { fault: { field, reason: EXPECTED[field] ?? "is not what it must be" } };
}
