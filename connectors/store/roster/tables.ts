/**
 * The tables that a night's sets are settled in. Every record that does not become a row ends in one of
 *   rejects  (type, sourced_id, field, value, reason)  malformed, or nothing that Canvas would take
 *   left_out (type, sourced_id, reason)                sound, and not wanted
 *   gone     (type, sourced_id)                        the SIS says so
 * Enrollments that are sound and were rejected with their class or user are also in `stranded`, with what they name.
 */
import { readCsv } from "../csv.ts";
import type { Database } from "../database.ts";

/** What the map stage wrote: CSV files without a header. */
export interface MappedFiles {
  /** Canvas columns behind PLACE_COLUMNS. */
  accounts: string;
  terms: string;
  courses: string;
  sections: string;
  /** One or more: `rows` hold DRAFT_COLUMNS and the draft's own, `rest` hold REST_COLUMNS. */
  users: DraftFiles;
  enrollments: DraftFiles;
  /** Records of the small collections that became no row: type and REST_COLUMNS. */
  rest: string;
}

export interface DraftFiles {
  rows: string[];
  rest: string[];
}

/** Of which OneRoster record a row of accounts, terms, courses or sections was made. */
export const PLACE_COLUMNS = ["source_type", "source_id"] as const;
export const DRAFT_COLUMNS = ["sourced_id", "modified"] as const;
/** Of a user's draft where observers are wanted: what the user can be to others, and whom the record names. */
export const AGENT_COLUMNS = ["part", "agents"] as const;
/** Of a user's draft where more logins are wanted: pairs of the field's name and its value, one after the other. */
export const LOGIN_COLUMNS = ["more_logins"] as const;
/** Of a user's draft where admins are wanted: pairs of an org's sourcedId and Canvas's role there. */
export const ADMIN_COLUMNS = ["admin_roles"] as const;
export const REST_COLUMNS = ["sourced_id", "modified", "fate", "field", "value", "reason"] as const;

export async function createReasonTables(database: Database, rest: string): Promise<void> {
  await database.run(`
    CREATE TABLE rejects (type VARCHAR, sourced_id VARCHAR, field VARCHAR, value VARCHAR, reason VARCHAR);
    CREATE TABLE left_out (type VARCHAR, sourced_id VARCHAR, reason VARCHAR);
    CREATE TABLE gone (type VARCHAR, sourced_id VARCHAR);
    CREATE TABLE stranded (sourced_id VARCHAR, section_id VARCHAR, "user" VARCHAR, role VARCHAR);
    CREATE TEMP TABLE small_rest AS SELECT * FROM ${readCsv([rest], ["type", ...REST_COLUMNS])}`);
  await sortOutRest(database, "small_rest", "type", "fate IN ('malformed', 'unmapped')");
}

/** Tells rejects, left-out and gone records of a table of REST_COLUMNS apart. */
export async function sortOutRest(
  database: Database,
  table: string,
  type: string,
  rejected: string,
): Promise<void> {
  await database.run(`
    INSERT INTO rejects SELECT ${type}, sourced_id, field, value, reason FROM ${table} WHERE ${rejected};
    INSERT INTO left_out SELECT ${type}, sourced_id, reason FROM ${table} WHERE fate = 'left-out';
    INSERT INTO gone SELECT ${type}, sourced_id FROM ${table} WHERE fate = 'gone'`);
}

/**
 * How many rows of a table expression share their key with an earlier one. Of keys that are told apart by their
 * hashes none is counted; two that share a hash are, so 0 is certain and more is a reason to look.
 */
export function countRepeats(database: Database, from: string, key: string): Promise<number> {
  return database.count(`SELECT count(*) - count(DISTINCT hash(${key})) FROM ${from}`);
}
