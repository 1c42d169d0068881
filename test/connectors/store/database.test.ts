import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  identifier,
  inDatabase,
  literal,
  openDatabase,
  type Database,
} from "../../../connectors/store/database.ts";

let folder: string;
let database: Database | undefined;
const open = async (memoryLimitMb = 64) =>
  (database = await openDatabase({ spill: join(folder, "spill"), memoryLimitMb, threads: 1 }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "database-"));
});
afterEach(() => {
  database?.close();
  database = undefined;
  rmSync(folder, { recursive: true, force: true });
});

describe("openDatabase", () => {
  it("answers with rows and numbers", async () => {
    const store = await open();
    await store.run("CREATE TABLE t AS SELECT range AS n FROM range(3)");
    expect(await store.count("SELECT count(*) FROM t")).toBe(3);
    expect(await store.rows("SELECT n::INTEGER AS n, 'x' AS x FROM t WHERE n > 1")).toEqual([
      { n: 2, x: "x" },
    ]);
  });

  it("spills what does not fit, and takes the folder away on close", async () => {
    const store = await open(48);
    await store.run(
      "CREATE TABLE wide AS SELECT range AS n, repeat('x', 200) || range AS t FROM range(400000)",
    );
    expect(readdirSync(join(folder, "spill"))).not.toEqual([]);
    expect(await store.count("SELECT sum(length(t)) > 80000000 FROM wide")).toBe(1);
    store.close();
    database = undefined;
    expect(readdirSync(folder)).toEqual([]);
  });

  it("clears away what a process that was killed has left", async () => {
    mkdirSync(join(folder, "spill"));
    writeFileSync(join(folder, "spill", "duckdb_temp_storage_DEFAULT-0.tmp"), "left");
    await open();
    expect(existsSync(join(folder, "spill", "duckdb_temp_storage_DEFAULT-0.tmp"))).toBe(false);
  });

  it("says that the disk is full when there is no room to spill to", async () => {
    const store = await open(32);
    await store.run("SET max_temp_directory_size = '1MB'");
    await expect(
      store.run("CREATE TABLE wide AS SELECT range AS n, repeat('x', 200) || range AS t FROM range(400000)"),
    ).rejects.toMatchObject({
      code: "internal.disk-full",
      message: `No room is left in ${folder} to compare and sort the records.`,
    });
  });
});

describe("two pieces of work side by side", () => {
  it("see the same tables, and each gives what it has made", async () => {
    const store = await open();
    await store.run("CREATE TABLE t AS SELECT range AS n FROM range(3)");
    const count = (sql: string) => (one: Database) => one.count(sql);
    const both = store.sideBySide(count("SELECT count(*) FROM t"), count("SELECT sum(n) FROM t"));
    expect(await both).toEqual([3, 3]);
  });

  it("are both at an end when one of them has failed", async () => {
    const store = await open();
    let isOver = false;
    const both = store.sideBySide(
      (one) => one.run("SELECT * FROM missing"),
      async (other) => {
        await other.run("CREATE TABLE t AS SELECT range AS n FROM range(300000)");
        await other.run("CREATE TABLE u AS SELECT n, md5(n::VARCHAR) AS m FROM t");
        isOver = true;
      },
    );
    await expect(both).rejects.toThrow("missing");
    expect(isOver).toBe(true);
    expect(await store.count("SELECT count(*) FROM u")).toBe(300_000);
  });

  it("say what a full disk is, as one by itself does", async () => {
    const store = await open(32);
    await store.run("SET max_temp_directory_size = '1MB'");
    const both = store.sideBySide(
      (one) => one.run("CREATE TABLE wide AS SELECT repeat('x', 200) || range AS t FROM range(400000)"),
      (other) => other.count("SELECT 1"),
    );
    await expect(both).rejects.toMatchObject({ code: "internal.disk-full" });
  });
});

describe("inDatabase", () => {
  const within = async (memoryLimitMb: number, work: (store: Database) => Promise<unknown>) => {
    let tries = 0;
    const outcome = await inDatabase({ spill: join(folder, "spill"), memoryLimitMb, threads: 1 }, (store) => {
      tries++;
      return work(store);
    }).catch((error: unknown) => error);
    return { tries, outcome };
  };
  /** Which is held at once, as bytes of 8 a number. */
  const listOf = (numbers: number) => (store: Database) =>
    store.count(`SELECT len(list(range)) FROM range(${numbers})`);

  it("does the work anew with more memory where it was too little, and leaves nothing behind", async () => {
    const { tries, outcome } = await within(24, listOf(2_000_000));
    expect(outcome).toBe(2_000_000);
    expect(tries).toBeGreaterThan(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("gives up where that does not help, and says so", async () => {
    const { tries, outcome } = await within(16, listOf(60_000_000));
    expect(tries).toBe(3);
    expect(outcome).toMatchObject({
      code: "internal.out-of-memory",
      message: "To compare and sort the records 64 MB of memory are not enough.",
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does nothing twice that has failed otherwise", async () => {
    const { tries, outcome } = await within(64, (store) => store.run("SELECT * FROM nowhere"));
    expect(tries).toBe(1);
    expect(String(outcome)).toContain("nowhere");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("literal and identifier", () => {
  it("hold any text", async () => {
    const store = await open();
    const text = `it's "so"; DROP TABLE x --\n🦉`;
    expect(await store.rows(`SELECT ${literal(text)} AS ${identifier(text)}`)).toEqual([{ [text]: text }]);
  });
});
