/**
 * What stays although tonight's records do not give it: the last delivered row of a record that is there and was
 * rejected, and whatever such a row refers to. A malformed record is no reason to take anything from anybody.
 */
import type { Database } from "../database.ts";
import { columnList, KEYS } from "./files.ts";
import { createBeside } from "./missing.ts";
import { carryLinks } from "./observers.ts";
import { STAYS } from "./reasons.ts";
import type { RosterColumns, RosterFile } from "./settle.ts";

/** Adds to the settled tables what stays, and says so in `rejects`. */
export async function carryOver(database: Database, columns: RosterColumns): Promise<void> {
  await createBeside(database, columns);
  await database.run(`
    CREATE TEMP TABLE here AS
      SELECT DISTINCT type, sourced_id FROM (FROM rejects UNION ALL FROM unfit) WHERE sourced_id <> '';
    CREATE TEMP TABLE kept (type VARCHAR, sourced_id VARCHAR)`);
  await findEnrollments(database);
  await carryUsers(database, columns.users);
  if (columns.user_observers !== undefined) await carryLinks(database, columns.user_observers);
  await carry(database, "sections", columns.sections, "section_id IN (SELECT section_id FROM staying)");
  const hosts = columns.xlists === undefined ? "" : ` OR ${HOSTS}`;
  await carry(
    database,
    "courses",
    columns.courses,
    `(course_id IN (SELECT course_id FROM sections)${hosts})`,
  );
  await carryTerms(database, columns.terms);
  await carryAccounts(database, columns.accounts);
  await carryEnrollments(database);
  await database.run(`
    UPDATE rejects SET reason = reason || '${STAYS}' WHERE (type, sourced_id) IN (SELECT (type, sourced_id) FROM kept);
    DROP TABLE here; DROP TABLE kept; DROP TABLE staying`);
}

/** A course in which sections of tonight are, cross-listed, with their work. */
const HOSTS = `course_id IN (SELECT xlist_course_id FROM last_xlists l JOIN sections USING (section_id) WHERE l.nights = 0)`;

/**
 * Makes `staying` of the delivered enrollments whose record was rejected, or that an enrollment names which was rejected
 * with its class or user. One whose class or user is gone by the SIS's own words, or not wanted, goes with it.
 */
async function findEnrollments(database: Database): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE named AS SELECT s.sourced_id, s.section_id, who.user_id, s.role FROM stranded s JOIN
      (SELECT sourced_id, user_id FROM user_ref UNION SELECT source_id, user_id FROM last_users) who ON who.sourced_id = s."user";
    CREATE TEMP TABLE staying AS SELECT l.* FROM last_enrollments l
      SEMI JOIN (
        SELECT section_id, user_id, role FROM named UNION ALL
        SELECT section_id, user_id, role FROM last_enrollments SEMI JOIN
          (SELECT sourced_id AS source_id FROM here WHERE type = 'enrollments') USING (source_id)) USING (section_id, user_id, role)
      ANTI JOIN candidates USING (section_id, user_id, role)
      WHERE nights = 0
        AND section_id NOT IN (SELECT section_id FROM last_sections WHERE source_id IN (SELECT sourced_id FROM
          (SELECT type, sourced_id FROM gone UNION ALL SELECT type, sourced_id FROM left_out) WHERE type = 'classes'))
        AND user_id NOT IN (SELECT user_id FROM last_users ANTI JOIN users USING (user_id)
          WHERE source_id IN (SELECT sourced_id FROM gone WHERE type = 'users'));
    INSERT INTO kept SELECT 'enrollments', source_id FROM staying;
    INSERT INTO kept SELECT 'enrollments', sourced_id FROM named SEMI JOIN staying USING (section_id, user_id, role);
    DROP TABLE named`);
}

/**
 * A login is Canvas's to give once. Whom the SIS gives it to tonight claims it; one who is carried over and had it is
 * then not mentioned, with all enrollments, and stays in Canvas as he is.
 */
async function carryUsers(database: Database, columns: readonly string[]): Promise<void> {
  const claims = ["login_id", "integration_id"].filter((column) => columns.includes(column));
  const isClaimed = claims.map(
    (column) => `(${column} <> '' AND (lower(${column}) IN (SELECT lower(${column}) FROM users)
      OR row_number() OVER (PARTITION BY lower(${column}) ORDER BY user_id) > 1))`,
  );
  await database.run(`
    CREATE TEMP TABLE carried AS SELECT *, ${isClaimed.join(" OR ")} AS claimed FROM last_users l ANTI JOIN users USING (user_id)
      WHERE ${stays("user_id IN (SELECT user_id FROM staying)")};
    INSERT INTO users BY NAME SELECT source_id AS sourced_id, '' AS modified, '' AS orgs, ${columnList(columns)}
      FROM carried WHERE NOT claimed;
    INSERT INTO beside_users BY NAME SELECT * EXCLUDE (claimed), 'unmentioned' AS fate FROM carried WHERE claimed;
    INSERT INTO kept SELECT source_type, source_id FROM carried;
    DROP TABLE carried`);
}

/** A row whose record is there stays if it was there; one that is needed stays also if it was missing, as it was sent. */
function stays(needed: string): string {
  return `((nights = 0 AND (source_type, source_id) IN (SELECT (type, sourced_id) FROM here))
    OR (status <> 'deleted' AND ${needed}))`;
}

/** Carries the rows of rejected records, and those that are needed. */
async function carry(
  database: Database,
  file: RosterFile,
  columns: readonly string[],
  needed: string,
): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE carried AS SELECT source_type, source_id, ${columnList(columns)}
      FROM last_${file} ANTI JOIN ${file} USING (${columnList(KEYS[file])})
      WHERE ${stays(needed)};
    INSERT INTO ${file} BY NAME FROM carried;
    INSERT INTO kept SELECT source_type, source_id FROM carried;
    DROP TABLE carried`);
}

/** A term that tonight's own courses do not need may be needed by those that stay. */
async function carryTerms(database: Database, columns: readonly string[]): Promise<void> {
  const needed = "term_id IN (SELECT term_id FROM courses)";
  await database.run(
    `INSERT INTO terms BY NAME FROM spare_terms ANTI JOIN terms USING (term_id) WHERE ${needed}`,
  );
  await carry(database, "terms", columns, needed);
}

async function carryAccounts(database: Database, columns: readonly string[]): Promise<void> {
  const needed = `account_id IN
    (SELECT account_id FROM courses UNION ALL SELECT parent_account_id FROM accounts)`;
  const count = () => database.count("SELECT count(*) FROM accounts");
  for (let before = -1; before !== (await count());) {
    before = await count();
    await carry(database, "accounts", columns, needed);
  }
}

/** The section may be in another course tonight. */
async function carryEnrollments(database: Database): Promise<void> {
  await database.run(`
    UPDATE staying SET course_id = s.course_id FROM sections s WHERE s.section_id = staying.section_id;
    INSERT INTO beside_enrollments BY NAME
      SELECT *, 'unmentioned' AS fate FROM staying SEMI JOIN beside_users USING (user_id);
    INSERT INTO candidates BY NAME
      SELECT course_id, section_id, user_id, role, start_date, end_date, '' AS modified, source_id AS sourced_id
      FROM staying ANTI JOIN beside_users USING (user_id)`);
}
