/** Table extracts as the DAP client downloads them: part files of every table in a folder of its job. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { WorkState } from "../work/state.ts";
import { put } from "./folder.ts";
import { parquetFiles } from "./parquet.ts";
import { asJsonLines, asTable, type DataPart } from "./table-text.ts";
import { type DataTable, tablesOf } from "./tables.ts";

export interface CanvasDataOptions {
  /** Default jsonl, as the client's. */
  format?: "csv" | "tsv" | "jsonl" | "parquet";
  /** Default true. Parquet is compressed inside. */
  gzip?: boolean;
  /** `job`: `<table>/job_<id>/part-….csv.gz`, the default; `flat`: `<table>.csv.gz`. */
  layout?: "job" | "flat";
  /** Names of the tables; default: all. */
  tables?: readonly string[];
  /** Columns that are left out, as `table.column`: an older schema. */
  leaveOut?: readonly string[];
  /** What was deleted is gone, as an incremental query tells it, in the place of a row that says so. */
  hardDeletes?: boolean;
  /** Rows a part; default 50,000. */
  partRows?: number;
  /** Parquet with `key`, `value` and `meta` as nested columns, instead of names with dots. */
  nested?: boolean;
}

const PART_ROWS = 50_000;

/** @returns the files' paths */
export async function writeCanvasData(
  state: WorkState,
  folder: string,
  options: CanvasDataOptions,
): Promise<string[]> {
  const { format = "jsonl", gzip = true } = options;
  const parts = tablesOf(state)
    .filter((table) => options.tables?.includes(table.name) ?? true)
    .map((table) => without(table, options.leaveOut ?? []))
    .map((table) => (options.hardDeletes === true ? withDeletions(table) : table))
    .flatMap((table) => partsOf(state, table, options));
  if (format === "parquet") return parquetFiles(parts, folder, { gzip, nested: options.nested === true });
  const files: string[] = [];
  for (const part of parts) {
    const text = format === "jsonl" ? asJsonLines(part) : asTable(part, format);
    const name = `${part.path}.${format}${gzip ? ".gz" : ""}`;
    files.push(await put(folder, name, gzip ? gzipSync(text, { level: 1 }) : text));
  }
  return files;
}

function without(table: DataTable, leaveOut: readonly string[]): DataTable {
  const columns = table.columns.filter(({ name }) => !leaveOut.includes(`${table.name}.${name}`));
  return { ...table, columns };
}

function withDeletions(table: DataTable): DataTable {
  const rows = table.rows.map((row) => ({ ...row, deleted: row.values["workflow_state"] === "deleted" }));
  return { ...table, rows };
}

function partsOf(state: WorkState, table: DataTable, options: CanvasDataOptions): DataPart[] {
  const length = options.partRows ?? PART_ROWS;
  const count = Math.max(1, Math.ceil(table.rows.length / length));
  const job = idOf(`${table.name}/${state.clock.now()}`);
  return Array.from({ length: count }, (_, n) => ({
    path:
      options.layout === "flat"
        ? `${table.name}${count > 1 ? `-${n}` : ""}`
        : `${table.name}/job_${job}/part-${String(n).padStart(5, "0")}-${idOf(`${job}/${n}`)}-c000`,
    columns: table.columns,
    rows: table.rows.slice(n * length, (n + 1) * length),
    ts: state.clock.now().replace("Z", ".000Z"),
  }));
}

/** Looks like a UUID, and is the same for the same data. */
function idOf(text: string): string {
  const hash = createHash("sha256").update(text).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ].join("-");
}
