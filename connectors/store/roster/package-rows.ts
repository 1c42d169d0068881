/** Which rows of a file a package holds, and in which order. */
import { columnList, KEYS } from "./files.ts";
import type { DeliveryMode } from "./missing.ts";
import type { RosterFile } from "./settle.ts";

/**
 * - `full`: every row of tonight, and those that are gone with their new status.
 * - `diffing`: every row that stays in Canvas. Canvas compares the package with the one before, and deletes what is
 *   absent.
 * - `changes`: the rows that differ from the last delivered night, and those that are gone.
 *
 * Logins that Canvas has already it would refuse each night anew: but for diffing only new ones are there.
 */
export function packageRows(
  file: RosterFile,
  columns: readonly string[],
  mode: DeliveryMode,
): { from: string; orderBy: string } {
  const [key, names] = [columnList(KEYS[file]), columnList(columns)];
  if (file === "logins" && mode !== "diffing") {
    const added = `${file} SEMI JOIN (FROM differs_${file} WHERE change = 'added') USING (${key})`;
    return { from: `(SELECT ${names} FROM ${added})`, orderBy: key };
  }
  const now = mode === "changes" ? `${file} SEMI JOIN differs_${file} USING (${key})` : file;
  const rows = `(SELECT ${names} FROM ${now} UNION ALL SELECT ${names} FROM beside_${file} WHERE ${BESIDE[mode]})`;
  return file === "accounts" ? treeOf(rows) : { from: rows, orderBy: key };
}

const BESIDE: Record<DeliveryMode, string> = {
  full: "mentioned",
  diffing: "status <> 'deleted'",
  changes: "told",
};

/**
 * Canvas reads accounts one by one: parents stand before their children, and are deleted after them, when nothing is in
 * them any more.
 */
function treeOf(rows: string): { from: string; orderBy: string } {
  const from = `(
    WITH RECURSIVE listed AS ${rows}, tree AS (
      SELECT account_id, 0 AS depth FROM listed
        WHERE parent_account_id NOT IN (SELECT account_id FROM listed)
      UNION ALL
      SELECT a.account_id, depth + 1 FROM listed a JOIN tree ON a.parent_account_id = tree.account_id
    ) SELECT * FROM listed JOIN tree USING (account_id))`;
  return { from, orderBy: "status = 'deleted', if(status = 'deleted', -depth, depth), account_id" };
}
