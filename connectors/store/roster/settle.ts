/** A night's sets, settled: from what was mapped to the files of the package, and all that is in none of them. */
import { join } from "node:path";
import { mkdirSync, rmSync } from "node:fs";
import type { Database } from "../database.ts";
import { writeCsv } from "../csv.ts";
import { settlePeople, type PeopleOptions } from "./people.ts";
import { settlePlaces, type PlaceFile } from "./places.ts";
import { createReasonTables, type ColumnRule, type MappedFiles } from "./tables.ts";

export type RosterFile = PlaceFile | "users" | "enrollments";

export interface SettleOptions {
  mapped: MappedFiles;
  columns: Record<RosterFile, readonly string[]>;
  draftColumns: { users: readonly string[]; enrollments: readonly string[] };
  rules: readonly ColumnRule[];
  include: PeopleOptions["users"]["include"];
  schools: readonly string[];
  orgSeparator: string;
  today: PeopleOptions["today"];
}

export interface Settled {
  /** Rows of each file; files without rows are not there. */
  files: Partial<Record<RosterFile, number>>;
  /** Records, by type. */
  rejected: Record<string, number>;
  gone: Record<string, number>;
  leftOut: Record<string, Record<string, number>>;
}

/** In which order the rows of a file stand. Accounts: parents first, for Canvas reads them one by one. */
const ORDER: Record<RosterFile, string> = {
  accounts: "depth, account_id",
  terms: "term_id",
  courses: "course_id",
  sections: "section_id",
  users: "user_id",
  enrollments: "course_id, section_id, user_id, role",
};

/** Settles all sets in the database's tables. */
export async function settleRoster(database: Database, options: SettleOptions): Promise<void> {
  const { mapped, columns, draftColumns, rules } = options;
  await createReasonTables(database, mapped.rest);
  await settlePlaces(database, mapped, columns, rules);
  await settlePeople(database, {
    users: { files: mapped.users, columns: draftColumns.users, include: options.include },
    enrollments: { files: mapped.enrollments, columns: draftColumns.enrollments },
    schools: options.schools,
    orgSeparator: options.orgSeparator,
    rules,
    today: options.today,
  });
}

/** Writes the Canvas files into a folder that is made anew, and rejects.csv; says what is in them. */
export async function writeRoster(
  database: Database,
  columns: SettleOptions["columns"],
  canvasFolder: string,
  rejectsFile: string,
): Promise<Settled> {
  rmSync(canvasFolder, { recursive: true, force: true });
  mkdirSync(canvasFolder, { recursive: true, mode: 0o700 });
  const files: Settled["files"] = {};
  for (const file of Object.keys(ORDER) as RosterFile[]) {
    const rows = await database.count(`SELECT count(*) FROM ${file}`);
    if (rows === 0) continue;
    const from = file === "accounts" ? ACCOUNTS_WITH_DEPTH : `FROM ${file}`;
    await writeCsv(
      database,
      `${from} ORDER BY ${ORDER[file]}`,
      columns[file],
      join(canvasFolder, `${file}.csv`),
    );
    files[file] = rows;
  }
  const rejects = `SELECT DISTINCT type, sourced_id AS "sourcedId", field, value, reason FROM rejects ORDER BY ALL`;
  await writeCsv(database, rejects, ["type", "sourcedId", "field", "value", "reason"], rejectsFile);
  return { files, ...(await countReasons(database)) };
}

const ACCOUNTS_WITH_DEPTH = `FROM (
  WITH RECURSIVE tree AS (
    SELECT account_id, 0 AS depth FROM accounts WHERE parent_account_id = ''
    UNION ALL
    SELECT a.account_id, depth + 1 FROM accounts a JOIN tree ON a.parent_account_id = tree.account_id
  ) SELECT * FROM accounts JOIN tree USING (account_id))`;

async function countReasons(database: Database): Promise<Omit<Settled, "files">> {
  type Count = { type: string; n: number; reason?: string };
  const byType = (counts: Count[]) => Object.fromEntries(counts.map(({ type, n }) => [type, n]));
  // A record without an id is one record each time; all others count once, however many faults they have.
  const rejected = await database.rows<Count>(`SELECT type,
    (count(DISTINCT sourced_id) FILTER (sourced_id <> '') + count(*) FILTER (sourced_id = ''))::INTEGER AS n
    FROM rejects GROUP BY type ORDER BY type`);
  const gone = await database.rows<Count>(
    `SELECT type, count(*)::INTEGER AS n FROM gone GROUP BY type ORDER BY type`,
  );
  const leftOut = await database.rows<Count>(`SELECT type, reason, count(DISTINCT sourced_id)::INTEGER AS n
    FROM left_out GROUP BY type, reason ORDER BY type, reason`);
  const reasons: Settled["leftOut"] = {};
  for (const { type, reason, n } of leftOut) (reasons[type] ??= {})[reason ?? ""] = n;
  return { rejected: byType(rejected), gone: byType(gone), leftOut: reasons };
}
