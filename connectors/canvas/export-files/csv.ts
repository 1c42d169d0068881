/** Reads a CSV as Canvas, a spreadsheet or a person wrote it: with or without BOM, with commas, semicolons or tabs. */
import { pipeline, Readable } from "node:stream";
import { CsvError, type Info, parse } from "csv-parse";
import { parse as parseAtOnce } from "csv-parse/sync";
import type { ExportFile } from "./export-file.ts";
import { damaged } from "./failures.ts";

export interface CsvRow {
  cells: string[];
  /** The line of the file in which the row ends, counted from 1. */
  line: number;
}

export interface Csv {
  /** Untrimmed; empty where the file has not even a header. */
  header: string[];
  /** As wide as the header: what a spreadsheet cut off at the end is blank again. */
  rows: AsyncGenerator<CsvRow>;
}

/** More than any row of Canvas has; what is longer is a quote that was never closed. */
const MAX_RECORD_CHARACTERS = 1_000_000;

/**
 * @param names columns that are expected: they tell the separator from a comma in a title
 * @throws Failure source.export-damaged naming the line, also while rows are read
 */
export async function readCsv(
  file: ExportFile,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Csv> {
  const text = decoded(file, signal);
  const begun = await begin(text);
  const delimiter = separatorOf(firstRecord(begun), names);
  const rows = parsed(resumed(begun, text), delimiter, file.name);
  const first = await rows.next();
  const header = first.done === true ? [] : first.value.cells;
  return { header, rows: widened(rows, header.length, file.name) };
}

async function* decoded(file: ExportFile, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (error) {
      throw damaged(file.name, "it is not UTF-8", error);
    }
  };
  for await (const chunk of file.read()) {
    signal.throwIfAborted();
    yield decode(chunk);
  }
  yield decode();
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

async function* parsed(text: AsyncIterable<string>, delimiter: string, name: string): AsyncGenerator<CsvRow> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  pipeline(Readable.from(text), parser, () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      yield { cells: record, line: info.lines };
    }
  } catch (error) {
    if (error instanceof CsvError) throw damaged(name, whatIsWrong(error), error);
    throw error;
  }
}

function whatIsWrong(error: CsvError): string {
  const { lines } = error;
  const line = typeof lines === "number" ? `line ${lines}` : "a line";
  if (error.code === "CSV_QUOTE_NOT_CLOSED" || error.code === "CSV_MAX_RECORD_SIZE") {
    return `a quote is not closed (noticed at ${line})`;
  }
  return `${line} has a quote in the wrong place`;
}

async function* widened(rows: AsyncGenerator<CsvRow>, width: number, name: string): AsyncGenerator<CsvRow> {
  for await (const { cells, line } of rows) {
    if (cells.slice(width).some((cell) => cell.trim() !== "")) {
      throw damaged(name, `line ${line} has more cells than the header`);
    }
    const padding = Array.from({ length: Math.max(0, width - cells.length) }, () => "");
    yield { cells: [...cells.slice(0, width), ...padding], line };
  }
}
