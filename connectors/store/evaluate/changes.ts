/**
 * The rows of change_sis_id.csv, which join what is the same under two ids. Canvas changes ids in several jobs at once,
 * so the order of rows cannot be relied on, and skips a row whose new id anything of its type has, deleted or not:
 * "A new_id, 'X', referenced an existing user". So no row is proposed whose new id Canvas has at all, even when another
 * row would set it free. Source: Canvas SIS CSV format, and its importer.
 */
import type { Database } from "../database.ts";
import { ID_TYPES, type IdType } from "./tables.ts";

/** What the importer calls each type. */
const TYPE_WORDS: Record<IdType, string> = {
  accounts: "account",
  terms: "term",
  courses: "course",
  sections: "section",
  users: "user",
};

/**
 * Makes `changes` and `blocked` (type, old_id, new_id). Of a blocked one `waits` says whether its new id becomes free once
 * the changes are made, so that a later evaluation proposes it.
 */
export async function proposeChanges(database: Database): Promise<void> {
  await database.run(`
    CREATE TABLE changes (type VARCHAR, old_id VARCHAR, new_id VARCHAR);
    CREATE TABLE blocked (type VARCHAR, old_id VARCHAR, new_id VARCHAR, waits BOOLEAN)`);
  for (const type of ID_TYPES) await proposeOf(database, type);
}

async function proposeOf(database: Database, type: IdType): Promise<void> {
  const word = TYPE_WORDS[type];
  await database.run(`
    CREATE TEMP TABLE wanted AS SELECT c.id AS old_id, m.id AS new_id
      FROM match_${type} m JOIN canvas_${type} c USING (line)
      WHERE m.joins AND c.id <> '' AND c.id <> m.id AND c.id NOT IN (SELECT id FROM twice_${type});
    INSERT INTO changes SELECT '${word}', old_id, new_id FROM wanted
      WHERE new_id NOT IN (SELECT id FROM canvas_${type})
      QUALIFY count(*) OVER (PARTITION BY old_id) = 1 AND count(*) OVER (PARTITION BY new_id) = 1;
    CREATE TEMP TABLE stuck AS FROM wanted
      ANTI JOIN (FROM changes WHERE type = '${word}') USING (old_id, new_id);
    INSERT INTO blocked
      WITH RECURSIVE freed AS (
        SELECT old_id AS id FROM changes WHERE type = '${word}'
        UNION SELECT s.old_id FROM stuck s JOIN freed f ON s.new_id = f.id
      ) SELECT '${word}', old_id, new_id, new_id IN (SELECT id FROM freed) FROM stuck;
    DROP TABLE wanted; DROP TABLE stuck`);
}
