/**
 * Logins, and integration_ids, that go from one to another of tonight's people. Canvas reads the rows of a file in any
 * order, and refuses one whose login somebody else still has. So who is to get it waits for the night after the one that
 * takes it from the other; that row would be refused by chance tonight, and count here as delivered.
 */
import { literal, type Database } from "../database.ts";
import { claimedColumns, leaveOut, type Claimed } from "./claims.ts";
import { findRings } from "./rings.ts";

/**
 * Makes `waiting` (sourced_id, user_id, field, value, claim, holder) of those whom Canvas would refuse, and rejects them.
 * Whoever had the login and is gone from the package holds nobody back: nothing that is sent would ever set it free, and
 * after a change of everybody's ids all people would wait. `contested.ts` tells of these, and of those who lost the
 * claim to the one who is sent.
 */
export async function holdBackHandovers(database: Database, columns: readonly string[]): Promise<void> {
  const parts = claimedColumns(columns).map((claimed) => `(${waitingFor(claimed)})`);
  await database.run(`CREATE TEMP TABLE waiting AS ${parts.join(" UNION ALL ")}`);
  if ((await database.count("SELECT count(*) FROM waiting")) === 0) return;
  const edges = await database.rows<{ user_id: string; holder: string }>(
    "SELECT DISTINCT user_id, holder FROM waiting",
  );
  const ring = findRings(edges.map(({ user_id, holder }) => [user_id, holder]));
  const inRing = (column: string) =>
    ring.size === 0 ? "false" : `${column} IN (${[...ring].map(literal).join(", ")})`;
  await database.run(`CREATE TEMP TABLE held_back AS SELECT sourced_id, user_id, field, value,
    'user ' || holder || ' still has this ' || if(field = 'login_id', 'login', field) || ' in Canvas' || CASE
      WHEN ${inRing("user_id")} AND ${inRing("holder")} THEN ${literal(SWAP)}
      WHEN holder IN (SELECT user_id FROM waiting) THEN ${literal(WAITS)}
      WHEN holder IN (SELECT user_id FROM users) THEN ${literal(NEXT)}
      ELSE ${literal(UNREAD)} END AS why
    FROM waiting`);
  await leaveOut(database, "held_back");
  await database.run("DROP TABLE held_back");
}

const NEXT = " until tonight's package is in; the row follows on the next night";
const WAITS = ", and waits for that of another; the row follows on the night after that user's";
const UNREAD =
  ", and has a record that was rejected tonight; the row follows on the night after one that gives that user another";
const SWAP =
  " and is to have one that goes round with it: a swap, which no package can do, as Canvas reads rows in any order. " +
  "In the SIS, give one of those who swap a value that nobody has until the rows of the others were sent, then the right one";

/**
 * Whoever has a value in Canvas already, in whatever case, waits for nobody. Of those who have it and whose record gives
 * no row only they count whose record somebody must mend: one without an enrollment may have lost the login for good.
 */
function waitingFor({ column, claim }: Claimed): string {
  const stays = `(h.user_id IN (SELECT user_id FROM users)
    OR (h.nights = 0 AND h.source_id IN (SELECT sourced_id FROM rejects WHERE type = 'users' AND sourced_id <> '')))`;
  return `
    SELECT m.*, min(h.user_id) AS holder
      FROM (SELECT u.sourced_id, u.user_id, '${column}' AS field, u.${column} AS value, ${claim("u")} AS claim
          FROM users u LEFT JOIN (FROM last_users WHERE status <> 'deleted') l USING (user_id)
          WHERE u.${column} <> '' AND ${claim("u")} IS DISTINCT FROM ${claim("l")}) m
        JOIN last_users h ON ${claim("h")} = m.claim AND h.user_id <> m.user_id AND h.status <> 'deleted'
      WHERE ${stays} AND (h.user_id, m.field, m.claim) NOT IN (SELECT (user_id, field, claim) FROM lost_claims)
      GROUP BY ALL`;
}
