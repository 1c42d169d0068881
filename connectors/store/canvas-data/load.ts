/** A table of extracts as Canvas has it now: of each record the newest copy, typed, without those that were deleted. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../../config/failure.ts";
import type { Database } from "../database.ts";
import { fileDamaged, recordsUnreadable } from "./faults.ts";
import type { ExtractFile } from "./extract-files.ts";
import { parquetColumns } from "./parquet.ts";
import { scanOf } from "./scan.ts";
import { tableOf, type ColumnKind, type TableName } from "./tables.ts";
import { isWhole, unpack } from "./whole.ts";

/**
 * Makes the table in the schema `canvas_data`: `id`, its columns, and `unreadable`, the first of those needed whose
 * value is there and not of its kind. A snapshot and any number of incrementals may lie beside each other: the copy with the
 * newest `meta.ts` counts, and its `meta.action` D says that the record is gone.
 *
 * @param wanted a condition over the record's columns; others are not kept. Columns that it names never change
 * @throws Failure source.canvas-data-column, source.canvas-data-damaged
 */
export async function loadTable(
  database: Database,
  table: TableName,
  files: readonly ExtractFile[],
  wanted = "true",
): Promise<void> {
  const unpacked = mkdtempSync(join(tmpdir(), "canvas-data-"));
  try {
    const whole = await wholeFiles(database, table, files, unpacked);
    await readAll(database, table, whole, wanted);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
  await checkRecords(database, table);
  await keepNewest(database, table);
}

/** Parquet that somebody compressed once more is unpacked: DuckDB reads it from its end. */
async function wholeFiles(
  database: Database,
  table: TableName,
  files: readonly ExtractFile[],
  folder: string,
): Promise<ExtractFile[]> {
  const whole: ExtractFile[] = [];
  for (const [at, file] of files.entries()) {
    if (file.empty && file.format !== "jsonl")
      throw fileDamaged(file.file, table, "is empty: not even its columns are there");
    const packed = file.gzip && file.format === "parquet";
    const to = join(folder, `${at}.parquet`);
    if (file.gzip && !(await (packed ? unpack(file.file, to) : isWhole(file.file))))
      throw fileDamaged(file.file, table, "was cut off or is damaged: it cannot be unpacked to its end");
    whole.push(
      packed ? { ...file, file: to, gzip: false, columns: await parquetColumns(database, to) } : file,
    );
  }
  return whole;
}

async function readAll(
  database: Database,
  table: TableName,
  files: readonly ExtractFile[],
  wanted: string,
): Promise<void> {
  const columns = Object.entries(tableOf(table).columns);
  const typed = columns.map(([name, { kind }]) => `${cast(name, kind)} AS "${name}"`);
  const unreadable = columns
    .filter(([, { kind, needed }]) => kind !== "text" && needed !== undefined)
    .map(
      ([name, { kind }]) =>
        `WHEN nullif("${name}", '') IS NOT NULL AND ${cast(name, kind)} IS NULL THEN '${name}'`,
    );
  const rows = files.some((file) => !file.empty)
    ? await scanOf(database, table, files)
    : `(SELECT ${["id", "ts", "action", ...columns.map(([name]) => name)].map((name) => `NULL::VARCHAR AS "${name}"`).join(", ")} WHERE false)`;
  try {
    await database.run(`
      SET TimeZone = 'UTC';
      CREATE TABLE canvas_data.${table} AS FROM (
        SELECT ${cast("id", "id")} AS id, ${cast("ts", "time")} AS ts, coalesce(action = 'D', false) AS gone,
          ${typed.join(", ")}, CASE WHEN false THEN '' ${unreadable.join(" ")} END AS unreadable
        FROM ${rows} AS texts) AS ${table} WHERE gone OR (${wanted})`);
  } catch (error) {
    throw readFault(error, table, files);
  }
}

/** Undone by try_cast: one value that cannot be read must not lose the file. */
function cast(name: string, kind: ColumnKind): string {
  const text = `nullif("${name}", '')`;
  switch (kind) {
    case "text":
      return `"${name}"`;
    case "id":
      return `try_cast(${text} AS BIGINT)`;
    case "flag":
      return `try_cast(${text} AS BOOLEAN)`;
    case "number":
      return `CASE WHEN isfinite(try_cast(${text} AS DOUBLE)) THEN try_cast(${text} AS DOUBLE) END`;
    case "time":
      // A cast to TIMESTAMP would pass over the text's offset from UTC; one from TIMESTAMPTZ to TIMESTAMP is slow.
      return `make_timestamp(epoch_us(try_cast(${text} AS TIMESTAMPTZ)))`;
  }
}

/** DuckDB shows what it cannot read, with all that stands in it of a student: that goes no further. */
function readFault(error: unknown, table: TableName, files: readonly ExtractFile[]): unknown {
  if (error instanceof Failure && error.code !== "internal.file-damaged") return error;
  const words = error instanceof Error ? error.message : "";
  if (!(error instanceof Failure) && !/^(?:Invalid Input|IO|Serialization) Error/.test(words)) return error;
  const file = files.find(({ file: path }) => words.includes(path)) ?? files[0];
  const line = /\bline:? (\d+)/i.exec(words)?.[1];
  return fileDamaged(
    file?.file ?? table,
    table,
    line === undefined ? "cannot be read" : `cannot be read: line ${line} is not as DAP writes it`,
  );
}

async function checkRecords(database: Database, table: TableName): Promise<void> {
  const always = Object.entries(tableOf(table).columns).filter(([, column]) => column.always);
  const names = ["id", ...always.map(([name]) => name)];
  const counts = names.map(
    (name) =>
      `count(*) FILTER (WHERE "${name}" IS NULL ${name === "id" ? "" : "AND NOT gone"})::INTEGER AS "${name}"`,
  );
  const [row] = await database.rows<Record<string, number>>(
    `SELECT ${counts.join(", ")} FROM canvas_data.${table}`,
  );
  for (const name of names) {
    const without = row?.[name] ?? 0;
    if (without > 0) throw recordsUnreadable(table, name === "id" ? "key.id" : `value.${name}`, without);
  }
}

async function keepNewest(database: Database, table: TableName): Promise<void> {
  await database.run(`
    DELETE FROM canvas_data.${table} WHERE rowid IN (
      SELECT row FROM (
        SELECT rowid AS row, row_number() OVER (PARTITION BY id
          ORDER BY ts DESC NULLS LAST, gone DESC) AS age
        FROM canvas_data.${table} SEMI JOIN (SELECT id FROM canvas_data.${table} GROUP BY id HAVING count(*) > 1) USING (id))
      WHERE age > 1);
    DELETE FROM canvas_data.${table} WHERE gone`);
}
