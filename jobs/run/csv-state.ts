/**
 * Which run last read a whole CSV export: its archive is what the next delta is applied to. It moves on when a run has
 * read everything, delivered or not: a delta says what changed since the export before it, and not since a delivery.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./files.ts";

export interface CsvState {
  run: string;
  /** When it had read everything: an instant. */
  readAt: string;
  /** OneRoster version of the export. */
  version: "1.1" | "1.2";
  /** When the file of each table was written, ISO 8601. */
  written: Record<string, string>;
}

/** @returns "unreadable" where there is one that nobody can make sense of */
export function readCsvState(state: string, institution: string): CsvState | "unreadable" | undefined {
  const file = fileOf(state, institution);
  if (!existsSync(file)) return undefined;
  try {
    const read = JSON.parse(readFileSync(file, "utf8")) as Partial<CsvState> | null;
    const isWhole = typeof read?.run === "string" && read.version !== undefined && read.written !== undefined;
    return isWhole ? (read as CsvState) : "unreadable";
  } catch {
    return "unreadable";
  }
}

/** The act by which the state moves on. */
export function recordCsvState(state: string, institution: string, now: CsvState): void {
  replaceFile(fileOf(state, institution), `${JSON.stringify(now, null, 2)}\n`);
}

/** The run whose folder must stay, for the next delta needs it. */
export function csvStateRuns(state: string, institution: string): Set<string> {
  const found = readCsvState(state, institution);
  return new Set(typeof found === "object" ? [found.run] : []);
}

function fileOf(state: string, institution: string): string {
  return join(state, `${institution}-csv-state.json`);
}
