/** Accounts, terms, courses and sections: every reference resolves, every key stands once. */
import { readCsv } from "../csv.ts";
import { literal, type Database } from "../database.ts";
import { applyRules, PLACE_COLUMNS, type ColumnRule, type MappedFiles } from "./tables.ts";

export type PlaceFile = "accounts" | "terms" | "courses" | "sections";

const SOURCE = { type: "source_type", id: "source_id" };

export async function settlePlaces(
  database: Database,
  files: MappedFiles,
  columns: Record<PlaceFile, readonly string[]>,
  rules: readonly ColumnRule[],
): Promise<void> {
  for (const file of ["accounts", "terms", "courses", "sections"] as const) {
    await database.run(
      `CREATE TABLE ${file} AS SELECT * FROM ${readCsv([files[file]], [...PLACE_COLUMNS, ...columns[file]])}`,
    );
    await applyRules(database, file, rules, SOURCE);
  }
  await rejectOrphanAccounts(database);
  await settleCourses(database);
  await rejectOrphans(database, "sections", "course_id", "courses", "course");
  await database.run(`DELETE FROM terms WHERE term_id NOT IN (SELECT term_id FROM courses)`);
}

/** An account falls with its parent, and so on down. */
async function rejectOrphanAccounts(database: Database): Promise<void> {
  for (;;) {
    const before = await database.count("SELECT count(*) FROM accounts");
    await rejectOrphans(database, "accounts", "parent_account_id", "accounts", "account", "account_id");
    if ((await database.count("SELECT count(*) FROM accounts")) === before) return;
  }
}

/**
 * Several classes give the same row of a course that is known by course and term. When those rows differ the course
 * would stand in two schools at once, and Canvas would put it wherever the last row says.
 */
async function settleCourses(database: Database): Promise<void> {
  await rejectOrphans(database, "courses", "account_id", "accounts", "account");
  await rejectOrphans(database, "courses", "term_id", "terms", "term");
  await database.run(`
    CREATE TEMP TABLE torn AS SELECT course_id, string_agg(DISTINCT account_id, ', ' ORDER BY account_id) AS accounts
      FROM courses GROUP BY course_id HAVING count(DISTINCT (short_name, long_name, account_id, term_id)) > 1;
    INSERT INTO rejects SELECT DISTINCT source_type, source_id, 'account_id', course_id,
      'is taught in several accounts (' || accounts || ') in one term, and would be one Canvas course in all of them; '
      || 'use roster.courses.identity: class' FROM courses JOIN torn USING (course_id);
    CREATE OR REPLACE TABLE courses AS SELECT DISTINCT * FROM courses ANTI JOIN torn USING (course_id)`);
}

/** Takes out the rows whose reference does not resolve; blank ones refer to nothing. */
async function rejectOrphans(
  database: Database,
  table: string,
  column: string,
  to: string,
  what: string,
  key = column,
): Promise<void> {
  const orphan = `${column} <> '' AND ${column} NOT IN (SELECT ${key} FROM ${to})`;
  // A class whose course row has just been refused is in rejects.csv with that reason already.
  await database.run(`
    INSERT INTO rejects SELECT source_type, source_id, ${literal(column)}, ${column},
      ${literal(`its ${what} is not in the package`)} FROM ${table}
      WHERE ${orphan} AND NOT EXISTS (FROM rejects r WHERE r.type = source_type AND r.sourced_id = source_id);
    DELETE FROM ${table} WHERE ${orphan}`);
}
