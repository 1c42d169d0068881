/** Logins and integration ids that Canvas would not give, or would give to the wrong one. */
import type { Database } from "../database.ts";
import { NAMES_AGREE } from "./people.ts";

/**
 * Makes
 *   claims (id, column_name, holder, line, solved)  a login or integration id that is another SIS ID's in Canvas: Canvas
 *     skips the row of tonight, unless a change of ids has made the two one (`solved`)
 *   takeovers (id, line)  a login without a SIS ID which Canvas would give to somebody of another name
 * The importer compares logins without case; what is deleted claims nothing. Source: Canvas's SIS importer.
 */
export async function findClaims(database: Database): Promise<void> {
  await database.run(
    "CREATE TABLE claims (id VARCHAR, column_name VARCHAR, holder VARCHAR, line BIGINT, solved BOOLEAN)",
  );
  for (const [column, name] of [
    ["login", "login_id"],
    ["integration", "integration_id"],
  ] as const) {
    await database.run(`INSERT INTO claims
      SELECT n.id, '${name}', c.id, c.line, EXISTS (FROM changes x WHERE x.type = 'user' AND x.old_id = c.id AND x.new_id = n.id)
      FROM night_users n JOIN canvas_users c ON c.${column} = n.${column}
      WHERE n.${column} <> '' AND NOT c.deleted AND c.id <> '' AND c.id <> n.id`);
  }
  await database.run(`CREATE TABLE takeovers AS SELECT n.id, c.line
    FROM night_users n JOIN canvas_users c ON c.login = n.login AND c.id = '' AND NOT c.deleted
    WHERE n.login <> '' AND NOT ${NAMES_AGREE} AND c.first || c.last <> ''
      AND n.id NOT IN (SELECT id FROM canvas_users WHERE NOT deleted)`);
}
