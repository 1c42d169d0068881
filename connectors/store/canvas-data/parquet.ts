/** Parquet files of DAP: their columns stand beside each other (`value.score`), or nested in `key`, `value` and `meta`. */
import { identifier, literal, type Database } from "../database.ts";
import { fileDamaged } from "./faults.ts";

interface Described {
  column_name: string;
  column_type: string;
}

/** Columns as CSV would name them. @throws Failure source.canvas-data-damaged */
export async function parquetColumns(database: Database, file: string): Promise<string[]> {
  const columns: string[] = [];
  for (const { column_name: name, column_type: type } of await described(database, file, "*")) {
    if (!type.startsWith("STRUCT(")) columns.push(name);
    else {
      const fields = await described(database, file, `${identifier(name)}.*`);
      columns.push(...fields.map((field) => `${name}.${field.column_name}`));
    }
  }
  return columns;
}

/**
 * A column as text: lists are JSON, as they are in CSV.
 *
 * @param name as `parquetColumns` gives it
 */
export async function parquetTexts(
  database: Database,
  file: string,
  names: readonly string[],
): Promise<string[]> {
  const top = new Set((await described(database, file, "*")).map((column) => column.column_name));
  const paths = names.map((name) => (top.has(name) ? identifier(name) : nested(name)));
  const types = await described(database, file, paths.map((path, at) => `${path} AS c${at}`).join(", "));
  return paths.map((path, at) =>
    /\[\]$|^(?:STRUCT|MAP)\(/.test(types[at]?.column_type ?? "")
      ? `to_json(${path})::VARCHAR`
      : `${path}::VARCHAR`,
  );
}

function nested(name: string): string {
  const dot = name.indexOf(".");
  return `${identifier(name.slice(0, dot))}.${identifier(name.slice(dot + 1))}`;
}

async function described(database: Database, file: string, what: string): Promise<Described[]> {
  try {
    return await database.rows<Described>(`DESCRIBE SELECT ${what} FROM read_parquet(${literal(file)})`);
  } catch {
    // The words of DuckDB may repeat what stands in the file.
    throw fileDamaged(file, undefined, "is no whole Parquet file");
  }
}
