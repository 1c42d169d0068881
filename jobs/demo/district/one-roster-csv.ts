/** A district as a SIS exports it: OneRoster CSV files with their manifest, everything or what has changed. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvText } from "../canvas/files/csv-text.ts";
import { csvColumns, type CsvRow, csvRows, type CsvTable, type CsvVersion } from "./csv-tables.ts";
import type { District } from "./raw-records.ts";

export type { CsvTable, CsvVersion } from "./csv-tables.ts";
export type CsvMode = "absent" | "bulk" | "delta";

export interface CsvExportOptions {
  /** Default 1.1. */
  version?: CsvVersion;
  /** What all files are, or each of them; default bulk. */
  mode?: CsvMode | Partial<Record<CsvTable, CsvMode>>;
  /** The district at the export before: deltas hold what is different since; without it, everything. */
  before?: District;
  /** When what is gone was removed, as deltas say it; ISO 8601. */
  removedAt?: string;
}

/** Files that OneRoster has besides, and that no roster needs. */
const OTHERS = "categories classResources courseResources demographics lineItems resources results".split(
  " ",
);

/** The files of an export by their names, as strict as the standard: bulk files are without status and time. */
export function oneRosterCsv(district: District, options: CsvExportOptions = {}): Map<string, string> {
  const { version = "1.1", mode = "bulk", before, removedAt = "2026-11-20T16:00:00.000Z" } = options;
  const earlier = before === undefined ? {} : csvRows(before, version);
  const files = new Map<string, string>();
  const properties = [
    ["manifest.version", "1.0"],
    ["oneroster.version", version],
  ];
  for (const [table, rows] of Object.entries(csvRows(district, version)) as [CsvTable, CsvRow[]][]) {
    const how = typeof mode === "string" ? mode : (mode[table] ?? "bulk");
    properties.push([`file.${table}`, how]);
    if (how === "absent") continue;
    const columns = csvColumns(table, version, rows);
    const told = how === "bulk" ? allOf(rows) : changesOf(rows, earlier[table] ?? [], columns, removedAt);
    const cells = told.map((row) => columns.map((column) => row[column] ?? ""));
    files.set(`${table}.csv`, csvText([columns, ...cells]));
  }
  for (const name of OTHERS) properties.push([`file.${name}`, "absent"]);
  properties.push(["source.systemName", "Sandbox SIS"], ["source.systemCode", "sandbox"]);
  return files.set("manifest.csv", csvText([["propertyName", "value"], ...properties]));
}

/** Puts an export into a folder, in place of whatever CSVs it held. */
export function writeOneRosterCsv(district: District, folder: string, options: CsvExportOptions = {}): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith(".csv")) rmSync(join(folder, name));
  for (const [name, text] of oneRosterCsv(district, options)) writeFileSync(join(folder, name), text);
}

/** What is gone is not there; what is there has neither status nor time. */
function allOf(rows: readonly CsvRow[]): CsvRow[] {
  return rows
    .filter(({ status }) => status !== "tobedeleted")
    .map((row) => ({ ...row, status: "", dateLastModified: "" }));
}

/** What is new or different, and as deleted what is not there any more. */
function changesOf(
  rows: readonly CsvRow[],
  earlier: readonly CsvRow[],
  columns: readonly string[],
  removedAt: string,
): CsvRow[] {
  const textOf = (row: CsvRow) => columns.map((column) => row[column] ?? "").join("\u001f");
  const known = new Map(earlier.map((row) => [row["sourcedId"], textOf(row)]));
  const now = new Set(rows.map((row) => row["sourcedId"]));
  const gone = earlier.filter((row) => !now.has(row["sourcedId"]));
  return [
    ...rows.filter((row) => known.get(row["sourcedId"]) !== textOf(row)),
    ...gone.map((row) => ({ ...row, status: "tobedeleted", dateLastModified: removedAt })),
  ];
}
