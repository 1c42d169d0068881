/** CSV as DuckDB reads and writes it between the stages: RFC 4180, LF, every column text. */
import { chmodSync, closeSync, existsSync, openSync, readSync } from "node:fs";
import type { Database } from "./database.ts";
import { identifier, literal } from "./sql-text.ts";

const NEEDS_QUOTES = /[",\r\n]/;

/** One line, with its end. Values that are blank are nothing at all between the commas. */
export function csvLine(cells: readonly string[]): string {
  let line = "";
  for (const cell of cells) {
    line += NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}",` : `${cell},`;
  }
  return `${line.slice(0, -1)}\n`;
}

/** The files as a table expression of text columns, never null; no file at all is an empty table. */
export function readCsv(files: readonly string[], columns: readonly string[]): string {
  const there = files.filter((file) => existsSync(file));
  if (there.length === 0) return `(SELECT ${blanksOf(columns)} WHERE false)`;
  return `(SELECT ${textsOf(columns)} FROM ${scan(there, columns, false)})`;
}

/** The columns of a file that `writeCsv` wrote; those that it has not are blank, a file that is not there is empty. */
export function readWrittenCsv(file: string, columns: readonly string[]): string {
  if (!existsSync(file)) return `(SELECT ${blanksOf(columns)} WHERE false)`;
  const header = headerOf(file);
  const [known, unknown] = [true, false].map((is) => columns.filter((name) => header.includes(name) === is));
  const values = [textsOf(known ?? []), blanksOf(unknown ?? [])].filter((list) => list !== "");
  return `(SELECT ${values.join(", ")} FROM ${scan([file], header, true)})`;
}

function scan(files: readonly string[], columns: readonly string[], header: boolean): string {
  const types = columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(", ");
  return `read_csv([${files.map(literal).join(", ")}], columns = {${types}},
    header = ${header}, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n',
    max_line_size = 1048576, buffer_size = 4194304)`;
}

function textsOf(columns: readonly string[]): string {
  return columns.map((column) => `coalesce(${identifier(column)}, '') AS ${identifier(column)}`).join(", ");
}

function blanksOf(columns: readonly string[]): string {
  return columns.map((column) => `'' AS ${identifier(column)}`).join(", ");
}

/** The first line of a file whose column names are words. */
function headerOf(file: string): string[] {
  const start = Buffer.alloc(4096);
  const handle = openSync(file, "r");
  try {
    const text = start.toString("utf8", 0, readSync(handle, start));
    return text.slice(0, text.indexOf("\n")).split(",");
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes rows as a Canvas file that its owner alone can read: header, RFC 4180 quoting, blank for nothing.
 *
 * @param source a table expression, and the order of its rows
 */
export async function writeCsv(
  database: Database,
  source: { from: string; orderBy?: string },
  columns: readonly string[],
  file: string,
): Promise<void> {
  // A blank text would be written as "", to tell it from NULL; Canvas knows no such difference.
  const cells = columns
    .map((column) => `nullif(${identifier(column)}, '') AS ${identifier(column)}`)
    .join(", ");
  await database.run(`COPY (SELECT ${cells} FROM ${source.from} ${source.orderBy === undefined ? "" : `ORDER BY ${source.orderBy}`}) TO ${literal(file)}
    (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')`);
  chmodSync(file, 0o600);
}
