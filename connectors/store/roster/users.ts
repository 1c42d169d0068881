/** Users: who is who, and who is needed. */
import { literal, type Database } from "../database.ts";
import { EXPECTED_ACCOUNTS } from "./admins.ts";
import { settleClaims } from "./claims.ts";
import { holdBackHandovers } from "./handovers.ts";
import { applyRules, type Rule } from "./rules.ts";
import { countRepeats, sortOutRest } from "./tables.ts";

export interface UserSelection {
  include: "enrolled" | "all";
  /** sourcedIds of the schools to take; empty: all. With `include: all` a user must be of one of them. */
  schools: readonly string[];
  /** Between two orgs in a user's `orgs`. */
  orgSeparator: string;
}

const SOURCE = { type: "'users'", id: "sourced_id" };

/**
 * Makes of the drafts `users`, one row a user_id, and `user_ref`, which leads every sourcedId to it. What cannot be a
 * user is of consequence only when somebody needs it: until then it waits in `unfit`, a table like rejects.
 */
export async function identifyUsers(
  database: Database,
  columns: readonly string[],
  rules: readonly Rule[],
  orgSeparator: string,
): Promise<void> {
  await database.run(`
    ALTER TABLE draft_users RENAME TO users;
    CREATE TABLE unfit AS FROM rejects WHERE false;
    INSERT INTO unfit SELECT 'users', sourced_id, field, value, reason FROM rest_users WHERE fate IN ('unmapped', 'unmapped-admin')`);
  await sortOutRest(database, "rest_users", "'users'", "fate = 'malformed'");
  await applyRules(database, { table: "users", file: "users", columns, source: SOURCE }, rules, "unfit");
  const shared = (await countRepeats(database, "users", "user_id")) > 0;
  if (shared) await refuseNamesakes(database);
  await database.run("CREATE TABLE user_ref AS SELECT sourced_id, user_id FROM users");
  if (shared) await joinRecords(database, orgSeparator);
}

const REPEATED = "(SELECT user_id FROM users GROUP BY user_id HAVING count(*) > 1)";

/** Several records with one user_id are one person when they bear one name; otherwise two people would become one. */
async function refuseNamesakes(database: Database): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE namesakes AS SELECT user_id, string_agg(sourced_id, ', ' ORDER BY sourced_id) AS who
      FROM users WHERE user_id IN ${REPEATED}
      GROUP BY user_id HAVING count(DISTINCT (lower(first_name), lower(last_name))) > 1;
    INSERT INTO unfit SELECT 'users', sourced_id, 'user_id', user_id,
      'several users (' || left(who, 200) || ') have this id and different names' FROM users JOIN namesakes USING (user_id);
    DELETE FROM users WHERE user_id IN (SELECT user_id FROM namesakes);
    DROP TABLE namesakes`);
}

/** One row for a person with several records (a SIS that has one a role), who is in the schools of all of them. */
async function joinRecords(database: Database, orgSeparator: string): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE records AS SELECT sourced_id, user_id, row_number() OVER
        (PARTITION BY user_id ORDER BY status = 'active' DESC, modified DESC, sourced_id) AS place
      FROM users WHERE user_id IN ${REPEATED};
    UPDATE users SET orgs = everywhere FROM
      (SELECT user_id, string_agg(orgs, ${literal(orgSeparator)} ORDER BY sourced_id) AS everywhere
        FROM users SEMI JOIN records USING (user_id) GROUP BY user_id) AS joined
      WHERE users.user_id = joined.user_id;
    INSERT INTO left_out SELECT 'users', sourced_id, 'another record of the same person stands for it'
      FROM records WHERE place > 1;
    DELETE FROM users WHERE sourced_id IN (SELECT sourced_id FROM records WHERE place > 1);
    DROP TABLE records`);
}

/**
 * Only who is needed stays, or has been delivered before (`last_users`): a person whom the SIS still has keeps the
 * login. Of those who claim one login, or one integration_id, one stays, unless another still has it in Canvas tonight.
 */
export async function selectUsers(
  database: Database,
  columns: readonly string[],
  selection: UserSelection,
  { observed, administered }: { observed: boolean; administered: boolean },
): Promise<void> {
  const { include } = selection;
  const reason = include === "all" ? "school not selected" : "not enrolled in a class of the package";
  const untold = "FROM unfit WHERE sourced_id NOT IN (SELECT sourced_id FROM rejects WHERE type = 'users')";
  const elsewhere = include === "all" ? `AND NOT ${isOfSchools(selection)}` : "";
  await database.run(`
    ${include === "all" ? `INSERT INTO rejects ${untold}` : `INSERT INTO left_out SELECT DISTINCT 'users', sourced_id, '${reason}' ${untold}`};
    CREATE TABLE unneeded AS SELECT sourced_id, user_id, user_id IN (SELECT user_id FROM last_users) AS known, false AS serves
      FROM users WHERE user_id NOT IN (SELECT user_id FROM candidates) ${elsewhere};
    ${observed ? MARK_OBSERVERS : ""};
    ${administered ? MARK_ADMINS : ""};
    INSERT INTO left_out SELECT 'users', sourced_id, '${reason}' FROM unneeded WHERE NOT known AND NOT serves;
    DELETE FROM users WHERE sourced_id IN (SELECT sourced_id FROM unneeded WHERE NOT known AND NOT serves)`);
  await settleClaims(database, columns);
  await holdBackHandovers(database, columns);
  await database.run("DROP TABLE unneeded; DROP TABLE lost_claims");
}

/** Who observes a student of the package is needed too. */
const MARK_OBSERVERS = `UPDATE unneeded SET serves = true WHERE user_id IN
  (SELECT observer_id FROM links WHERE student_id IN
    (SELECT user_id FROM users ANTI JOIN (FROM unneeded WHERE NOT known) USING (user_id)))`;

/** Who is an admin of an account of the package is needed too. */
const MARK_ADMINS = `UPDATE unneeded SET serves = true WHERE user_id IN
  (SELECT user_id FROM admin_refs JOIN user_ref USING (sourced_id) WHERE org IN ${EXPECTED_ACCOUNTS})`;

function isOfSchools({ schools, orgSeparator }: UserSelection): string {
  if (schools.length === 0) return "true";
  return `list_has_any(string_split(orgs, ${literal(orgSeparator)}), [${schools.map(literal).join(", ")}])`;
}
