/** The rows of one CSV, as UTF-8 and RFC 4180, each with the line it ends on. */
import { pipeline, Readable } from "node:stream";
import { CsvError, type Info, parse } from "csv-parse";
import { damaged } from "./failures.ts";
import type { CsvFile } from "./place.ts";

export interface CsvRow {
  cells: string[];
  /** Counted from 1. */
  line: number;
}

/** More than any row of a roster has; what is longer is a quote that was never closed. */
const MAX_RECORD_CHARACTERS = 1_000_000;

/**
 * The header first, and without a BOM. Blank lines do not count; rows are as wide as they are written.
 * @throws Failure source.export-damaged naming the line; the signal's reason
 */
export async function* readRows(file: CsvFile, signal: AbortSignal): AsyncGenerator<CsvRow> {
  const ending = { isLine: true };
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  pipeline(Readable.from(decoded(file, ending, signal)), parser, () => undefined);
  let width: number | undefined;
  let last: CsvRow | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      last = { cells: record, line: info.lines };
      width ??= record.length;
      yield last;
    }
  } catch (error) {
    if (error instanceof CsvError) throw damaged(file.name, whatIsWrong(error), error);
    throw error;
  }
  if (!ending.isLine && width !== undefined && last !== undefined && last.cells.length < width) {
    throw damaged(file.name, `it breaks off in line ${last.line}`);
  }
}

async function* decoded(
  file: CsvFile,
  ending: { isLine: boolean },
  signal: AbortSignal,
): AsyncGenerator<string> {
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
    const text = decode(chunk);
    if (text !== "") ending.isLine = /[\r\n]$/.test(text);
    yield text;
  }
  yield decode();
}

function whatIsWrong(error: CsvError): string {
  const { lines } = error;
  const line = typeof lines === "number" ? `line ${lines}` : "a line";
  if (error.code === "CSV_QUOTE_NOT_CLOSED" || error.code === "CSV_MAX_RECORD_SIZE") {
    return `a quote is not closed (noticed at ${line})`;
  }
  return `${line} has a quote in the wrong place`;
}
