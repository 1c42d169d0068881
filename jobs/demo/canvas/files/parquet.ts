/** DAP tables as Parquet, written by DuckDB. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { identifier, literal, openDatabase } from "../../../../connectors/store/database.ts";
import { asTable, type DataPart } from "./table-text.ts";

export interface ParquetLook {
  gzip: boolean;
  /** `key`, `value` and `meta` as nested columns. */
  nested: boolean;
}

/** @returns the files' paths */
export async function parquetFiles(
  parts: readonly DataPart[],
  folder: string,
  look: ParquetLook,
): Promise<string[]> {
  const scratch = mkdtempSync(join(tmpdir(), "sandbox-canvas-"));
  const database = await openDatabase({ spill: join(scratch, "spill"), memoryLimitMb: 256, threads: 1 });
  try {
    const files: string[] = [];
    for (const part of parts) {
      const text = join(scratch, "part.csv");
      writeFileSync(text, asTable(part, "csv"), { mode: 0o600 });
      const file = join(folder, `${part.path}${look.gzip ? ".gz" : ""}.parquet`);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      await database.run(`COPY (SELECT ${look.nested ? nested(part) : "*"} FROM ${scan(part, text)})
        TO ${literal(file)} (FORMAT parquet, COMPRESSION ${look.gzip ? "gzip" : "snappy"})`);
      await chmod(file, 0o600);
      files.push(file);
    }
    return files;
  } finally {
    database.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function scan({ columns }: DataPart, file: string): string {
  const types = [
    `'key.id': 'BIGINT'`,
    ...columns.map(({ name, type }) => `${literal(`value.${name}`)}: ${literal(type)}`),
    `'meta.ts': 'TIMESTAMP'`,
    `'meta.action': 'VARCHAR'`,
  ].join(", ");
  return `read_csv(${literal(file)}, columns = {${types}}, header = true, auto_detect = false, delim = ',',
    quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false)`;
}

function nested({ columns }: DataPart): string {
  const values = columns.map(({ name }) => `${identifier(name)} := ${identifier(`value.${name}`)}`);
  return `struct_pack(id := "key.id") AS "key", struct_pack(${values.join(", ")}) AS "value",
    struct_pack(ts := "meta.ts", action := "meta.action") AS "meta"`;
}
