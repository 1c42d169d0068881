/** Reads a CSV as Canvas, a spreadsheet or a person wrote it: with or without BOM, with commas, semicolons or tabs. */
import { parse as parseAtOnce } from "csv-parse/sync";
import { type CsvFault, type CsvRow, decoded, MAX_RECORD_CHARACTERS, parsed } from "../../formats/csv.ts";
import type { ExportFile } from "./export-file.ts";
import { damaged } from "./failures.ts";

export interface Csv {
  /** Untrimmed; empty where the file has not even a header. */
  header: string[];
  /** As wide as the header: what a spreadsheet cut off at the end is blank again. */
  rows: AsyncGenerator<CsvRow>;
}

/**
 * @param names columns that are expected: they tell the separator from a comma in a title
 * @throws Failure source.export-damaged naming the line, also while rows are read
 */
export async function readCsv(
  file: ExportFile,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Csv> {
  const fault: CsvFault = (why, cause) => damaged(file.name, why, cause);
  const text = decoded(file.read(), signal, fault);
  const begun = await begin(text);
  const delimiter = separatorOf(firstRecord(begun), names);
  const rows = parsed(resumed(begun, text), delimiter, fault);
  const first = await rows.next();
  const header = first.done === true ? [] : first.value.cells;
  return { header, rows: widened(rows, header.length, fault) };
}

/** As much of the text as holds the first record. */
async function begin(text: AsyncGenerator<string>): Promise<string> {
  let begun = "";
  while (firstRecord(begun).length === begun.length && begun.length < MAX_RECORD_CHARACTERS) {
    const next = await text.next();
    if (next.done === true) break;
    begun = (begun + next.value).replace(/^[\r\n]+/, "");
  }
  return begun;
}

async function* resumed(begun: string, text: AsyncGenerator<string>): AsyncGenerator<string> {
  yield begun;
  yield* text;
}

/** Up to the first line end outside of quotes; the whole text where there is none. */
function firstRecord(text: string): string {
  const found = /^(?:"[^"]*(?:"|$)|[^"\r\n]+)*/.exec(text);
  return found?.[0] ?? "";
}

/** Of comma, semicolon and tab the one that makes the most of the expected columns, and then the most cells. */
export function separatorOf(record: string, names: ReadonlySet<string>): string {
  const ranked = [",", ";", "\t"].map((separator) => {
    const cells = cellsOf(record, separator);
    return { separator, known: cells.filter((cell) => names.has(cell.trim())).length, cells: cells.length };
  });
  ranked.sort((a, b) => b.known - a.known || b.cells - a.cells);
  return ranked[0]?.separator ?? ",";
}

function cellsOf(record: string, delimiter: string): string[] {
  return parseAtOnce(record, { delimiter, relax_quotes: true, relax_column_count: true, to: 1 })[0] ?? [];
}

async function* widened(
  rows: AsyncGenerator<CsvRow>,
  width: number,
  fault: CsvFault,
): AsyncGenerator<CsvRow> {
  for await (const { cells, line } of rows) {
    if (cells.slice(width).some((cell) => cell.trim() !== "")) {
      throw fault(`line ${line} has more cells than the header`);
    }
    const padding = Array.from({ length: Math.max(0, width - cells.length) }, () => "");
    yield { cells: [...cells.slice(0, width), ...padding], line };
  }
}
