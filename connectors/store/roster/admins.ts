/**
 * Who administers which sub-account: a row for each Canvas role of a user in an org that is an account of the package.
 * Roles that give no row are rejects of the type `admins`, under the sourcedId of the user. There is never a row without
 * an account: Canvas would make its user an admin of everything.
 */
import { literal, type Database } from "../database.ts";
import { pairsOf } from "./pairs.ts";
import { STAYS } from "./reasons.ts";
import { applyRules, type Rule } from "./rules.ts";

/** The accounts of tonight, also those that stay although their org was rejected. */
export const EXPECTED_ACCOUNTS = `(SELECT account_id FROM accounts UNION ALL SELECT account_id FROM last_accounts
  WHERE nights = 0 AND source_id IN (SELECT sourced_id FROM rejects WHERE type = 'orgs'))`;

export interface AdminRules {
  rules: readonly Rule[];
  /** sourcedIds of the schools to take; empty: all. Of orgs that are not taken nobody is missed. */
  schools: readonly string[];
}

/** Makes `admin_refs`, one row a record, org and role. */
export async function takeAdmins(database: Database, separator: string): Promise<void> {
  await database.run(`
    CREATE TABLE admin_refs AS ${pairsOf("admin_roles", ["org", "role"], separator)};
    ALTER TABLE draft_users DROP COLUMN admin_roles`);
}

/**
 * Makes `admins`. What was delivered stays as long as the record of its user is there and was rejected: what it would
 * say nobody knows.
 *
 * @param wanted undefined: there are to be none, and what was delivered is gone
 */
export async function settleAdmins(database: Database, wanted: AdminRules | undefined): Promise<void> {
  await database.run(`CREATE TABLE admins (source_type VARCHAR, source_id VARCHAR, user_id VARCHAR,
    account_id VARCHAR, role VARCHAR, status VARCHAR)`);
  if (wanted === undefined) return;
  await database.run(`
    INSERT INTO admins SELECT 'users', min(r.sourced_id), u.user_id, r.org, r.role, 'active'
      FROM admin_refs r JOIN user_ref u ON u.sourced_id = r.sourced_id
      WHERE r.org IN (SELECT account_id FROM accounts) AND u.user_id IN (SELECT user_id FROM users)
      GROUP BY u.user_id, r.org, r.role`);
  const columns = ["user_id", "account_id", "role"];
  const source = { type: "source_type", id: "source_id" };
  await applyRules(database, { table: "admins", file: "admins", columns, source }, wanted.rules);
  await rejectLost(database, wanted.schools);
  await carryAdmins(database);
}

async function rejectLost(database: Database, schools: readonly string[]): Promise<void> {
  const taken = schools.length === 0 ? "" : `AND org IN (${schools.map(literal).join(", ")})`;
  const whyNot = (type: string, id: string) => `(SELECT min(reason) FROM (
    SELECT type, sourced_id, reason FROM rejects UNION ALL SELECT type, sourced_id, reason FROM unfit) w
    WHERE w.type = '${type}' AND w.sourced_id = ${id})`;
  await database.run(`
    CREATE TEMP TABLE lost AS SELECT DISTINCT r.sourced_id, org, org IN (SELECT account_id FROM accounts) AS known
      FROM admin_refs r LEFT JOIN user_ref u ON u.sourced_id = r.sourced_id
      WHERE (org NOT IN (SELECT account_id FROM accounts)
        OR coalesce(u.user_id NOT IN (SELECT user_id FROM users), true)) ${taken};
    INSERT INTO rejects SELECT 'admins', sourced_id, 'roles', left(org, 200), CASE
        WHEN org = '' THEN 'the role names no org'
        WHEN known THEN 'this user was left out: ' || coalesce(${whyNot("users", "lost.sourced_id")}, 'is no row of users.csv')
        WHEN EXISTS (FROM gone g WHERE g.type = 'orgs' AND g.sourced_id = org) THEN 'the SIS says that this org is gone'
        ELSE coalesce('this org was left out: ' || ${whyNot("orgs", "lost.org")},
          'there is no such account in the package; roster.accounts.types says which orgs become accounts')
      END FROM lost;
    INSERT INTO rejects SELECT 'admins', sourced_id, field, value, 'this user was left out: ' || reason
      FROM rest_users WHERE fate = 'unmapped-admin';
    DROP TABLE lost`);
}

async function carryAdmins(database: Database): Promise<void> {
  const unread =
    "SELECT sourced_id FROM (FROM rejects UNION ALL FROM unfit) WHERE type = 'users' AND sourced_id <> ''";
  await database.run(`
    CREATE TEMP TABLE carried AS FROM last_admins ANTI JOIN admins USING (user_id, account_id, role)
      WHERE nights = 0 AND user_id IN (SELECT user_id FROM users)
        AND account_id IN (SELECT account_id FROM accounts)
        AND (source_id IN (${unread}) OR user_id IN (SELECT user_id FROM last_users WHERE source_id IN (${unread})));
    INSERT INTO admins SELECT source_type, source_id, user_id, account_id, role, status FROM carried;
    UPDATE rejects SET reason = reason || '${STAYS}'
      WHERE type = 'admins' AND field <> 'roles' AND sourced_id IN (SELECT source_id FROM carried);
    DROP TABLE carried`);
}
