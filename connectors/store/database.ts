/** DuckDB over a run's files: the one place where sets of rows are compared, joined and sorted. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Failure } from "../../config/failure.ts";

export { identifier, literal } from "./sql-text.ts";

/**
 * Every call may throw Failure internal.disk-full, when there is no room to write or to spill to,
 * internal.out-of-memory, when what must be held at once is more than the limit, and internal.file-damaged, when a file
 * that an earlier stage wrote cannot be read any more.
 */
export interface Database {
  run(sql: string): Promise<void>;
  /** Every row of the answer, values as text or numbers; for small answers. */
  rows<R>(sql: string): Promise<R[]>;
  /** The one number that the query gives. */
  count(sql: string): Promise<number>;
  /**
   * Two pieces of work at one time, for writing a file keeps one thread busy: neither may build on what the other makes,
   * and temporary tables are seen by neither. Waits for both, also where one fails.
   */
  sideBySide<A, B>(
    one: (database: Database) => Promise<A>,
    other: (database: Database) => Promise<B>,
  ): Promise<[A, B]>;
  close(): void;
}

export interface DatabaseOptions {
  /** Folder for what does not fit in memory; made here, removed on close. */
  spill: string;
  memoryLimitMb: number;
  threads: number;
}

/** Within the limit, twice, and four times that: more is no matter of threads that were unlucky together. */
const TRIES = 3;

/**
 * A piece of work in a database of its own. How much DuckDB must hold at once, whatever it puts on the disk, depends on
 * the data and on what the threads happen to do at one time: where the limit does not suffice, the work is done anew
 * with twice as much.
 *
 * @param work leaves nothing behind that it does not make anew
 * @throws Failure internal.out-of-memory when that has not helped either
 */
export async function inDatabase<T>(
  options: DatabaseOptions,
  work: (database: Database) => Promise<T>,
  tries = TRIES,
): Promise<T> {
  const database = await openDatabase(options);
  try {
    return await work(database);
  } catch (error) {
    if (tries === 1 || !(error instanceof Failure && error.code === OUT_OF_MEMORY)) throw error;
  } finally {
    database.close();
  }
  return inDatabase({ ...options, memoryLimitMb: options.memoryLimitMb * 2 }, work, tries - 1);
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // A process that was killed has left its own behind.
  rmSync(options.spill, { recursive: true, force: true });
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
  const database = onConnection(instance, await instance.connect(), options);
  return {
    ...database,
    close() {
      database.close();
      instance.closeSync();
      rmSync(options.spill, { recursive: true, force: true });
    },
  };
}

function onConnection(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  options: DatabaseOptions,
): Database {
  async function orFailure<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (isDiskFull(error)) throw diskFull(dirname(options.spill), error);
      if (isOutOfMemory(error)) throw outOfMemory(options.memoryLimitMb, error);
      throw fileDamaged(error) ?? error;
    }
  }

  async function rows<R>(sql: string): Promise<R[]> {
    const reader = await orFailure(connection.runAndReadAll(sql));
    return reader.getRowObjectsJS() as R[];
  }

  async function onOneOfItsOwn<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const database = onConnection(instance, await instance.connect(), options);
    try {
      return await work(database);
    } finally {
      database.close();
    }
  }

  return {
    async run(sql) {
      await orFailure(connection.run(sql));
    },
    rows,
    async count(sql) {
      const [row] = await rows<Record<string, unknown>>(sql);
      return Number(Object.values(row ?? {})[0] ?? 0);
    },
    async sideBySide(one, other) {
      const works = [onOneOfItsOwn(one), onOneOfItsOwn(other)] as const;
      // Nobody may close the database under one of them.
      await Promise.allSettled(works);
      return Promise.all(works);
    },
    close() {
      connection.closeSync();
    },
  };
}

/** DuckDB gives itself most of the room that is free when it starts; that used up is a full disk in other words. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /no space left on device|max_temp_directory_size/i.test(error.message);
}

function diskFull(folder: string, cause: unknown): Failure {
  return new Failure("internal.disk-full", `No room is left in ${folder} to compare and sort the records.`, {
    hint: "Free some space there, or point `state` at a larger disk; then `rosterbridge rerun`.",
    cause,
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Out of Memory Error");
}

const OUT_OF_MEMORY = "internal.out-of-memory";

function outOfMemory(limitMb: number, cause: unknown): Failure {
  return new Failure(
    OUT_OF_MEMORY,
    `To compare and sort the records ${limitMb} MB of memory are not enough.`,
    {
      hint: "Nothing was delivered. Give the machine more memory, then `rosterbridge rerun`; if that does not help, report it with the log.ndjson of the run, which holds ids but no names.",
      cause,
    },
  );
}

/** DuckDB shows the line that it cannot read, with all that stands in it of a person: that goes no further. */
function fileDamaged(error: unknown): Failure | undefined {
  const words = error instanceof Error ? error.message : "";
  const line = /CSV Error on Line: (\d+)/.exec(words)?.[1];
  if (line === undefined) return undefined;
  const file = /^\s*file = (.+)$/m.exec(words)?.[1] ?? "A file between two stages";
  return new Failure(
    "internal.file-damaged",
    `${file} cannot be read: line ${line} is not as it was written.`,
    {
      hint: "`rosterbridge rerun --from extract` makes it anew.",
    },
  );
}
