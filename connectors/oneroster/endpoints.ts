/** The collections of OneRoster 1.1 that a roster is read from, and which can stand in for which. */
import { Failure } from "../../config/failure.ts";
import type { CollectionName, RestSourceConfig } from "../../config/schema.ts";
import { percentEncode } from "./percent.ts";
import type { RecordType } from "./records.ts";

export interface Endpoint {
  type: RecordType;
  collection: CollectionName;
  /** Under the OneRoster root, ids percent-encoded. */
  path: string;
}

/** Read instead of a main collection that is excluded. */
const ALTERNATES: Partial<Record<RecordType, CollectionName[]>> = {
  orgs: ["schools"],
  academicSessions: ["terms", "gradingPeriods"],
  users: ["students", "teachers"],
};

/** What /schools/{id}/… has of each collection (OneRoster 1.1 §3.3). */
const OF_A_SCHOOL: Partial<Record<CollectionName, CollectionName[]>> = {
  academicSessions: ["terms"],
  terms: ["terms"],
  courses: ["courses"],
  classes: ["classes"],
  users: ["students", "teachers"],
  students: ["students"],
  teachers: ["teachers"],
  enrollments: ["enrollments"],
};

/** Classes know the code of their course themselves, mostly; all else a roster cannot do without. */
const DISPENSABLE: RecordType[] = ["courses"];

/**
 * The collections to read in bulk for one kind of record: its main one, or those that stand in for it.
 * @throws Failure usage.exclude when none is left
 */
export function bulkEndpoints(type: RecordType, exclude: RestSourceConfig["exclude"]): Endpoint[] {
  const main = exclude.includes(type) ? (ALTERNATES[type] ?? []) : [type];
  const asked = main.filter((collection) => !exclude.includes(collection));
  if (asked.length === 0 && !DISPENSABLE.includes(type)) throw nothingLeft(type);
  return asked.map((collection) => ({ type, collection, path: collection }));
}

/**
 * The collections of every school to read for one kind of record.
 * @throws Failure usage.exclude when none is left
 */
export function schoolCollections(type: RecordType, exclude: RestSourceConfig["exclude"]): CollectionName[] {
  const asked = (OF_A_SCHOOL[type] ?? []).filter((name) => !exclude.includes(name));
  if (asked.length === 0 && !DISPENSABLE.includes(type)) throw nothingLeft(type);
  return asked;
}

/** The endpoints of one school that have what `collection` has; none where OneRoster offers none. */
export function schoolEndpoints(
  type: RecordType,
  collection: CollectionName,
  school: string,
  exclude: RestSourceConfig["exclude"],
): Endpoint[] {
  return (OF_A_SCHOOL[collection] ?? [])
    .filter((name) => !exclude.includes(name))
    .map((name) => ({ type, collection: name, path: `schools/${percentEncode(school)}/${name}` }));
}

/**
 * Whether users were read school by school where all were to be had at once: then whoever is not among them may be there
 * all the same, as neither student nor teacher of a school.
 * @param read paths of the endpoints that users were read from
 */
export function areUsersPartial(
  read: readonly string[],
  { exclude, service }: Pick<RestSourceConfig, "exclude" | "service">,
): boolean {
  const isWhole = service === "per-school" || exclude.includes("users");
  return !isWhole && read.some((path) => path.startsWith("schools/"));
}

/** The filter for a collection: its own, or that of the main collection which it is a part of. */
export function filterOf(endpoint: Endpoint, filters: RestSourceConfig["filters"]): string | undefined {
  return filters[endpoint.collection] ?? filters[endpoint.type];
}

function nothingLeft(type: RecordType): Failure {
  const others = ALTERNATES[type];
  const alternates = others === undefined ? "" : `, or ${others.join(" and ")},`;
  return new Failure("usage.exclude", `source.exclude leaves nothing to read ${type} from`, {
    hint: `A roster needs ${type}: take ${type}${alternates} out of source.exclude.`,
  });
}
