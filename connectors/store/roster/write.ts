/** Settled sets as files: the Canvas files, rejects.csv, and what there is of each. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeCsv } from "../csv.ts";
import type { Database } from "../database.ts";
import { isExtra } from "./extra-files.ts";
import { filesOf } from "./files.ts";
import type { DeliveryMode } from "./missing.ts";
import { packageRows } from "./package-rows.ts";
import type { RosterColumns, RosterFile } from "./settle.ts";

export interface Settled {
  /** Rows of each file; files without rows are not there. */
  files: Partial<Record<RosterFile, number>>;
  /** Records, by type. */
  rejected: Record<string, number>;
  gone: Record<string, number>;
  /** Records, by type and reason. */
  leftOut: Record<string, Record<string, number>>;
}

const REJECTS = `(SELECT DISTINCT type, sourced_id AS "sourcedId", field, value, reason FROM rejects)`;
const REJECT_COLUMNS = ["type", "sourcedId", "field", "value", "reason"] as const;

/**
 * Writes the Canvas files into a folder that is made anew, and rejects.csv; says what is in them.
 *
 * @param mode with `changes`, `compareNights` must have found what differs
 */
export async function writeRoster(
  database: Database,
  columns: RosterColumns,
  canvasFolder: string,
  rejectsFile: string,
  mode: DeliveryMode = "full",
): Promise<Settled> {
  rmSync(canvasFolder, { recursive: true, force: true });
  mkdirSync(canvasFolder, { recursive: true, mode: 0o700 });
  const files: Settled["files"] = {};
  for (const [file, names] of filesOf(columns)) {
    let source = packageRows(file, names, mode);
    const count = () => database.count(`SELECT count(*) FROM ${source.from}`);
    let rows = await count();
    if (rows === 0 && mode === "diffing" && isExtra(file)) {
      // Canvas does nothing about the rows of a file that is not there any more: the last of them say it themselves.
      source = packageRows(file, names, "full");
      rows = await count();
    }
    if (rows === 0) continue;
    await writeCsv(database, source, names, join(canvasFolder, `${file}.csv`));
    files[file] = rows;
  }
  await writeCsv(database, { from: REJECTS, orderBy: "ALL NULLS FIRST" }, REJECT_COLUMNS, rejectsFile);
  return { files, ...(await countReasons(database)) };
}

async function countReasons(database: Database): Promise<Omit<Settled, "files">> {
  type Count = { type: string; reason: string; n: number };
  const byType = (counts: Count[]) => Object.fromEntries(counts.map(({ type, n }) => [type, n]));
  // A record without an id is one record each time; all others count once, however many faults they have.
  const rejected = await database.rows<Count>(`SELECT type,
    (count(DISTINCT sourced_id) FILTER (sourced_id <> '') + count(*) FILTER (sourced_id = ''))::INTEGER AS n
    FROM rejects GROUP BY type ORDER BY type`);
  const gone = await database.rows<Count>(
    `SELECT type, count(*)::INTEGER AS n FROM gone GROUP BY type ORDER BY type`,
  );
  const leftOut: Settled["leftOut"] = {};
  const reasons = await database.rows<Count>(
    `SELECT type, reason, count(*)::INTEGER AS n FROM left_out GROUP BY type, reason ORDER BY type, reason`,
  );
  for (const { type, reason, n } of reasons) (leftOut[type] ??= {})[reason] = n;
  return { rejected: byType(rejected), gone: byType(gone), leftOut };
}
