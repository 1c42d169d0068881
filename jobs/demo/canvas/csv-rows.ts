/** Reads a small CSV file of ours whole: RFC 4180 with LF or CRLF, columns by their names. */
import { existsSync, readFileSync } from "node:fs";

export type CsvRow = Readonly<Record<string, string>>;

/** The rows of the file; none when it is not there. */
export function readCsvRows(file: string): CsvRow[] {
  if (!existsSync(file)) return [];
  const [header = [], ...records] = recordsOf(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  return records.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""])));
}

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end);
    if (line.includes('"')) {
      const record = quotedRecord(text, at);
      records.push(record.cells);
      at = record.next;
    } else {
      if (line !== "") records.push(line.replace(/\r$/, "").split(","));
      at = end < 0 ? text.length : end + 1;
    }
  }
  return records;
}

const CELL = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/y;

function quotedRecord(text: string, from: number): { cells: string[]; next: number } {
  const cells: string[] = [];
  CELL.lastIndex = from;
  for (;;) {
    const [, quoted, plain = "", mark] = CELL.exec(text) ?? [];
    if (mark === undefined) throw new Error(`no CSV after character ${from}`);
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (mark !== ",") return { cells, next: CELL.lastIndex };
  }
}
