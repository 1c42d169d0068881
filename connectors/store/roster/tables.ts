/**
 * The tables that a night's sets are settled in. Every record that does not become a row ends in one of
 *   rejects  (type, sourced_id, field, value, reason)  malformed, or nothing that Canvas would take
 *   left_out (type, sourced_id, reason)                sound, and not wanted
 *   gone     (type, sourced_id)                        the SIS says so
 */
import { identifier, literal, type Database } from "../database.ts";
import { readCsv } from "../csv.ts";

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
export const REST_COLUMNS = ["sourced_id", "modified", "fate", "field", "value", "reason"] as const;

/** A value that Canvas refuses or misreads, as data. */
export interface ColumnRule {
  file: string;
  column: string;
  required?: true;
  /** In characters. */
  maxLength?: number;
  /** The whole value must match; blank values pass. */
  pattern?: string;
}

export async function createReasonTables(database: Database, rest: string): Promise<void> {
  await database.run(`
    CREATE TABLE rejects (type VARCHAR, sourced_id VARCHAR, field VARCHAR, value VARCHAR, reason VARCHAR);
    CREATE TABLE left_out (type VARCHAR, sourced_id VARCHAR, reason VARCHAR);
    CREATE TABLE gone (type VARCHAR, sourced_id VARCHAR);
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

/** Takes the rows out of a table that Canvas would refuse, each with its reason; `into` is a table like rejects. */
export async function applyRules(
  database: Database,
  table: string,
  rules: readonly ColumnRule[],
  source: { type: string; id: string },
  into = "rejects",
): Promise<void> {
  const broken = rules.filter(({ file }) => file === table).map((rule) => ({ rule, where: breaks(rule) }));
  if (broken.length === 0) return;
  const any = broken.map(({ where }) => where).join(" OR ");
  // The columns under rule have few different values, or few rows: look once before looking for who.
  const columns = [...new Set(broken.map(({ rule }) => identifier(rule.column)))].join(", ");
  const found = await database.count(
    `SELECT count(*) FROM (SELECT DISTINCT ${columns} FROM ${table}) WHERE ${any}`,
  );
  if (found === 0) return;
  for (const { rule, where } of broken) {
    await database.run(`INSERT INTO ${into} SELECT ${source.type}, ${source.id}, ${literal(rule.column)},
      left(${identifier(rule.column)}, 200), ${literal(because(rule))} FROM ${table} WHERE ${where}`);
  }
  await database.run(`DELETE FROM ${table} WHERE ${any}`);
}

function breaks({ column, required, maxLength, pattern }: ColumnRule): string {
  const value = identifier(column);
  const conditions = [];
  if (required) conditions.push(`${value} = ''`);
  if (maxLength !== undefined) conditions.push(`length(${value}) > ${maxLength}`);
  if (pattern !== undefined)
    conditions.push(`(${value} <> '' AND NOT regexp_full_match(${value}, ${literal(pattern)}))`);
  return `(${conditions.join(" OR ")})`;
}

function because({ required, maxLength, pattern }: ColumnRule): string {
  const demands = [];
  if (required) demands.push("it must not be empty");
  if (maxLength !== undefined) demands.push(`Canvas takes at most ${maxLength} characters`);
  if (pattern !== undefined) demands.push(`Canvas takes only ${pattern}`);
  return demands.join("; ");
}
