/** Which files of a folder hold which table of Canvas Data 2: by their names, their folders', or what stands in them. */
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Database } from "../database.ts";
import { noFolder, tableUnknown } from "./faults.ts";
import { openingOf, type Opening } from "./opening.ts";
import { parquetColumns } from "./parquet.ts";
import { TABLE_NAMES, tableOf, type TableName } from "./tables.ts";

export interface ExtractFile extends Opening {
  file: string;
}

const EXTENSION = /\.(?:csv|tsv|jsonl|ndjson|json|parquet|gz)$/i;
/** `dap schema` writes `<table>_schema_version_<N>.json` beside the data. */
const SCHEMA = /_schema_version_\d+\.json$/i;

/**
 * The files of each table that is read, wherever beneath the folder, sorted by name. The nearest of a file's name and
 * its folders' names that holds a table's name decides; DAP itself writes `job_<uuid>/part-….gz`, one job a table,
 * where the columns do.
 *
 * @throws Failure source.canvas-data-missing when there is no such folder; source.canvas-data-unnamed
 */
export async function findExtracts(
  database: Database,
  folder: string,
): Promise<Map<TableName, ExtractFile[]>> {
  const found = new Map<TableName, ExtractFile[]>();
  const unknown: ExtractFile[] = [];
  const tableOfJob = new Map<string, TableName>();
  const keep = (table: TableName, file: ExtractFile) => {
    found.set(table, [...(found.get(table) ?? []), file]);
  };
  for (const path of filesBeneath(folder)) {
    const file = await extractAt(database, join(folder, path));
    const named = tableNamed(path);
    const table = named ?? tableWith(file.columns);
    if (table === undefined) unknown.push(file);
    else keep(table, file);
    if (table !== undefined && named === undefined && isJob(file)) tableOfJob.set(dirname(file.file), table);
  }
  for (const file of unknown) {
    const table = tableOfJob.get(dirname(file.file));
    if (table !== undefined) keep(table, file);
    else if (isDeletionsOnly(file)) throw tableUnknown(file.file);
  }
  return found;
}

async function extractAt(database: Database, file: string): Promise<ExtractFile> {
  const opening = openingOf(file);
  if (opening.format !== "parquet" || opening.empty || opening.gzip) return { file, ...opening };
  return { file, ...opening, columns: await parquetColumns(database, file) };
}

function filesBeneath(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && EXTENSION.test(entry.name) && !SCHEMA.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length))
      .filter((path) => !path.split("/").some((part) => part.startsWith(".")))
      .sort();
  } catch (error) {
    throw noFolder(folder, error);
  }
}

/** Apart from what else is in the name, such as a date; `quiz_submissions` are not `submissions`. */
const NAMED = TABLE_NAMES.map((table) => ({
  table,
  pattern: new RegExp(
    `(?:^|[^a-z0-9_]|\\bcanvas_)${table}(?:$|[^a-z_]|_(?:\\d|part|job|snapshot|incremental))`,
    "i",
  ),
}));

function tableNamed(path: string): TableName | undefined {
  for (const part of path.split("/").reverse()) {
    const named = NAMED.find(({ pattern }) => pattern.test(part));
    if (named !== undefined) return named.table;
  }
  return undefined;
}

function tableWith(columns: readonly string[]): TableName | undefined {
  const names = new Set(columns.map((column) => column.replace(/^(?:key|value)\./, "")));
  return TABLE_NAMES.find((name) => {
    const { signatures, never } = tableOf(name);
    const ruledOut = never !== undefined && names.has(never);
    return !ruledOut && signatures.some((signature) => signature.every((column) => names.has(column)));
  });
}

function isJob({ file }: ExtractFile): boolean {
  return /^job_/i.test(basename(dirname(file)));
}

function isDeletionsOnly({ format, columns }: Opening): boolean {
  return format === "jsonl" && columns.length > 0 && !columns.some((column) => column.startsWith("value."));
}
