/**
 * The files of a OneRoster CSV export that a roster is made of: their columns, and the member of a REST record that
 * each column becomes. Source: OneRoster 1.1 CSV tables; OneRoster 1.2 CSV binding. As data, so that one reader does
 * for all of them.
 */
import { RECORD_TYPES, type RecordType } from "../records.ts";

/** 1.2 tells roles and profiles of users in files of their own. */
export type Table = RecordType | "roles" | "userProfiles";
export type CsvVersion = "1.1" | "1.2";

/** How a cell becomes a value: text · the id of a record · a list of ids · of texts · `{type:id},{type:id}`. */
export type CellKind = "text" | "ref" | "refs" | "texts" | "userIds";

export interface Column {
  name: string;
  member: string;
  kind: CellKind;
  /** Without it no record of the file could be placed. */
  isRequired: boolean;
}

/** In the order in which they are read: orgs first, as they say which schools there are. */
export function tablesOf(version: CsvVersion): readonly Table[] {
  return version === "1.1" ? RECORD_TYPES : [...RECORD_TYPES, "roles", "userProfiles"];
}

/** The tables that the records of a kind are made of, its own first. */
export function tablesOfKind(type: RecordType, version: CsvVersion): readonly Table[] {
  return type === "users" && version === "1.2" ? ["users", "roles", "userProfiles"] : [type];
}

/** Of an export that replaces everything, all but these must be there. */
export const DISPENSABLE: readonly Table[] = ["courses", "userProfiles"];

/** Each `name`, `name=member`, with `!` where it is required; the sign before the member is its kind. */
const BASE = "sourcedId! status dateLastModified";
const COLUMNS: Record<Table, string> = {
  orgs: "name type! identifier parentSourcedId=@parent",
  academicSessions: "title type startDate! endDate! parentSourcedId=@parent schoolYear",
  courses:
    "schoolYearSourcedId=@schoolYear title courseCode grades=*grades orgSourcedId=@org subjects=*subjects subjectCodes=*subjectCodes",
  classes:
    "title grades=*grades courseSourcedId!=@course classCode classType location schoolSourcedId!=@school termSourcedIds!=&terms subjects=*subjects subjectCodes=*subjectCodes periods=*periods",
  users: "",
  enrollments:
    "classSourcedId!=@class schoolSourcedId=@school userSourcedId!=@user role! primary beginDate endDate",
  roles:
    "userSourcedId!=@user roleType role! beginDate endDate orgSourcedId!=@org userProfileSourcedId=userProfile",
  userProfiles: "userSourcedId!=@user profileType vendorId applicationId description credentialType username",
};
const USERS: Record<CsvVersion, string> = {
  "1.1":
    "enabledUser orgSourcedIds!=&orgs role! username userIds=#userIds givenName familyName middleName identifier email sms phone agentSourcedIds=&agents grades=*grades",
  // CSV says preferredGivenName where REST says preferredFirstName.
  "1.2":
    "enabledUser username userIds=#userIds givenName familyName middleName identifier email sms phone agentSourcedIds=&agents grades=*grades userMasterIdentifier preferredGivenName=preferredFirstName preferredMiddleName preferredFamilyName=preferredLastName primaryOrgSourcedId=@primaryOrg pronouns",
};

const KINDS: Record<string, CellKind> = { "@": "ref", "&": "refs", "*": "texts", "#": "userIds" };

/** Every column of a table that becomes something. */
export function columnsOf(table: Table, version: CsvVersion): Column[] {
  const written = `${BASE} ${table === "users" ? USERS[version] : COLUMNS[table]}`;
  return written.trim().split(/\s+/).map(columnOf);
}

function columnOf(written: string): Column {
  const equals = written.indexOf("=");
  const left = equals < 0 ? written : written.slice(0, equals);
  const name = left.replace("!", "");
  const right = equals < 0 ? name : written.slice(equals + 1);
  const kind = KINDS[right.charAt(0)];
  return {
    name,
    member: kind === undefined ? right : right.slice(1),
    kind: kind ?? "text",
    isRequired: left.endsWith("!"),
  };
}

/** Names of OneRoster 1.0 and of careless exporters, in lower case, that can mean only one column. */
export const OLD_NAMES: Partial<Record<Table, Record<string, string>>> = {
  users: {
    userid: "userIds",
    orgsourcedid: "orgSourcedIds",
    agents: "agentSourcedIds",
    agentsourcedid: "agentSourcedIds",
    grade: "grades",
  },
  classes: { grade: "grades", termsourcedid: "termSourcedIds", subject: "subjects", period: "periods" },
  courses: { grade: "grades", subject: "subjects" },
};

/** Known, and kept nowhere: nobody needs them, and archives last. */
export const NEVER_KEPT: ReadonlySet<string> = new Set(["password"]);
