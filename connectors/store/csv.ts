/** CSV as DuckDB reads and writes it between the stages: RFC 4180, LF, every column text. */
import { chmodSync, existsSync } from "node:fs";
import { identifier, literal, type Database } from "./database.ts";

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
  const values = columns.map((column) => `coalesce(${identifier(column)}, '') AS ${identifier(column)}`);
  if (there.length === 0) {
    return `(SELECT ${columns.map((column) => `'' AS ${identifier(column)}`).join(", ")} WHERE false)`;
  }
  const types = columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(", ");
  return `(SELECT ${values.join(", ")} FROM read_csv([${there.map(literal).join(", ")}], columns = {${types}},
    header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n',
    max_line_size = 1048576, buffer_size = 4194304))`;
}

/**
 * Writes rows as a Canvas file that its owner alone can read: header, RFC 4180 quoting, blank for nothing.
 *
 * @param source a table expression, and the order of its rows
 */
export async function writeCsv(
  database: Database,
  source: { from: string; orderBy: string },
  columns: readonly string[],
  file: string,
): Promise<void> {
  // A blank text would be written as "", to tell it from NULL; Canvas knows no such difference.
  const cells = columns
    .map((column) => `nullif(${identifier(column)}, '') AS ${identifier(column)}`)
    .join(", ");
  await database.run(`COPY (SELECT ${cells} FROM ${source.from} ORDER BY ${source.orderBy}) TO ${literal(file)}
    (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')`);
  chmodSync(file, 0o600);
}
