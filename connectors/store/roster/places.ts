/** Accounts, terms, courses and sections: every reference resolves, every key stands once. */
import { readCsv } from "../csv.ts";
import { literal, type Database } from "../database.ts";
import { applyRules, type Rule } from "./rules.ts";
import { countRepeats, PLACE_COLUMNS, type MappedFiles } from "./tables.ts";

export type PlaceFile = "accounts" | "terms" | "courses" | "sections";

const SOURCE = { type: "source_type", id: "source_id" };

export async function settlePlaces(
  database: Database,
  files: MappedFiles,
  columns: Record<PlaceFile, readonly string[]>,
  rules: readonly Rule[],
): Promise<void> {
  for (const file of ["accounts", "terms", "courses", "sections"] as const) {
    await database.run(
      `CREATE TABLE ${file} AS SELECT * FROM ${readCsv([files[file]], [...PLACE_COLUMNS, ...columns[file]])}`,
    );
    await applyRules(database, { table: file, file, columns: columns[file], source: SOURCE }, rules);
  }
  await rejectOrphanAccounts(database);
  await rejectOrphans(database, "courses", "account_id", "accounts", "account");
  await rejectOrphans(database, "courses", "term_id", "terms", "term");
  await rejectTornCourses(database);
  // Several classes may have given the same course: one of them stands for all.
  await database.run(`CREATE OR REPLACE TABLE courses AS
    FROM courses QUALIFY row_number() OVER (PARTITION BY course_id ORDER BY source_type, source_id) = 1`);
  await rejectOrphans(database, "sections", "course_id", "courses", "course");
  await database.run(`
    CREATE TABLE spare_terms AS FROM terms WHERE term_id NOT IN (SELECT term_id FROM courses);
    DELETE FROM terms WHERE term_id IN (SELECT term_id FROM spare_terms)`);
}

/** An account falls with its parent, and so on down. */
async function rejectOrphanAccounts(database: Database): Promise<void> {
  for (;;) {
    const before = await database.count("SELECT count(*) FROM accounts");
    await rejectOrphans(
      database,
      "accounts",
      "parent_account_id",
      "accounts",
      "parent account",
      "account_id",
    );
    if ((await database.count("SELECT count(*) FROM accounts")) === before) return;
  }
}

/**
 * A course that is known by course and term must be the same one in every class that gives it. When the rows differ
 * Canvas would make of it whatever the last row says, and move it, with all its sections, into one of the accounts.
 */
async function rejectTornCourses(database: Database): Promise<void> {
  if ((await countRepeats(database, "courses", "course_id")) === 0) return;
  const differing = "count(DISTINCT (short_name, long_name, account_id, term_id)) > 1";
  await database.run(`
    CREATE TEMP TABLE torn AS SELECT course_id, count(DISTINCT account_id) AS accounts,
        string_agg(DISTINCT account_id, ', ' ORDER BY account_id) AS names
      FROM courses GROUP BY course_id HAVING ${differing};
    INSERT INTO rejects SELECT source_type, source_id, 'course_id', course_id, CASE WHEN accounts > 1
      THEN 'is taught in several accounts (' || names || ') in one term, and would be one Canvas course in all of them; '
        || 'use roster.courses.identity: class'
      ELSE 'different courses would have this id; use roster.courses.identity: class' END
      FROM courses JOIN torn USING (course_id);
    DELETE FROM courses WHERE course_id IN (SELECT course_id FROM torn);
    DROP TABLE torn`);
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
  if ((await database.count(`SELECT count(*) FROM ${table} WHERE ${orphan}`)) === 0) return;
  // A class whose course row has just been refused is in rejects.csv with that reason already.
  await database.run(`
    INSERT INTO rejects SELECT source_type, source_id, ${literal(column)}, ${column},
      ${literal(`its ${what} is not in the package`)} FROM ${table}
      WHERE ${orphan} AND NOT EXISTS (FROM rejects r WHERE r.type = source_type AND r.sourced_id = source_id);
    DELETE FROM ${table} WHERE ${orphan}`);
}
