/**
 * Rows that Canvas may refuse as somebody whom the package does not send anew has their login there. Nobody here can set
 * it free: one who is gone keeps it when suspended, and one login of logins.csv cannot be taken back. They are sent, for
 * they are right where a change_sis_id.csv has made the two one, and told of.
 */
import type { Database } from "../database.ts";
import { claimedColumns } from "./claims.ts";
import type { RosterColumns } from "./settle.ts";

export interface Contested {
  type: "users" | "logins";
  field: string;
  rows: number;
  /** The first few user_ids, each with that of who has it in Canvas. */
  examples: { user_id: string; holder: string }[];
}

const EXAMPLES = 5;

/**
 * Of settled sets. What was delivered before counts as well until the other has been gone for `repeatNights` nights:
 * whoever has been told of it that often has mended it, or has made the two one.
 */
export async function findContested(
  database: Database,
  columns: RosterColumns,
  repeatNights: number,
): Promise<Contested[]> {
  const pairs = claimedColumns(columns.users).map(
    ({ column, claim }) => `SELECT 'users' AS type, '${column}' AS field, u.user_id, l.user_id AS holder
      FROM users u JOIN ${AWAY} l ON ${claim("u")} = ${claim("l")} WHERE u.${column} <> ''
        AND (l.nights < ${repeatNights} OR NOT EXISTS
          (FROM last_users d WHERE d.user_id = u.user_id AND d.nights = 0 AND ${claim("d")} = ${claim("u")}))`,
  );
  if (columns.logins !== undefined) {
    pairs.push(
      `SELECT 'users', 'login_id', u.user_id, l.existing_user_id
        FROM users u JOIN last_logins l ON lower(u.login_id) = lower(l.login_id)`,
      `SELECT 'logins', 'login_id', u.existing_user_id, l.user_id
        FROM (FROM logins ANTI JOIN last_logins USING (user_id)) u JOIN ${AWAY} l ON lower(u.login_id) = lower(l.login_id)`,
    );
  }
  await database.run(`CREATE TEMP TABLE contested AS
    SELECT type, field, user_id, min(holder) AS holder FROM (${pairs.join(" UNION ALL ")}) GROUP BY ALL`);
  const kinds = await database.rows<Omit<Contested, "examples">>(
    "SELECT type, field, count(*)::INTEGER AS rows FROM contested GROUP BY ALL ORDER BY type, field",
  );
  const contested: Contested[] = [];
  for (const kind of kinds) {
    const examples = await database.rows<Contested["examples"][number]>(`SELECT user_id, holder FROM contested
      WHERE type = '${kind.type}' AND field = '${kind.field}' ORDER BY user_id LIMIT ${EXAMPLES}`);
    contested.push({ ...kind, examples });
  }
  await database.run("DROP TABLE contested");
  return contested;
}

/** Who was delivered, is not among tonight's, and was not deleted before. */
const AWAY = "(FROM last_users ANTI JOIN users USING (user_id) WHERE status <> 'deleted')";
