/** Enrollments: whose section and user are there, and which one is current of each user in a section and role. */
import type { Database } from "../database.ts";
import { applyRules, type Rule } from "./rules.ts";
import { draftRows, loadRest } from "./copies.ts";
import { sortOutRest, type DraftFiles } from "./tables.ts";

/** First and last instant of the day of the run, as the rows' dates are written. */
export interface Today {
  start: string;
  end: string;
}

const SOURCE = { type: "'enrollments'", id: "sourced_id" };

/** Makes of the drafts `candidates`: those that resolve. The others end where their class or user did. */
export async function resolveEnrollments(
  database: Database,
  files: DraftFiles,
  columns: readonly string[],
  rules: readonly Rule[],
): Promise<void> {
  await loadCandidates(database, files, columns);
  await sortOutRest(database, "rest_enrollments", "'enrollments'", "fate IN ('malformed', 'unmapped')");
  await applyRules(database, { table: "candidates", file: "enrollments", columns, source: SOURCE }, rules);
  if ((await database.count(`SELECT count(*) FROM candidates WHERE ${IS_ORPHAN}`)) > 0)
    await takeOutOrphans(database);
  await database.run(`ALTER TABLE candidates DROP COLUMN "user"`);
}

const IS_ORPHAN = "(course_id IS NULL OR user_id IS NULL)";

/**
 * The drafts, with what they refer to where it is there; `user` is what an orphan names. They are joined while they are
 * read, for a table of them alone would cost as much again. DuckDB does not know how many rows a CSV file has and takes
 * it for the smaller side, which would be held in memory and read by one thread: the sides are as they stand here.
 */
async function loadCandidates(
  database: Database,
  files: DraftFiles,
  columns: readonly string[],
): Promise<void> {
  await database.run(`
    SET disabled_optimizers = 'build_side_probe_side';
    CREATE TABLE candidates AS
      SELECT s.course_id, e.section_id, u.user_id, e.role, e.start_date, e.end_date, e.modified, e.sourced_id,
        if(s.course_id IS NULL OR u.user_id IS NULL, e."user", NULL) AS "user"
      FROM ${draftRows(files, columns)} e
        LEFT JOIN sections s USING (section_id) LEFT JOIN user_ref u ON u.sourced_id = e."user";
    SET disabled_optimizers = ''`);
  await loadRest(database, "enrollments", files, "candidates");
}

async function takeOutOrphans(database: Database): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE orphans AS SELECT sourced_id, section_id, "user", role, course_id IS NULL AS no_section
      FROM candidates WHERE ${IS_ORPHAN}`);
  await explainOrphans(
    database,
    "class",
    "SELECT sourced_id, section_id AS ref FROM orphans WHERE no_section",
  );
  await explainOrphans(
    database,
    "user",
    `SELECT sourced_id, "user" AS ref FROM orphans WHERE NOT no_section`,
  );
  await database.run(`
    INSERT INTO stranded SELECT sourced_id, section_id, "user", role FROM orphans
      WHERE sourced_id IN (SELECT sourced_id FROM rejects WHERE type = 'enrollments');
    DELETE FROM candidates WHERE ${IS_ORPHAN};
    DROP TABLE orphans`);
}

/**
 * An enrollment of a class or user that is gone or not wanted goes with it; all else is a fault of the data. A user
 * who is unfit and needed here is a fault of its own as well.
 */
async function explainOrphans(database: Database, what: "class" | "user", orphans: string): Promise<void> {
  const type = what === "class" ? "'classes'" : "'users'";
  await database.run(`
    CREATE TEMP TABLE explained AS SELECT o.sourced_id, o.ref,
      CASE WHEN EXISTS (FROM gone g WHERE g.type = ${type} AND g.sourced_id = o.ref) THEN 'its ${what} is gone'
        ELSE (SELECT min(reason) FROM left_out l WHERE l.type = ${type} AND l.sourced_id = o.ref) END AS absent,
      (SELECT min(reason) FROM (FROM rejects UNION ALL FROM unfit) r WHERE r.type = ${type} AND r.sourced_id = o.ref) AS refused
      FROM (${orphans}) o;
    INSERT INTO left_out SELECT 'enrollments', sourced_id, absent FROM explained WHERE absent IS NOT NULL;
    INSERT INTO rejects SELECT 'enrollments', sourced_id, '${what}', left(ref, 200),
      coalesce('its ${what} was left out: ' || refused, 'the SIS has sent no such ${what}')
      FROM explained WHERE absent IS NULL;
    INSERT INTO rejects FROM unfit
      WHERE type = ${type} AND sourced_id IN (SELECT ref FROM explained WHERE absent IS NULL);
    DROP TABLE explained`);
}

/**
 * Makes `enrollments` of the candidates. Drop and re-add leave several of a user in a section in one role; Canvas would
 * take whichever it reads last. One that is current today wins, with the widest dates of all that are (blank is open);
 * else the next to begin; else the last to end.
 */
export async function keepCurrent(database: Database, today: Today): Promise<void> {
  // Hashes are told apart in half the time of what they were made of; two that are alike are a reason to look.
  await database.run(`CREATE TEMP TABLE suspects AS
    SELECT ${KEY_HASH} AS hash FROM candidates GROUP BY hash HAVING count(*) > 1`);
  if ((await database.count("SELECT count(*) FROM suspects")) > 0) {
    await database.run(`
      CREATE TEMP TABLE ranked AS SELECT *, CASE WHEN start_date > '${today.end}' THEN 'to come'
          WHEN end_date <> '' AND end_date < '${today.start}' THEN 'over' ELSE 'current' END AS tense
        FROM candidates WHERE ${KEY_HASH} IN (FROM suspects)
        QUALIFY count(*) OVER (PARTITION BY section_id, user_id, role) > 1;
      CREATE TEMP TABLE chosen AS SELECT * EXCLUDE (tense) REPLACE (
          CASE tense WHEN 'current' THEN min(start_date) OVER alike ELSE start_date END AS start_date,
          CASE WHEN tense = 'current' AND min(end_date) OVER alike <> '' THEN max(end_date) OVER alike
            WHEN tense = 'current' THEN '' ELSE end_date END AS end_date)
        FROM ranked
        WINDOW alike AS (PARTITION BY section_id, user_id, role, tense),
          best AS (PARTITION BY section_id, user_id, role ORDER BY
            CASE tense WHEN 'current' THEN 0 WHEN 'to come' THEN 1 ELSE 2 END,
            CASE tense WHEN 'to come' THEN start_date END,
            CASE tense WHEN 'over' THEN end_date END DESC,
            modified DESC, sourced_id)
        QUALIFY row_number() OVER best = 1;
      INSERT INTO left_out SELECT 'enrollments', sourced_id, 'another enrollment of the same user, class and role counts'
        FROM ranked WHERE sourced_id NOT IN (SELECT sourced_id FROM chosen);
      DELETE FROM candidates WHERE sourced_id IN (SELECT sourced_id FROM ranked);
      INSERT INTO candidates BY NAME FROM chosen;
      DROP TABLE ranked; DROP TABLE chosen`);
  }
  await database.run("DROP TABLE suspects");
  await fillDates(database);
  await database.run("CREATE VIEW enrollments AS SELECT *, 'active' AS status FROM candidates");
}

const KEY_HASH = "hash(section_id, user_id, role)";

const HAS_ONE_DATE = "(start_date = '') <> (end_date = '')";

/**
 * Canvas heeds the dates of an enrollment only when both are there: somebody who left would stay until the term ends.
 * The one that the SIS has not given is that of the section, else of its course's term. Only now, as a blank date of
 * several enrollments is open when it is decided which of them counts.
 *
 * One who leaves before the section begins, or comes after it has ended, would have dates that Canvas may read either
 * way round. Both are then the date that the SIS gave: to come before it, over after it, and at no time inside, as the
 * section and the SIS together say.
 */
async function fillDates(database: Database): Promise<void> {
  if ((await database.count(`SELECT count(*) FROM candidates WHERE ${HAS_ONE_DATE}`)) === 0) return;
  await database.run(`
    CREATE TEMP TABLE filled AS SELECT e.* REPLACE (
        if(e.start_date <> '' OR whole.first = '', e.start_date, least(whole.first, e.end_date)) AS start_date,
        if(e.end_date <> '' OR whole.last = '', e.end_date, greatest(whole.last, e.start_date)) AS end_date)
      FROM candidates e JOIN
        (SELECT section_id, coalesce(nullif(s.start_date, ''), t.start_date, '') AS first,
            coalesce(nullif(s.end_date, ''), t.end_date, '') AS last
          FROM sections s LEFT JOIN courses c USING (course_id) LEFT JOIN terms t USING (term_id)) whole USING (section_id)
      WHERE ${HAS_ONE_DATE.replaceAll(/(start|end)_date/g, "e.$&")};
    DELETE FROM candidates WHERE ${HAS_ONE_DATE};
    INSERT INTO candidates BY NAME FROM filled;
    DROP TABLE filled`);
}
