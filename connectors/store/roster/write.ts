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

/** Rows of each file; files without rows are not there. */
export type FileRows = Partial<Record<RosterFile, number>>;

/** What became of the records that are in no file. */
export interface Outcomes {
  /** Records, by type. */
  rejected: Record<string, number>;
  gone: Record<string, number>;
  /** Records, by type and reason. */
  leftOut: Record<string, Record<string, number>>;
}

/**
 * Writes the Canvas files into a folder that is made anew; says how many rows each has.
 *
 * @param mode with `changes`, `compareNights` must have found what differs
 */
export async function writeFiles(
  database: Database,
  columns: RosterColumns,
  folder: string,
  mode: DeliveryMode = "full",
): Promise<FileRows> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const written: [RosterFile, number][] = [];
  // Enrollments take longer than all others together: whatever is done beside has the most of the time.
  for (const [file, names] of filesOf(columns).toReversed()) {
    let source = packageRows(file, names, mode);
    const count = () => database.count(`SELECT count(*) FROM ${source.from}`);
    let rows = await count();
    if (rows === 0 && mode === "diffing" && isExtra(file)) {
      // Canvas does nothing about the rows of a file that is not there any more: the last of them say it themselves.
      source = packageRows(file, names, "full");
      rows = await count();
    }
    if (rows === 0) continue;
    await writeCsv(database, source, names, join(folder, `${file}.csv`));
    written.push([file, rows]);
  }
  return Object.fromEntries(written.toReversed());
}

const REJECTS = `(SELECT DISTINCT type, sourced_id AS "sourcedId", field, value, reason FROM rejects)`;
const REJECT_COLUMNS = ["type", "sourcedId", "field", "value", "reason"] as const;

/** Writes rejects.csv; says what became of the records that are in no file. */
export async function writeRejects(database: Database, rejectsFile: string): Promise<Outcomes> {
  await writeCsv(database, { from: REJECTS, orderBy: "ALL NULLS FIRST" }, REJECT_COLUMNS, rejectsFile);
  return countReasons(database);
}

async function countReasons(database: Database): Promise<Outcomes> {
  type Count = { type: string; reason: string; n: number };
  const byType = (counts: Count[]) => Object.fromEntries(counts.map(({ type, n }) => [type, n]));
  // A record without an id is one record each time; all others count once, however many faults they have.
  const rejected = await database.rows<Count>(`SELECT type,
    (count(DISTINCT sourced_id) FILTER (sourced_id <> '') + count(*) FILTER (sourced_id = ''))::INTEGER AS n
    FROM rejects GROUP BY type ORDER BY type`);
  const gone = await database.rows<Count>(
    `SELECT type, count(*)::INTEGER AS n FROM gone GROUP BY type ORDER BY type`,
  );
  const leftOut: Outcomes["leftOut"] = {};
  const reasons = await database.rows<Count>(
    `SELECT type, reason, count(*)::INTEGER AS n FROM left_out GROUP BY type, reason ORDER BY type, reason`,
  );
  for (const { type, reason, n } of reasons) (leftOut[type] ??= {})[reason] = n;
  return { rejected: byType(rejected), gone: byType(gone), leftOut };
}
