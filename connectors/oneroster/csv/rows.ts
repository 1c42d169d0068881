/** The rows of one CSV, as UTF-8 and RFC 4180, each with the line it ends on. */
import { type CsvFault, type CsvRow, decoded, parsed } from "../../formats/csv.ts";
import { damaged } from "./failures.ts";
import type { CsvFile } from "./place.ts";

/**
 * The header first, and without a BOM. Blank lines do not count; rows are as wide as they are written.
 * @throws Failure source.export-damaged naming the line, or of a file that breaks off in a row; the signal's reason
 */
export async function* readRows(file: CsvFile, signal: AbortSignal): AsyncGenerator<CsvRow> {
  const fault: CsvFault = (why, cause) => damaged(file.name, why, cause);
  const ending = { isLine: true };
  const text = watched(decoded(file.read(), signal, fault), ending);
  let width: number | undefined;
  let last: CsvRow | undefined;
  for await (const row of parsed(text, ",", fault)) {
    last = row;
    width ??= row.cells.length;
    yield row;
  }
  if (!ending.isLine && width !== undefined && last !== undefined && last.cells.length < width) {
    throw fault(`it breaks off in line ${last.line}`);
  }
}

async function* watched(text: AsyncIterable<string>, ending: { isLine: boolean }): AsyncGenerator<string> {
  for await (const part of text) {
    if (part !== "") ending.isLine = /[\r\n]$/.test(part);
    yield part;
  }
}
