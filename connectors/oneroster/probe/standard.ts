/**
 * What each kind of record looks like by the standard. Source: OneRoster 1.1 §4; OneRoster 1.2, Rostering and Gradebook
 * Services.
 */
import type { OneRosterVersion } from "../spoken-version.ts";
import type { RecordType } from "../records.ts";

export type StandardRecord = RecordType | "categories" | "lineItems" | "results";

export interface RecordRules {
  /** Members that every record has; a list among them has at least one member. */
  required: readonly string[];
  optional: readonly string[];
  /** Member → the words that it may hold, besides extensions (`ext:…`). */
  words: Readonly<Record<string, readonly string[]>>;
  /** Members that are calendar days, YYYY-MM-DD. */
  days: readonly string[];
  /** Members that refer to one other record, and to several. */
  refs: readonly string[];
  lists: readonly string[];
  flags: readonly string[];
  /** Whether flags are JSON's own true and false, or the words "true" and "false". */
  booleans: "real" | "text";
  /** Whether a reference has the address of its record. */
  hasHrefs: boolean;
  /** What a report calls the places of values, and each of them. */
  places: "members" | "columns";
  nameOf: (member: string) => string;
}

type Members = Omit<RecordRules, "booleans" | "hasHrefs" | "places" | "nameOf">;

const BASE = ["sourcedId", "status", "dateLastModified"];
const STATUS = ["active", "tobedeleted"];
const ORG_TYPES = ["department", "school", "district", "local", "state", "national"];
const SESSION_TYPES = ["gradingPeriod", "semester", "schoolYear", "term"];
const USER_ROLES = [
  ...["administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"],
];
const SCORE_STATUS = ["exempt", "fully graded", "not submitted", "partially graded", "submitted"];

const RULES: Record<StandardRecord, Partial<Members>> = {
  orgs: {
    required: ["name", "type"],
    optional: ["identifier", "parent", "children"],
    words: { type: ORG_TYPES },
    refs: ["parent"],
    lists: ["children"],
  },
  academicSessions: {
    required: ["title", "startDate", "endDate", "type", "schoolYear"],
    optional: ["parent", "children"],
    words: { type: SESSION_TYPES },
    days: ["startDate", "endDate"],
    refs: ["parent"],
    lists: ["children"],
  },
  courses: {
    required: ["title"],
    optional: ["courseCode", "schoolYear", "grades", "subjects", "subjectCodes", "org"],
    refs: ["org", "schoolYear"],
    lists: ["grades", "subjects", "subjectCodes"],
  },
  classes: {
    required: ["title", "classType", "course", "school", "terms"],
    optional: ["classCode", "location", "grades", "subjects", "subjectCodes", "periods"],
    words: { classType: ["homeroom", "scheduled"] },
    refs: ["course", "school"],
    lists: ["terms", "grades", "subjects", "subjectCodes", "periods"],
  },
  users: {
    required: ["username", "enabledUser", "givenName", "familyName", "role", "orgs"],
    optional: [...["userIds", "middleName", "identifier", "email", "sms", "phone", "agents", "grades"]],
    words: { role: USER_ROLES },
    lists: ["orgs", "userIds", "agents", "grades"],
    flags: ["enabledUser"],
  },
  enrollments: {
    required: ["user", "class", "school", "role"],
    optional: ["primary", "beginDate", "endDate"],
    words: { role: USER_ROLES },
    days: ["beginDate", "endDate"],
    refs: ["user", "class", "school"],
    flags: ["primary"],
  },
  categories: { required: ["title"] },
  lineItems: {
    required: ["title", "assignDate", "dueDate", "class", "category", "resultValueMin", "resultValueMax"],
    optional: ["description", "gradingPeriod"],
    refs: ["class", "category", "gradingPeriod"],
  },
  results: {
    required: ["lineItem", "student", "scoreStatus", "scoreDate"],
    optional: ["score", "comment"],
    words: { scoreStatus: SCORE_STATUS },
    refs: ["lineItem", "student"],
  },
};

/** What 1.2 has otherwise. */
const IN_1_2: Partial<Record<StandardRecord, Partial<Members>>> = {
  orgs: { required: ["name", "type", "identifier"], optional: ["parent", "children"] },
  users: {
    required: ["enabledUser", "givenName", "familyName", "roles"],
    optional: [
      ...["username", "userIds", "middleName", "identifier", "email", "sms", "phone", "agents", "grades"],
      ...["preferredFirstName", "preferredLastName", "primaryOrg", "userProfiles"],
    ],
    words: {},
    refs: ["primaryOrg"],
    lists: ["roles", "userIds", "agents", "grades", "userProfiles"],
  },
  lineItems: {
    required: ["title", "assignDate", "dueDate", "class", "school", "category"],
    optional: ["description", "gradingPeriod", "resultValueMin", "resultValueMax"],
    refs: ["class", "school", "category", "gradingPeriod"],
  },
};

/** As REST has it. */
export function rulesOf(type: StandardRecord, version: OneRosterVersion): RecordRules {
  const rules = { ...RULES[type], ...(version === "1.2" ? IN_1_2[type] : {}) };
  return {
    required: [...BASE, ...(rules.required ?? [])],
    optional: rules.optional ?? [],
    words: { status: STATUS, ...rules.words },
    days: rules.days ?? [],
    refs: rules.refs ?? [],
    lists: rules.lists ?? [],
    flags: rules.flags ?? [],
    booleans: version === "1.2" ? "text" : "real",
    hasHrefs: true,
    places: "members",
    nameOf: (member) => member,
  };
}
