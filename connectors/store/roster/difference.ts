/** Tonight against the last delivered night, row by row: what is new, what differs and in which columns, what is gone. */
import { identifier, literal, type Database } from "../database.ts";
import { writeCsv } from "../csv.ts";
import type { Compared, FileChange } from "./compared.ts";
import { columnList, filesOf, KEYS, SUSPENDED, tonight } from "./files.ts";
import { findDateMoves } from "./date-moves.ts";
import type { Today } from "./enrollments.ts";
import { findMoved } from "./moved.ts";
import { findRenamed } from "./renamed.ts";
import { countBySchool } from "./schools.ts";
import type { RosterColumns, RosterFile } from "./settle.ts";

/** Compares settled sets with the last delivered night, and leaves what is new or differs in `differs_<file>`. */
export async function compareNights(
  database: Database,
  columns: RosterColumns,
  baseline: Compared["baseline"],
  today: Today,
): Promise<Compared> {
  if (baseline === undefined) return firstNight(database, columns);
  const files: Partial<Compared["files"]> = {};
  for (const [file, names] of filesOf(columns)) {
    await findDifferences(database, file, names);
    files[file] = await countChanges(database, file);
  }
  return {
    baseline,
    files: files as Compared["files"],
    schools: await countBySchool(database, columns),
    moved: await findMoved(database),
    dates: await findDateMoves(database, today),
    renamed: await findRenamed(database),
  };
}

/** Everything is new, and there is nothing that it could differ from. */
async function firstNight(database: Database, columns: RosterColumns): Promise<Compared> {
  const files: Partial<Compared["files"]> = {};
  for (const [file] of filesOf(columns)) {
    await database.run(
      `CREATE VIEW differs_${file} AS SELECT ${columnList(KEYS[file])}, 'added' AS change FROM ${file}`,
    );
    const rows = await database.count(`SELECT count(*) FROM ${file}`);
    files[file] = { rows, added: rows, changed: 0, removed: 0, unchanged: 0 };
  }
  return {
    baseline: undefined,
    files: files as Compared["files"],
    schools: [],
    moved: [],
    dates: { terms: [], rows: [] },
    renamed: [],
  };
}

/** Makes `differs_<file>`: the key, whether it is `added` or `changed`, and of a changed row each column that differs. */
async function findDifferences(
  database: Database,
  file: RosterFile,
  columns: readonly string[],
): Promise<void> {
  const keys = KEYS[file];
  const rest = columns.filter((column) => !keys.includes(column)).map(identifier);
  const differs = rest.map((column) => `t.${column} <> l.${column}`).join(" OR ");
  const each = rest.map(
    (column) => `{'column': '${column.slice(1, -1)}', 'before': l.${column}, 'after': t.${column}}`,
  );
  const same = keys.map((key) => `t.${key} = l.${key}`).join(" AND ");
  await database.run(`CREATE TABLE differs_${file} AS
    SELECT ${columnList(keys, "t")}, if(l.nights IS NULL, 'added', 'changed') AS change,
      if(l.nights IS NULL, NULL, list_filter([${each.join(", ")}], lambda x: x.before <> x.after)) AS cells
    FROM ${tonight(file, columns)} t
      LEFT JOIN (FROM last_${file} WHERE nights = 0) l ON ${same}
    WHERE l.nights IS NULL OR ${differs}`);
}

async function countChanges(database: Database, file: RosterFile): Promise<FileChange> {
  const count = (sql: string) => database.count(`SELECT count(*) FROM ${sql}`);
  // Rows that are not tonight's and not gone either stay as they are.
  const besides = await count(`beside_${file} WHERE nights = 0`);
  const rows = (await count(file)) + besides;
  const added = await count(`differs_${file} WHERE change = 'added'`);
  const changed = await count(`differs_${file} WHERE change = 'changed'`);
  const removed = await count(`beside_${file} WHERE fresh`);
  const suspended = file === "users" && changed > 0 ? await count(SUSPENDED) : 0;
  return {
    rows,
    added,
    changed,
    ...(suspended > 0 && { suspended }),
    removed,
    unchanged: rows - added - changed,
  };
}

const CHANGES_COLUMNS = ["file", "key", "change", "column", "before", "after"] as const;

/**
 * Writes `file,key,change,column,before,after`, sorted: of a changed row one line a column, of an added row one line,
 * of a removed row one line whose `after` is the status that Canvas is told, blank when it is told nothing. The columns
 * of a key are joined by `|`. A first night, of which every row is new, has only the header.
 */
export async function writeChanges(
  database: Database,
  columns: RosterColumns,
  baseline: Compared["baseline"],
  changesFile: string,
): Promise<void> {
  const all = filesOf(columns).map(([file]) => changesOf(file));
  const from = baseline === undefined ? NO_CHANGES : `(${all.join(" UNION ALL ")})`;
  const orderBy = columnList(CHANGES_COLUMNS);
  await writeCsv(database, { from, orderBy }, CHANGES_COLUMNS, changesFile);
}

const NO_CHANGES = `(SELECT ${CHANGES_COLUMNS.map((column) => `'' AS ${identifier(column)}`).join(", ")} WHERE false)`;

function changesOf(file: RosterFile): string {
  const key = `${literal(file)} AS file, concat_ws('|', ${columnList(KEYS[file])}) AS key`;
  return `
    SELECT ${key}, 'changed' AS change, cell."column", cell.before, cell.after
      FROM (SELECT * EXCLUDE (cells), unnest(cells) AS cell FROM differs_${file} WHERE change = 'changed')
    UNION ALL SELECT ${key}, 'added', '', '', '' FROM differs_${file} WHERE change = 'added'
    UNION ALL SELECT ${key}, 'removed', '', '', if(fate = 'sent', status, '') FROM beside_${file} WHERE fresh`;
}
