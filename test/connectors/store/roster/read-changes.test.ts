import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { csvLine } from "../../../../connectors/store/csv.ts";
import { openDatabase, type Database } from "../../../../connectors/store/database.ts";
import { type Changes, readChanges } from "../../../../connectors/store/roster/read-changes.ts";

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosterbridge-changes-"));
  database = await openDatabase({ spill: join(folder, "spill"), memoryLimitMb: 64, threads: 1 });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function read(lines: string[][], options = { first: 100, samples: 2 }): Promise<Changes> {
  const file = join(folder, "changes.csv");
  const header = ["file", "key", "change", "column", "before", "after"];
  writeFileSync(file, [header, ...lines].map(csvLine).join(""));
  return readChanges(database, file, options);
}

const line = (file: string, key: string, change: string, ...more: string[]) =>
  [file, key, change, ...more, "", "", ""].slice(0, 6);

describe("changes.csv", () => {
  it("that is not there, or has only its header, is no change", async () => {
    const none = { lines: 0, first: [], samples: [], columns: [] };
    expect(await readChanges(database, join(folder, "no.csv"), { first: 1, samples: 1 })).toEqual(none);
    expect(await read([])).toEqual(none);
  });

  it("comes back with every text as it is, blank for nothing", async () => {
    const value = 'Ann "Ä", b\nc';
    const { lines, first } = await read([line("users", "u,1", "changed", "first_name", "", value)]);
    expect(lines).toBe(1);
    expect(first).toEqual([
      { file: "users", key: "u,1", change: "changed", column: "first_name", before: "", after: value },
    ]);
  });

  it("is told in the order in which Canvas imports the files, whatever order it is in", async () => {
    const keys = ({ first }: Changes) => first.map(({ file, key }) => `${file} ${key}`);
    const lines = [
      line("enrollments", "e1", "removed"),
      line("users", "u2", "added"),
      line("accounts", "a1", "added"),
      line("users", "u1", "added"),
    ];
    const expected = ["accounts a1", "users u1", "users u2", "enrollments e1"];
    expect(keys(await read(lines))).toEqual(expected);
    expect(keys(await read(lines.toReversed(), { first: 3, samples: 1 }))).toEqual(expected.slice(0, 3));
  });

  it("gives a few of each kind of change of each file", async () => {
    const added = Array.from({ length: 50 }, (_, index) => line("users", `u${index + 10}`, "added"));
    const { samples } = await read([...added, line("users", "u99", "removed"), line("terms", "t", "added")]);
    expect(samples.map(({ file, key, change }) => `${file} ${key} ${change}`)).toEqual([
      "terms t added",
      "users u10 added",
      "users u11 added",
      "users u99 removed",
    ]);
  });

  it("tells in how many rows each column has changed", async () => {
    const { columns } = await read([
      line("users", "u1", "changed", "email", "a", "b"),
      line("users", "u1", "changed", "status", "active", "suspended"),
      line("users", "u2", "changed", "email", "a", "b"),
      line("users", "u3", "added"),
    ]);
    expect(columns).toEqual([
      { file: "users", column: "email", rows: 2 },
      { file: "users", column: "status", rows: 1 },
    ]);
  });
});
