/** The members of each kind of record, for sort, filter and fields. Source: OneRoster 1.1, section 4, and 1.2's User. */
import type { RawRecord } from "../district/raw-records.ts";
import type { Collection } from "./endpoints.ts";
import type { OneRosterVersion } from "./options.ts";

const BASE = ["sourcedId", "status", "dateLastModified", "metadata"];

const FIELDS: Record<Collection, string> = {
  orgs: "name type identifier parent children",
  academicSessions: "title startDate endDate type parent children schoolYear",
  courses: "title schoolYear courseCode grades subjects org subjectCodes resources",
  classes:
    "title classCode classType location grades subjects course school terms subjectCodes periods resources",
  users:
    "username userIds enabledUser givenName familyName middleName role identifier email sms phone agents orgs grades password",
  enrollments: "user class school role primary beginDate endDate",
  demographics: "birthDate sex",
  categories: "title weight",
  lineItems:
    "title description assignDate dueDate class school category gradingPeriod academicSession scoreScale resultValueMin resultValueMax learningObjectiveSet",
  results:
    "lineItem student class scoreScale scoreStatus score textScore scoreDate comment learningObjectiveSet inProgress incomplete late missing",
};

const USERS_12 =
  "userMasterIdentifier username userIds enabledUser givenName familyName middleName preferredFirstName preferredMiddleName preferredLastName pronouns roles primaryOrg userProfiles identifier email sms phone agents grades password resources";

export interface Fields {
  collection: Collection;
  /** Whether `sort` and `filter` may name it: a member, or a path into one, such as `class.sourcedId`. */
  has: (path: string) => boolean;
}

export function fieldsOf(collection: Collection, version: OneRosterVersion): Fields {
  const own = collection === "users" && version === "1.2" ? USERS_12 : FIELDS[collection];
  const all = [...BASE, ...own.split(" ")];
  return { collection, has: (path) => all.includes(path.split(".")[0] ?? "") };
}

/** What a path holds, as texts: none when missing, several for an array. */
export function valuesAt(record: RawRecord, path: string): string[] {
  // A vendor's own members have dots in their names: metadata.sandbox.lunchNumber.
  const steps = path.startsWith("metadata.") ? ["metadata", path.slice("metadata.".length)] : path.split(".");
  let found: unknown[] = [record];
  for (const step of steps) {
    found = found.flat().map((value) => (isObject(value) ? value[step] : undefined));
  }
  return found
    .flat()
    .filter((value) => value != null)
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
