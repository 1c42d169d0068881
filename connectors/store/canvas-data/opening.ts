/** What a file's first bytes tell: whether it is compressed, its format, and its columns. Names of files often lie. */
import { closeSync, openSync, readSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";

export type Format = "csv" | "tsv" | "jsonl" | "parquet";

export interface Opening {
  gzip: boolean;
  format: Format;
  /**
   * As the file names them (`value.score`), in its order. Of JSONL those that its first records have, none when they
   * are no records; of Parquet none: it keeps them at its end.
   */
  columns: string[];
  /** Nothing is in it, not even a header. */
  empty: boolean;
}

const FIRST_READ = 1 << 16;
const LONGEST_RECORD = 1 << 24;

export function openingOf(file: string): Opening {
  for (let length = FIRST_READ; ; length *= 16) {
    const start = startOf(file, length);
    const gzip = start[0] === 0x1f && start[1] === 0x8b;
    const bytes = gzip ? unpacked(start) : start;
    const whole = start.length < length;
    if (bytes === undefined || bytes.length === 0)
      return { gzip, format: formatByName(file), columns: [], empty: bytes !== undefined };
    if (bytes.toString("latin1", 0, 4) === "PAR1")
      return { gzip, format: "parquet", columns: [], empty: false };
    const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
    if (text.includes("\n") || whole || length >= LONGEST_RECORD)
      return { gzip, ...ofText(text, whole), empty: false };
  }
}

function ofText(text: string, whole: boolean): Pick<Opening, "format" | "columns"> {
  if (text.startsWith("{")) {
    return { format: "jsonl", columns: recordColumns(whole ? text : text.slice(0, text.lastIndexOf("\n"))) };
  }
  const header = text.slice(0, (text + "\n").indexOf("\n")).replace(/\r$/, "");
  const format = header.includes("\t") ? "tsv" : "csv";
  const columns = header.split(format === "tsv" ? "\t" : ",").map((name) => name.replace(/^"(.*)"$/, "$1"));
  return { format, columns };
}

/** JSON Lines leave out what is NULL, so no single record has every column. */
function recordColumns(text: string): string[] {
  const columns = new Set<string>();
  for (const line of text.split("\n")) {
    const record = recordOf(line);
    for (const part of ["key", "value", "meta"]) {
      for (const name of Object.keys(record?.[part] ?? {})) columns.add(`${part}.${name}`);
    }
  }
  return [...columns];
}

function recordOf(line: string): Record<string, object | null> | undefined {
  try {
    return JSON.parse(line) as Record<string, object | null>;
  } catch {
    return undefined;
  }
}

function formatByName(file: string): Format {
  const name = file.replace(/\.gz$/i, "");
  return (["csv", "tsv", "parquet"] as const).find((format) => name.endsWith(`.${format}`)) ?? "jsonl";
}

function startOf(file: string, length: number): Buffer {
  const start = Buffer.alloc(length);
  const handle = openSync(file, "r");
  try {
    return start.subarray(0, readSync(handle, start));
  } finally {
    closeSync(handle);
  }
}

/** As much as the bytes hold, for they may end anywhere; undefined: they are no gzip. */
function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}
