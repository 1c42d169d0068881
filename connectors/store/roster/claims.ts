/** Of several who claim one login, or one integration_id, one keeps it; the others are left out, with their enrollments. */
import type { Database } from "../database.ts";
import { countRepeats } from "./tables.ts";

/** What Canvas gives to one user at a time. */
export interface Claimed {
  column: "login_id" | "integration_id";
  what: string;
  /** SQL for what Canvas compares: logins without case. */
  claim: (table: string) => string;
}

const LOGIN: Claimed = { column: "login_id", what: "login", claim: (table) => `lower(${table}.login_id)` };
const INTEGRATION_ID: Claimed = {
  column: "integration_id",
  what: "integration_id",
  claim: (table) => `${table}.integration_id`,
};

export function claimedColumns(columns: readonly string[]): Claimed[] {
  return columns.includes(INTEGRATION_ID.column) ? [LOGIN, INTEGRATION_ID] : [LOGIN];
}

/**
 * Canvas takes the first of two users with one login, compared without case, and skips the other, by chance. Here one
 * who is enrolled comes before one who observes or is an admin, and both before one who is merely still there; then
 * whoever had it on the last delivered night, as Canvas would not give it to another; then an active before a suspended
 * one, and the smaller user_id. Makes `lost_claims` of those who do not get it.
 */
export async function settleClaims(database: Database, columns: readonly string[]): Promise<void> {
  await database.run("CREATE TEMP TABLE lost_claims (user_id VARCHAR, field VARCHAR, claim VARCHAR)");
  for (const claimed of claimedColumns(columns)) await settleClaim(database, claimed);
}

async function settleClaim(database: Database, { column, what, claim }: Claimed): Promise<void> {
  const claimants = `(SELECT u.*, CASE WHEN u.user_id IN (SELECT user_id FROM unneeded WHERE NOT serves) THEN 2
        WHEN u.user_id IN (SELECT user_id FROM unneeded) THEN 1 ELSE 0 END AS unneeded,
      EXISTS (FROM last_users l WHERE l.user_id = u.user_id AND l.status <> 'deleted'
        AND lower(l.${column}) = lower(u.${column})) AS holder
    FROM users u WHERE u.${column} <> '')`;
  if ((await countRepeats(database, `(FROM users WHERE ${column} <> '') u`, claim("u"))) === 0) return;
  await database.run(`
    CREATE TEMP TABLE losers AS SELECT sourced_id, user_id, '${column}' AS field, ${column} AS value, ${claim("c")} AS claim,
        'the ${what} is claimed by user ' || first(user_id) OVER claims || ' already' AS why
      FROM ${claimants} c WINDOW claims AS
        (PARTITION BY ${claim("c")} ORDER BY unneeded, holder DESC, status = 'active' DESC, user_id)
      QUALIFY row_number() OVER claims > 1;
    INSERT INTO lost_claims SELECT user_id, field, claim FROM losers`);
  await leaveOut(database, "losers");
  await database.run("DROP TABLE losers");
}

/**
 * Rejects users and their enrollments.
 *
 * @param table of (sourced_id, user_id, field, value, why)
 */
export async function leaveOut(database: Database, table: string): Promise<void> {
  await database.run(`
    INSERT INTO rejects SELECT 'users', sourced_id, field, value, why FROM ${table};
    DELETE FROM users WHERE user_id IN (SELECT user_id FROM ${table});
    INSERT INTO stranded SELECT c.sourced_id, c.section_id, l.sourced_id, c.role
      FROM candidates c JOIN (SELECT DISTINCT user_id, sourced_id FROM ${table}) l USING (user_id);
    INSERT INTO rejects SELECT 'enrollments', sourced_id, 'user', user_id, 'its user was left out: ' || why
      FROM candidates JOIN (SELECT user_id, min(why) AS why FROM ${table} GROUP BY user_id) USING (user_id);
    DELETE FROM candidates WHERE user_id IN (SELECT user_id FROM ${table})`);
}
