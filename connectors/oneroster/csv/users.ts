/**
 * Users of OneRoster 1.2, joined from users.csv, roles.csv and userProfiles.csv into what REST 1.2 sends: a user with
 * `roles` and `userProfiles`. What the files say of those beyond REST stays with them, so that the next delta can be
 * applied; those that are gone are kept aside, so that an old delta cannot bring them back.
 */
import { UNREADABLE } from "../record-shapes.ts";
import { idOf, isGone, type Merged, take } from "./merge.ts";
import type { RawRecord } from "./raw-record.ts";

export const USER_PARTS = ["roles", "userProfiles"] as const;
export type UserPart = (typeof USER_PARTS)[number];

/** Where parts that are gone are kept. */
const GONE: Record<UserPart, string> = { roles: "goneRoles", userProfiles: "goneUserProfiles" };

/** One row of one of the files: `of` whose user, and which of the files. */
export interface UserRow {
  table: "users" | UserPart;
  of: string;
  record: RawRecord;
}

export function userRow(record: RawRecord): UserRow {
  return { table: "users", of: idOf(record), record };
}

/** A row of roles.csv or userProfiles.csv as a member of its user; one that cannot be read is rejected as a user is. */
export function partRow(table: UserPart, row: RawRecord): UserRow {
  if (UNREADABLE in row) return { table: "users", of: "", record: row };
  const { user: _user, ...part } = row;
  return { table, of: idOf(row, "user"), record: table === "roles" ? part : profile(part) };
}

/** A user of the last state as the rows that it was made of. */
export function* rowsOfUser(user: RawRecord): Generator<UserRow> {
  const of = idOf(user);
  const { roles, userProfiles, goneRoles, goneUserProfiles, ...record } = user;
  yield { table: "users", of, record };
  for (const role of [...listOf(goneRoles), ...listOf(roles)]) yield { table: "roles", of, record: role };
  for (const one of [...listOf(goneUserProfiles), ...listOf(userProfiles)])
    yield { table: "userProfiles", of, record: one };
}

export interface JoinedUsers {
  users: RawRecord[];
  outdated: number;
  /** Rows that are of nobody whom users.csv has. */
  orphans: number;
}

/** @param rows all rows of some users, the older first */
export function joinUsers(rows: readonly UserRow[]): JoinedUsers {
  const users = emptyMerged();
  const parts = { roles: new Map<string, Merged>(), userProfiles: new Map<string, Merged>() };
  const nameless: RawRecord[] = [];
  for (const { table, of, record } of rows) {
    if (table === "users" && of === "") nameless.push(record);
    else if (table === "users") take(users, of, record);
    else {
      const known = parts[table].get(of) ?? emptyMerged();
      parts[table].set(of, known);
      take(known, idOf(record), record);
    }
  }
  const joined = [...users.records].map(([id, user]) => withParts(user, id, parts));
  const all = [...parts.roles, ...parts.userProfiles];
  return {
    users: [...joined, ...nameless],
    outdated: all.reduce((sum, [, { outdated }]) => sum + outdated, users.outdated),
    orphans: all
      .filter(([of]) => !users.records.has(of))
      .reduce((sum, [, { records }]) => sum + records.size, 0),
  };
}

function withParts(user: RawRecord, id: string, parts: Record<UserPart, Map<string, Merged>>): RawRecord {
  const whole: RawRecord = { ...user };
  for (const part of USER_PARTS) {
    const records = [...(parts[part].get(id)?.records.values() ?? [])];
    const gone = records.filter(isGone);
    whole[part] = records.filter((record) => !isGone(record));
    if (gone.length > 0) whole[GONE[part]] = gone;
  }
  return whole;
}

/** As REST 1.2 has it: the login in `credentials`; a password is kept nowhere. */
function profile(row: RawRecord): RawRecord {
  const { credentialType, username, ...part } = row;
  const credentials = username === undefined ? [] : [{ type: credentialType ?? "username", username }];
  return { ...part, profileId: row["sourcedId"], credentials };
}

function emptyMerged(): Merged {
  return { records: new Map(), outdated: 0 };
}

function listOf(value: unknown): RawRecord[] {
  return Array.isArray(value) ? (value as RawRecord[]) : [];
}
