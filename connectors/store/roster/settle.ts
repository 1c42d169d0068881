/** A night's sets, settled: from what was mapped to the rows of the package, and all that is in none of them. */
import type { Database } from "../database.ts";
import { settleAdmins, takeAdmins } from "./admins.ts";
import { loadBaseline } from "./baseline.ts";
import { carryOver } from "./carry.ts";
import { settleCrossLists, type CrossListing } from "./cross-lists.ts";
import { loadDrafts } from "./copies.ts";
import { keepCurrent, resolveEnrollments, type Today } from "./enrollments.ts";
import { settleLogins, takeLogins } from "./logins.ts";
import { createBeside, settleMissing, type MissingRules } from "./missing.ts";
import { findLinks, settleLinks, takeAgents } from "./observers.ts";
import { settlePlaces, type PlaceFile } from "./places.ts";
import type { Rule } from "./rules.ts";
import {
  ADMIN_COLUMNS,
  AGENT_COLUMNS,
  createReasonTables,
  LOGIN_COLUMNS,
  type MappedFiles,
} from "./tables.ts";
import { identifyUsers, selectUsers, type UserSelection } from "./users.ts";

/** The files of every night. */
export type CoreFile = PlaceFile | "users" | "enrollments";
/** Files of nights for which the configuration asks for them, and of those after, until Canvas has let go of all. */
export type ExtraFile = "xlists" | "logins" | "admins" | "user_observers";
export type RosterFile = CoreFile | ExtraFile;
export type RosterColumns = Record<CoreFile, readonly string[]> &
  Partial<Record<ExtraFile, readonly string[]>>;

export interface SettleOptions extends UserSelection {
  mapped: MappedFiles;
  columns: RosterColumns;
  /**
   * Of the drafts' rows, behind DRAFT_COLUMNS; those of users begin with `orgs`, those of enrollments with their
   * references. Users have AGENT_COLUMNS as well where observers are wanted, LOGIN_COLUMNS for more logins, and
   * ADMIN_COLUMNS for admins.
   */
  draftColumns: { users: readonly string[]; enrollments: readonly string[] };
  rules: readonly Rule[];
  /** Wanted cross-listings; without them those that were delivered are gone. */
  crossLists?: CrossListing;
  today: Today;
  /** What was delivered last, and what becomes of that of it which is gone; undefined before the first delivery. */
  last?: MissingRules & { folder: string };
}

/** Settles all sets in the database's tables: one for each Canvas file, and one for each with what is missing of it. */
export async function settleRoster(database: Database, options: SettleOptions): Promise<void> {
  const { mapped, columns, draftColumns, rules } = options;
  const observed = AGENT_COLUMNS.every((column) => draftColumns.users.includes(column));
  const moreLogins = LOGIN_COLUMNS.every((column) => draftColumns.users.includes(column));
  const administered = ADMIN_COLUMNS.every((column) => draftColumns.users.includes(column));
  await loadBaseline(database, options.last?.folder, columns);
  await createReasonTables(database, mapped.rest);
  await settlePlaces(database, mapped, columns, rules);
  await loadDrafts(database, "users", mapped.users, draftColumns.users);
  if (moreLogins) await takeLogins(database, options.orgSeparator);
  if (administered) await takeAdmins(database, options.orgSeparator);
  if (observed) await takeAgents(database, options.orgSeparator);
  await identifyUsers(database, draftColumns.users, rules, options.orgSeparator);
  await resolveEnrollments(database, mapped.enrollments, draftColumns.enrollments, rules);
  if (observed) await findLinks(database);
  await selectUsers(database, draftColumns.users, options, { observed, administered });
  if (columns.user_observers !== undefined) await settleLinks(database, observed);
  await keepCurrent(database, options.today);
  if (options.last === undefined) await createBeside(database, columns);
  else await carryOver(database, columns);
  if (columns.admins !== undefined)
    await settleAdmins(database, administered ? { rules, schools: options.schools } : undefined);
  if (columns.logins !== undefined) await settleLogins(database, moreLogins ? rules : undefined);
  if (columns.xlists !== undefined) await settleCrossLists(database, options.crossLists);
  if (options.last !== undefined) await settleMissing(database, columns, options.last);
}
