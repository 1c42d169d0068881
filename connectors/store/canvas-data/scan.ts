/** Files of a table as a table expression: whatever their format, each column is text, or NULL. */
import { identifier, literal, type Database } from "../database.ts";
import { columnMissing, fileDamaged } from "./faults.ts";
import type { ExtractFile } from "./extract-files.ts";
import { parquetTexts } from "./parquet.ts";
import { tableOf, type TableName } from "./tables.ts";

/** Longest record that is taken, in bytes: texts that students wrote are in it. */
const LONGEST_LINE = 8 << 20;

/** A column that is not there: a bare NULL would be a number, with which no text can be compared. */
const NOTHING = "NULL::VARCHAR";

/** Files that are read alike. */
interface Batch {
  files: string[];
  like: ExtractFile;
}

/**
 * Rows of id, ts, action and every column of the table, as text; files of one table may differ in format and columns.
 *
 * @throws Failure source.canvas-data-column when a file lacks a needed column
 */
export async function scanOf(
  database: Database,
  table: TableName,
  files: readonly ExtractFile[],
): Promise<string> {
  const names = ["id", ...Object.keys(tableOf(table).columns)];
  const parts: string[] = [];
  for (const { files: paths, like } of batchesOf(files)) {
    const found = names.map((name) => foundAs(name, like.columns));
    if (like.format !== "jsonl") needColumns(table, names, found, like.file);
    parts.push(await selectFrom(database, paths, like, names, found));
  }
  return `(${parts.join(" UNION ALL ")})`;
}

function batchesOf(files: readonly ExtractFile[]): Batch[] {
  const batches = new Map<string, Batch>();
  for (const file of files) {
    if (file.empty) continue;
    const alike = file.format === "jsonl" ? [] : file.columns;
    const key = JSON.stringify([file.format, file.gzip, alike]);
    const batch = batches.get(key) ?? { files: [], like: file };
    batches.set(key, { ...batch, files: [...batch.files, file.file] });
  }
  return [...batches.values()];
}

/** Extracts have `key.` and `value.` before their columns; tables that `dap initdb` made and somebody exported do not. */
function foundAs(name: string, columns: readonly string[]): string | undefined {
  return [`value.${name}`, `key.${name}`, name].find((candidate) => columns.includes(candidate));
}

function needColumns(
  table: TableName,
  names: readonly string[],
  found: readonly (string | undefined)[],
  file: string,
): void {
  for (const [at, name] of names.entries()) {
    const column = tableOf(table).columns[name] ?? { kind: "id", needed: "which record it is" };
    if (column.needed !== undefined && found[at] === undefined)
      throw columnMissing(table, name, column, file);
  }
}

async function selectFrom(
  database: Database,
  files: readonly string[],
  like: ExtractFile,
  names: readonly string[],
  found: readonly (string | undefined)[],
): Promise<string> {
  const meta = ["meta.ts", "meta.action"].map((name) => (like.columns.includes(name) ? name : undefined));
  const columns = [...found, ...meta];
  const as = [...names, "ts", "action"].map(identifier);
  const select = (texts: readonly string[], from: string) =>
    `SELECT ${as.map((name, at) => `${texts[at] ?? NOTHING} AS ${name}`).join(", ")} FROM ${from}`;
  const list = `[${files.map(literal).join(", ")}]`;
  switch (like.format) {
    case "jsonl":
      return select(jsonlTexts(names), jsonl(list, names, like.gzip));
    case "parquet":
      return select(await parquetColumnTexts(database, like.file, columns), `read_parquet(${list})`);
    default: {
      const texts = columns.map((name) => (name === undefined ? NOTHING : identifier(name)));
      return select(like.format === "tsv" ? texts.map(unescaped) : texts, separated(list, like));
    }
  }
}

/** NULL is no character at all in CSV, and `\N` in TSV, where every other special character is escaped as well. */
function separated(list: string, { format, columns, gzip, file }: ExtractFile): string {
  if (new Set(columns).size < columns.length)
    throw fileDamaged(file, undefined, "has two columns of one name");
  const types = columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(", ");
  const dialect =
    format === "csv"
      ? `delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false`
      : `delim = '\t', quote = '', escape = '', nullstr = '\\N'`;
  return `read_csv(${list}, columns = {${types}}, header = true, auto_detect = false, ${dialect},
    compression = '${gzip ? "gzip" : "none"}', max_line_size = ${LONGEST_LINE}, buffer_size = ${LONGEST_LINE})`;
}

/** A stand-in for the escaped backslash that no text has: U+FDD0 is no character. */
const BACKSLASH = "chr(64976)";

function unescaped(text: string): string {
  if (text === NOTHING) return text;
  const escapes = { b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };
  const plain = Object.entries(escapes).reduce(
    (inner, [letter, code]) => `replace(${inner}, '\\${letter}', chr(${code}))`,
    `replace(${text}, '\\\\', ${BACKSLASH})`,
  );
  return `CASE WHEN contains(${text}, '\\') THEN replace(${plain}, ${BACKSLASH}, '\\') ELSE ${text} END`;
}

function jsonl(list: string, names: readonly string[], gzip: boolean): string {
  const fields = names.filter((name) => name !== "id").map((name) => `${identifier(name)} VARCHAR`);
  return `read_json(${list}, format = 'newline_delimited', compression = '${gzip ? "gzip" : "uncompressed"}',
    maximum_object_size = ${LONGEST_LINE}, columns = {"key": 'STRUCT(id VARCHAR)',
    "value": ${literal(`STRUCT(${fields.join(", ")})`)}, "meta": 'STRUCT(ts VARCHAR, action VARCHAR)'})`;
}

function jsonlTexts(names: readonly string[]): string[] {
  const values = names.map((name) => (name === "id" ? '"key".id' : `"value".${identifier(name)}`));
  return [...values, '"meta".ts', '"meta".action'];
}

async function parquetColumnTexts(
  database: Database,
  file: string,
  columns: readonly (string | undefined)[],
): Promise<string[]> {
  const there = columns.filter((column) => column !== undefined);
  const texts = await parquetTexts(database, file, there);
  return columns.map((column) =>
    column === undefined ? NOTHING : (texts[there.indexOf(column)] ?? NOTHING),
  );
}
