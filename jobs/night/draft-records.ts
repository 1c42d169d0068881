/** The records of one page as drafts: users and enrollments mapped, the others only read. Runs in the page threads. */
import { readRecord } from "../../connectors/oneroster/read-record.ts";
import type { Enrollment, ReadResult, RecordType, User } from "../../connectors/oneroster/records.ts";
import { ADMIN_COLUMNS, AGENT_COLUMNS, LOGIN_COLUMNS } from "../../connectors/store/roster/tables.ts";
import { adminRoles } from "../../mappers/admins.ts";
import { toEnrollmentRow } from "../../mappers/enrollments.ts";
import { partOf } from "../../mappers/observers.ts";
import { currentOrgs } from "../../mappers/user-orgs.ts";
import { loginPairs } from "../../mappers/logins.ts";
import { toUserRow, userColumns } from "../../mappers/users.ts";
import { addAbsent, addReject, addRow, type Drafts } from "./drafts.ts";
import { areAdministered } from "./roster-columns.ts";
import { note, type Notes } from "./notes.ts";
import type { PageWorkerData } from "./page-worker.ts";

/** The two collections that are mapped page by page; of the others the mapping needs all at once. */
export type BigType = "users" | "enrollments";

export function isBig(type: RecordType): type is BigType {
  return type === "users" || type === "enrollments";
}

/** Between the orgs of a user's draft, and between the agents: no id that has been read holds a control character. */
export const ORG_SEPARATOR = "\u001f";

const ENROLLMENT_DRAFT = ["section_id", "user", "role", "start_date", "end_date"] as const;

/** The columns of a draft's row behind its sourcedId and time. */
export function draftColumns(type: BigType, roster: PageWorkerData["roster"]): string[] {
  if (type === "enrollments") return [...ENROLLMENT_DRAFT];
  return [
    "orgs",
    ...userColumns(roster.users),
    ...(roster.observers ? AGENT_COLUMNS : []),
    ...(roster.users.moreLogins.length > 0 ? LOGIN_COLUMNS : []),
    ...(areAdministered(roster.admins) ? ADMIN_COLUMNS : []),
  ];
}

/** A record of a small collection, or why there is none: one line of JSON. */
export type SmallDraft<T extends RecordType> = Pick<ReadResult<T>, "record" | "reject">;

export function draftRecords(
  type: RecordType,
  raw: readonly unknown[],
  options: PageWorkerData,
  notes: Notes,
): Drafts {
  return isBig(type) ? draftBig(type, raw, options, notes) : draftSmall(type, raw, notes);
}

function draftSmall(type: RecordType, raw: readonly unknown[], notes: Notes): Drafts {
  let rows = "";
  for (const item of raw) {
    const { record, reject, leniences } = readRecord(type, item);
    for (const { field, reason, sourcedId } of leniences ?? []) note(notes, type, field, reason, sourcedId);
    rows += `${JSON.stringify({ record, reject })}\n`;
  }
  return { rows, rest: "" };
}

function draftBig(type: BigType, raw: readonly unknown[], options: PageWorkerData, notes: Notes): Drafts {
  const drafts: Drafts = { rows: "", rest: "" };
  const columns = draftColumns(type, options.roster);
  for (const item of raw) {
    const { record, reject, leniences } = readRecord(type, item);
    for (const { field, reason, sourcedId } of leniences ?? []) note(notes, type, field, reason, sourcedId);
    if (reject !== undefined) addReject(drafts, "malformed", reject, "");
    else if (record.gone) addAbsent(drafts, "gone", record.sourcedId, record.dateLastModified, "");
    else if (type === "users") draftUser(drafts, record as User, columns, options, notes);
    else draftEnrollment(drafts, record as Enrollment, options);
  }
  return drafts;
}

function draftUser(
  drafts: Drafts,
  user: User,
  columns: readonly string[],
  options: PageWorkerData,
  notes: Notes,
): void {
  const mapped = toUserRow(user, options.roster.users);
  const orgs = currentOrgs(user, options);
  const administered = adminRoles(user, options.roster.admins.roles, options);
  if (mapped.reject !== undefined) {
    // Whoever is of other schools only is nobody whose row is missed.
    if (isElsewhere(orgs, options)) {
      addAbsent(drafts, "left-out", user.sourcedId, user.dateLastModified, "school not selected");
    } else {
      const isAdmin = administered.some(([org]) => isSelected(org, options));
      addReject(drafts, isAdmin ? "unmapped-admin" : "unmapped", mapped.reject, user.dateLastModified);
    }
    return;
  }
  for (const { field, reason } of mapped.notes) note(notes, "users", field, reason, user.sourcedId);
  const cells: Record<string, string> = { ...mapped.row, orgs: orgs.join(ORG_SEPARATOR) };
  if (options.roster.observers) {
    cells["part"] = partOf(user, options);
    cells["agents"] = user.agents.join(ORG_SEPARATOR);
  }
  const { moreLogins } = options.roster.users;
  if (moreLogins.length > 0) cells["more_logins"] = loginPairs(user, moreLogins).join(ORG_SEPARATOR);
  if (administered.length > 0) cells["admin_roles"] = administered.flat().join(ORG_SEPARATOR);
  addRow(
    drafts,
    user.sourcedId,
    user.dateLastModified,
    columns.map((column) => cells[column] ?? ""),
  );
}

function isElsewhere(orgs: readonly string[], { roster, schools }: PageWorkerData): boolean {
  return roster.users.include === "all" && schools.length > 0 && !orgs.some((org) => schools.includes(org));
}

function isSelected(org: string, { schools }: Pick<PageWorkerData, "schools">): boolean {
  return schools.length === 0 || schools.includes(org);
}

function draftEnrollment(drafts: Drafts, enrollment: Enrollment, options: PageWorkerData): void {
  const { sourcedId, dateLastModified } = enrollment;
  const { row, reject, leftOut } = toEnrollmentRow(enrollment, {
    roles: options.roster.enrollments.roles,
    timezone: options.timezone,
    endDates: options.endDates,
  });
  if (reject !== undefined) addReject(drafts, "malformed", reject, dateLastModified);
  else if (leftOut !== undefined) addAbsent(drafts, "left-out", sourcedId, dateLastModified, leftOut);
  else
    addRow(
      drafts,
      sourcedId,
      dateLastModified,
      ENROLLMENT_DRAFT.map((column) => row[column]),
    );
}
