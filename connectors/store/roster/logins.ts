/**
 * Further names to sign in with. Canvas adds a login to a user who is there; by this file it can neither change one nor
 * take it away. So one that was delivered stays as it was, and a new one goes only to a login that nobody has.
 */
import type { Database } from "../database.ts";
import { pairsOf } from "./pairs.ts";
import { applyRules, type Rule } from "./rules.ts";

/** Makes `login_drafts`, one row a record and field. */
export async function takeLogins(database: Database, separator: string): Promise<void> {
  await database.run(`
    CREATE TABLE login_drafts AS ${pairsOf("more_logins", ["field", "login_id"], separator)};
    ALTER TABLE draft_users DROP COLUMN more_logins`);
}

/**
 * Makes `logins`. The id of a login is the user's, a dot and the field. Rejects, of the type `logins`, are those that
 * somebody else has, or waits for (`waiting`), and values that have changed since they were delivered.
 *
 * @param rules undefined: none are wanted any more, and what was delivered stays
 */
export async function settleLogins(database: Database, rules: readonly Rule[] | undefined): Promise<void> {
  await database.run(`CREATE TABLE logins AS
    SELECT source_type, source_id, user_id, login_id, existing_user_id, status FROM last_logins
      WHERE nights = 0 AND existing_user_id IN (SELECT user_id FROM users)`);
  if (rules === undefined) return;
  await database.run(`
    CREATE TABLE new_logins AS SELECT 'logins' AS source_type, min(sourced_id) AS source_id,
        u.user_id || '.' || field AS user_id, min(login_id) AS login_id, u.user_id AS existing_user_id, 'active' AS status
      FROM login_drafts JOIN user_ref u USING (sourced_id) SEMI JOIN users ON users.user_id = u.user_id
      GROUP BY u.user_id, field`);
  const columns = ["user_id", "login_id", "existing_user_id"];
  const source = { type: "source_type", id: "source_id" };
  await applyRules(database, { table: "new_logins", file: "logins", columns, source }, rules);
  await database.run(`
    INSERT INTO rejects SELECT 'logins', n.source_id, 'login_id', n.login_id,
        'the login was delivered with another value, and Canvas cannot change it by logins.csv'
      FROM new_logins n JOIN logins l USING (user_id) WHERE lower(n.login_id) <> lower(l.login_id);
    DELETE FROM new_logins WHERE user_id IN (SELECT user_id FROM logins);
    CREATE TEMP TABLE claims AS
      SELECT lower(login_id) AS login, user_id AS owner, 0 AS turn, '' AS id FROM users UNION ALL
      SELECT claim, user_id, 0, '' FROM waiting WHERE field = 'login_id' UNION ALL
      SELECT lower(login_id), existing_user_id, 1, user_id FROM logins UNION ALL
      SELECT lower(login_id), existing_user_id, 2, user_id FROM new_logins;
    CREATE TEMP TABLE refused AS SELECT id, holder, holder <> owner AS others FROM
      (SELECT *, first_value(owner) OVER turns AS holder, row_number() OVER turns AS place FROM claims
        WINDOW turns AS (PARTITION BY login ORDER BY turn, id, owner))
      WHERE turn = 2 AND place > 1;
    INSERT INTO rejects SELECT 'logins', source_id, 'login_id', login_id, 'the login is claimed by user ' || holder || ' already'
      FROM new_logins JOIN refused ON id = user_id WHERE others;
    INSERT INTO rejects SELECT 'logins', source_id, 'user_id', user_id, 'the id of the login is that of a user'
      FROM new_logins SEMI JOIN users USING (user_id);
    INSERT INTO logins SELECT * FROM new_logins WHERE user_id NOT IN
      (SELECT id FROM refused UNION ALL SELECT user_id FROM users);
    DROP TABLE claims; DROP TABLE refused; DROP TABLE new_logins`);
}
