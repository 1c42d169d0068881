/**
 * What Canvas holds after a night that was delivered, as files: every row that is there, and those that went missing
 * as long as something is to be said of them, users until Canvas has deleted them. Beside the Canvas columns stand the record that gave the row, the number
 * of nights that it has been missing (blank: it is there), and `held`, which marks a row that something in Canvas may
 * still refer to of which these files know no more.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readWrittenCsv, writeCsv } from "../csv.ts";
import type { Database } from "../database.ts";
import { isExtra } from "./extra-files.ts";
import { columnList, filesOf, KEYS, tonight } from "./files.ts";
import { forgottenReferences } from "./missing.ts";
import type { RosterColumns, RosterFile } from "./settle.ts";

const RECORD = ["source_type", "source_id"] as const;
const MEMORY = ["nights", "held"] as const;

/** Makes the tables `last_<file>` of the last delivered night; without one they are empty. */
export async function loadBaseline(
  database: Database,
  folder: string | undefined,
  columns: RosterColumns,
): Promise<void> {
  for (const [file, names] of filesOf(columns)) {
    const known = [...RECORD, ...names, ...MEMORY];
    // A file that is not there reads as an empty one; no folder at all is one without files.
    const rows = readWrittenCsv(folder === undefined ? "" : join(folder, `${file}.csv`), known);
    await database.run(`CREATE TABLE last_${file} AS
      SELECT * REPLACE (coalesce(try_cast(nights AS INTEGER), 0) AS nights) FROM ${rows}`);
  }
}

/** Writes tonight as the baseline of the next night, into a folder that is made anew. */
export async function writeBaseline(
  database: Database,
  columns: RosterColumns,
  folder: string,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [file, own] of filesOf(columns)) {
    const names = [...RECORD, ...own];
    const from = `(SELECT ${columnList(names)}, '' AS nights, ${heldOf(file)} AS held FROM ${tonight(file, own)}
      UNION ALL SELECT ${columnList(names)}, if(nights = 0, '', nights::VARCHAR), ${heldOf(file)}
        FROM beside_${file} WHERE remembered)`;
    // Without the file the next night knows nothing of it unless the configuration asks for it.
    if (isExtra(file) && (await database.count(`SELECT count(*) FROM ${from}`)) === 0) continue;
    // Nobody reads these files in order, and sorting them would cost as much as the package.
    await writeCsv(database, { from }, [...names, ...MEMORY], join(folder, `${file}.csv`));
  }
}

function heldOf(file: RosterFile): string {
  const references = forgottenReferences(file);
  if (references === undefined) return "''";
  const key = columnList(KEYS[file]);
  return `if(${key} IN (${references} UNION ALL SELECT ${key} FROM last_${file} WHERE held <> ''), '1', '')`;
}
