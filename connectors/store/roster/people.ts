/** Users and enrollments: who is who, who is in the package, and the one current enrollment of each in a section. */
import { literal, type Database } from "../database.ts";
import { loadDrafts } from "./copies.ts";
import { applyRules, sortOutRest, type ColumnRule, type DraftFiles } from "./tables.ts";

export interface PeopleOptions {
  users: { files: DraftFiles; columns: readonly string[]; include: "enrolled" | "all" };
  enrollments: { files: DraftFiles; columns: readonly string[] };
  /** sourcedIds of the schools to take; empty: all. With `include: all` a user must be of one of them. */
  schools: readonly string[];
  /** Between two orgs in a user's `orgs`. */
  orgSeparator: string;
  rules: readonly ColumnRule[];
  /** First and last instant of the day of the run, as the rows' dates are written. */
  today: { start: string; end: string };
}

const USER_SOURCE = { type: "'users'", id: "sourced_id" };
const ENROLLMENT_SOURCE = { type: "'enrollments'", id: "sourced_id" };

export async function settlePeople(database: Database, options: PeopleOptions): Promise<void> {
  await loadDrafts(database, "users", options.users.files, ["orgs", ...options.users.columns]);
  await loadDrafts(database, "enrollments", options.enrollments.files, options.enrollments.columns);
  await sortOutRest(database, "rest_enrollments", "'enrollments'", "fate IN ('malformed', 'unmapped')");
  await identifyUsers(database, options);
  await resolveEnrollments(database);
  await selectUsers(database, options);
  await keepCurrent(database, options);
}

/**
 * `users` holds one row a user_id, `user_ref` leads every sourcedId to it. Several records with one user_id are one
 * person when they bear one name (a SIS that has a record a role); otherwise two people would become one.
 */
async function identifyUsers(database: Database, { rules }: PeopleOptions): Promise<void> {
  // What cannot be a user is of consequence only when somebody needs it: until then it waits here.
  await database.run(`
    ALTER TABLE draft_users RENAME TO users;
    CREATE TABLE unfit AS FROM rejects WHERE false;
    INSERT INTO unfit SELECT 'users', sourced_id, field, value, reason FROM rest_users WHERE fate = 'unmapped'`);
  await sortOutRest(database, "rest_users", "'users'", "fate = 'malformed'");
  await applyRules(database, "users", rules, USER_SOURCE, "unfit");
  await database.run(`
    CREATE TEMP TABLE shared AS SELECT user_id, string_agg(sourced_id, ', ' ORDER BY sourced_id) AS who,
        count(DISTINCT (lower(first_name), lower(last_name))) AS names
      FROM users GROUP BY user_id HAVING count(*) > 1;
    INSERT INTO unfit SELECT 'users', sourced_id, 'user_id', user_id,
      'several users (' || who || ') have this id and different names' FROM users JOIN shared USING (user_id) WHERE names > 1;
    DELETE FROM users WHERE user_id IN (SELECT user_id FROM shared WHERE names > 1);
    CREATE TABLE user_ref AS SELECT sourced_id, user_id FROM users;
    CREATE TEMP TABLE other AS SELECT sourced_id FROM users SEMI JOIN shared USING (user_id) QUALIFY
      row_number() OVER (PARTITION BY user_id ORDER BY status = 'active' DESC, modified DESC, sourced_id) > 1;
    DELETE FROM users WHERE sourced_id IN (SELECT sourced_id FROM other);
    DROP TABLE shared; DROP TABLE other`);
}

/** `candidates`: enrollments whose section and user are there; the others, each with what is the matter. */
async function resolveEnrollments(database: Database): Promise<void> {
  await database.run(`
    CREATE TABLE candidates AS
      SELECT s.course_id, e.section_id, u.user_id, e.role, e.start_date, e.end_date, e.modified, e.sourced_id
      FROM draft_enrollments e JOIN sections s USING (section_id) JOIN user_ref u ON u.sourced_id = e."user"`);
  const all = await database.count("SELECT count(*) FROM draft_enrollments");
  if ((await database.count("SELECT count(*) FROM candidates")) < all) {
    await database.run(`
      CREATE TEMP TABLE orphans AS
        SELECT e.sourced_id, e.section_id, e."user", s.section_id IS NULL AS no_section
        FROM draft_enrollments e LEFT JOIN sections s USING (section_id) LEFT JOIN user_ref u ON u.sourced_id = e."user"
        WHERE s.section_id IS NULL OR u.sourced_id IS NULL`);
    await explainOrphans(database, "no_section", "class", "section_id", "'classes'");
    await explainOrphans(database, "NOT no_section", "user", '"user"', "'users'");
    await database.run("DROP TABLE orphans");
  }
  await database.run("DROP TABLE draft_enrollments");
}

/** An enrollment of a class or user that is gone or not wanted goes with it; all else is a fault of the data. */
async function explainOrphans(
  database: Database,
  where: string,
  what: string,
  ref: string,
  type: string,
): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE explained AS SELECT o.sourced_id, ${ref} AS ref,
      CASE WHEN EXISTS (FROM gone g WHERE g.type = ${type} AND g.sourced_id = ${ref}) THEN 'its ${what} is gone'
        ELSE (SELECT min(reason) FROM left_out l WHERE l.type = ${type} AND l.sourced_id = ${ref}) END AS absent,
      (SELECT min(reason) FROM rejects r WHERE r.type = ${type} AND r.sourced_id = ${ref}) AS refused,
      ${what === "user" ? `(SELECT min(reason) FROM unfit f WHERE f.sourced_id = ${ref})` : "NULL"} AS unfit
      FROM orphans o WHERE ${where};
    INSERT INTO left_out SELECT 'enrollments', sourced_id, absent FROM explained WHERE absent IS NOT NULL;
    INSERT INTO rejects SELECT 'enrollments', sourced_id, '${what}', ref,
      CASE WHEN coalesce(refused, unfit) IS NULL THEN 'the SIS has sent no such ${what}'
        ELSE 'its ${what} was left out: ' || coalesce(refused, unfit) END
      FROM explained WHERE absent IS NULL;
    ${what === "user" ? "INSERT INTO rejects FROM unfit f WHERE f.sourced_id IN (SELECT ref FROM explained WHERE absent IS NULL AND refused IS NULL);" : ""}
    DROP TABLE explained`);
}

/** Only who is needed stays, and of those who claim one login only one. */
async function selectUsers(database: Database, options: PeopleOptions): Promise<void> {
  const { include } = options.users;
  if (include === "all") {
    await database.run(`INSERT INTO rejects FROM unfit f
      WHERE NOT EXISTS (FROM rejects r WHERE r.type = 'users' AND r.sourced_id = f.sourced_id AND r.field = f.field)`);
  }
  const enrolled = "user_id IN (SELECT DISTINCT user_id FROM candidates)";
  const wanted = include === "enrolled" ? enrolled : `${enrolled} OR ${isOfSchools(options)}`;
  await database.run(`CREATE OR REPLACE TABLE users AS SELECT * FROM users WHERE ${wanted}`);
  await settleClaims(database, "lower(login_id)", "login_id", "login");
  if (options.users.columns.includes("integration_id")) {
    await settleClaims(database, "integration_id", "integration_id", "integration_id");
  }
}

/**
 * Canvas takes the first of two users with one login, compared without case, and skips the other, by chance. The
 * active one before a suspended one, then the smaller user_id: any rule will do that does not change overnight.
 */
async function settleClaims(database: Database, claim: string, column: string, what: string): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE losers AS SELECT sourced_id, user_id, ${column} AS value, first(user_id) OVER claims AS winner
      FROM users WHERE ${column} <> '' QUALIFY row_number() OVER claims > 1
      WINDOW claims AS (PARTITION BY ${claim} ORDER BY status = 'active' DESC, user_id)`);
  if ((await database.count("SELECT count(*) FROM losers")) > 0) {
    await database.run(`
      INSERT INTO rejects SELECT 'users', sourced_id, '${column}', value,
        'the ${what} is claimed by user ' || winner || ' already' FROM losers;
      DELETE FROM users WHERE user_id IN (SELECT user_id FROM losers);
      INSERT INTO rejects SELECT 'enrollments', c.sourced_id, 'user', c.user_id,
        'its user was left out: the ${what} is claimed by user ' || winner || ' already'
        FROM candidates c JOIN losers USING (user_id);
      DELETE FROM candidates WHERE user_id IN (SELECT user_id FROM losers)`);
  }
  await database.run("DROP TABLE losers");
}

function isOfSchools({ schools, orgSeparator }: PeopleOptions): string {
  if (schools.length === 0) return "true";
  return `list_has_any(string_split(orgs, ${literal(orgSeparator)}), [${schools.map(literal).join(", ")}])`;
}

/**
 * Drop and re-add leave several enrollments of a user in a section in one role; Canvas would take whichever it reads
 * last. One that is current today wins, with the widest dates of all that are; else the next to begin; else the last.
 */
async function keepCurrent(database: Database, { today, rules }: PeopleOptions): Promise<void> {
  await applyRules(database, "candidates", forCandidates(rules), ENROLLMENT_SOURCE);
  await database.run(`
    CREATE TEMP TABLE repeated AS SELECT section_id, user_id, role FROM candidates GROUP BY ALL HAVING count(*) > 1`);
  if ((await database.count("SELECT count(*) FROM repeated")) > 0) {
    await database.run(`
      CREATE TEMP TABLE ranked AS SELECT *,
        CASE WHEN start_date > '${today.end}' THEN 1 WHEN end_date <> '' AND end_date < '${today.start}' THEN 2 ELSE 0 END AS tense
        FROM candidates SEMI JOIN repeated USING (section_id, user_id, role);
      CREATE TEMP TABLE chosen AS SELECT * EXCLUDE (start_date, end_date),
        CASE WHEN tense = 0 THEN min(start_date) OVER alike ELSE start_date END AS start_date,
        CASE WHEN tense > 0 THEN end_date WHEN min(end_date) OVER alike = '' THEN '' ELSE max(end_date) OVER alike END AS end_date
        FROM ranked QUALIFY row_number() OVER best = 1
        WINDOW alike AS (PARTITION BY section_id, user_id, role, tense),
          best AS (PARTITION BY section_id, user_id, role ORDER BY tense,
            CASE WHEN tense = 1 THEN start_date END, CASE WHEN tense = 2 THEN end_date END DESC, modified DESC, sourced_id);
      INSERT INTO left_out SELECT 'enrollments', sourced_id, 'another enrollment of the same user, class and role is current'
        FROM ranked WHERE sourced_id NOT IN (SELECT sourced_id FROM chosen);
      DELETE FROM candidates WHERE sourced_id IN (SELECT sourced_id FROM ranked);
      INSERT INTO candidates BY NAME SELECT * EXCLUDE (tense) FROM chosen;
      DROP TABLE ranked; DROP TABLE chosen`);
  }
  await database.run(
    `DROP TABLE repeated; CREATE VIEW enrollments AS SELECT *, 'active' AS status FROM candidates`,
  );
}

function forCandidates(rules: readonly ColumnRule[]): ColumnRule[] {
  // The ids have been held against the rules where they are keys; the status is ours.
  return rules
    .filter(
      ({ file, column }) => file === "enrollments" && ["role", "start_date", "end_date"].includes(column),
    )
    .map((rule) => ({ ...rule, file: "candidates" }));
}
