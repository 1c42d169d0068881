/** DuckDB over a run's files: the one place where sets of rows are compared, joined and sorted. */
import { mkdirSync, rmSync } from "node:fs";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

export interface Database {
  run(sql: string): Promise<void>;
  /** Every row of the answer, values as text or numbers; for small answers. */
  rows<R>(sql: string): Promise<R[]>;
  /** The one number that the query gives. */
  count(sql: string): Promise<number>;
  close(): void;
}

export interface DatabaseOptions {
  /** Folder for what does not fit in memory; made here, removed on close. */
  spill: string;
  memoryLimitMb: number;
  threads: number;
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  mkdirSync(options.spill, { recursive: true, mode: 0o700 });
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${options.memoryLimitMb}MB`,
    threads: String(options.threads),
    temp_directory: options.spill,
    // Every query that writes says its ORDER BY, so keeping the order of input would only cost memory.
    preserve_insertion_order: "false",
    // Nothing is fetched: extensions would be looked for on the network.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection: DuckDBConnection = await instance.connect();

  async function rows<R>(sql: string): Promise<R[]> {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJS() as R[];
  }

  return {
    async run(sql) {
      await connection.run(sql);
    },
    rows,
    async count(sql) {
      const [row] = await rows<Record<string, unknown>>(sql);
      return Number(Object.values(row ?? {})[0] ?? 0);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(options.spill, { recursive: true, force: true });
    },
  };
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
