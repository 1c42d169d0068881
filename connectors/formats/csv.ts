/** The text of a CSV as rows, each with the line it ends on; what its header means is for whoever reads it. */
import { pipeline, Readable } from "node:stream";
import { CsvError, type Info, parse } from "csv-parse";

export interface CsvRow {
  cells: string[];
  /** The line of the file in which the row ends, counted from 1. */
  line: number;
}

/** Makes the error of a file that is of no use. @param why part of a sentence: "it is not UTF-8" */
export type CsvFault = (why: string, cause?: unknown) => Error;

/** More than any row of a roster or a report has; what is longer is a quote that was never closed. */
export const MAX_RECORD_CHARACTERS = 1_000_000;

/**
 * UTF-8 as text, without its BOM.
 * @throws what `fault` makes, of other bytes; the signal's reason
 */
export async function* decoded(
  bytes: AsyncIterable<Buffer>,
  signal: AbortSignal,
  fault: CsvFault,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (error) {
      throw fault("it is not UTF-8", error);
    }
  };
  for await (const chunk of bytes) {
    signal.throwIfAborted();
    yield decode(chunk);
  }
  yield decode();
}

/**
 * RFC 4180, but for the separator. The header is a row as any other; blank lines do not count; rows are as wide as they
 * are written.
 * @throws what `fault` makes, naming the line; what the text throws
 */
export async function* parsed(
  text: AsyncIterable<string>,
  delimiter: string,
  fault: CsvFault,
): AsyncGenerator<CsvRow> {
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
    if (error instanceof CsvError) throw fault(whatIsWrong(error), error);
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
