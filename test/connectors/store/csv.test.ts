import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvLine, readCsv, writeCsv } from "../../../connectors/store/csv.ts";
import { openDatabase, type Database } from "../../../connectors/store/database.ts";
import { parseCsv } from "./strict-csv.ts";

let folder: string;
let database: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "csv-"));
  database = await openDatabase({ spill: join(folder, "spill"), memoryLimitMb: 128, threads: 2 });
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Rows through a line, a file, the database and a file again, in their order. */
async function throughTheStore(rows: readonly string[][]): Promise<string> {
  const columns = ["n", "a", "b", "c"];
  const [from, to] = [join(folder, "in.csv"), join(folder, "out.csv")];
  writeFileSync(from, rows.map((row, n) => csvLine([String(n), ...row])).join(""));
  await writeCsv(database, { from: readCsv([from], columns), orderBy: "n::INTEGER" }, columns, to);
  return readFileSync(to, "utf8");
}

async function valuesThroughTheStore(rows: readonly string[][]): Promise<string[][]> {
  return parseCsv(await throughTheStore(rows))
    .slice(1)
    .map(([, ...values]) => values);
}

const AWKWARD = [
  ...[
    '"',
    '""',
    "'",
    "a,b",
    "a\nb",
    "a\r\nb",
    "\r",
    "\ra",
    "a\r",
    "\n",
    "\t",
    " a ",
    "  ",
    ";",
    "#",
    "# a",
    "\\",
    '\\"',
    "\\n",
  ],
  ...[
    "NULL",
    "null",
    "\\N",
    "NaN",
    "true",
    "0042",
    "1e5",
    "-",
    "=1+1",
    "2026-01-01",
    "€",
    "🦉",
    "é",
    "e\u0301",
    "\u00a0",
    "\ufeffa",
  ],
];

describe("csvLine", () => {
  it("quotes only what needs it, and nothing for a blank", () => {
    expect(csvLine(["a", "", "b c"])).toBe("a,,b c\n");
    expect(csvLine(['say "hi"', "a,b", "a\nb", "\r"])).toBe('"say ""hi""","a,b","a\nb","\r"\n');
    expect(csvLine([""])).toBe("\n");
  });

  it("is read back by a strict reader as it was", () => {
    const cell = fc.oneof(fc.constantFrom(...AWKWARD, ""), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }), (rows) => {
        expect(parseCsv(rows.map(csvLine).join(""))).toEqual(rows);
      }),
    );
  });
});

describe("a value on its way through the store", () => {
  it.each(AWKWARD.map((value) => [JSON.stringify(value), value]))(
    "is the same at the end: %s",
    async (_shown, value) => {
      expect(await valuesThroughTheStore([[value, "", value]])).toEqual([[value, "", value]]);
    },
  );

  it("is the same at the end, whatever it is and whatever stands beside it", async () => {
    const cell = fc.oneof(
      fc.constantFrom(...AWKWARD, ""),
      fc.string({ unit: "grapheme" }),
      fc
        .array(fc.constantFrom('"', ",", "\n", "\r", " ", "a"), { maxLength: 8 })
        .map((parts) => parts.join("")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { maxLength: 30 }), async (rows) => {
        expect(await valuesThroughTheStore(rows)).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });

  it("keeps its order and its rows over more lines than are read at once", async () => {
    const rows = Array.from({ length: 60_000 }, (_, n) => [`name ${n}\nsecond, "line"`, "x".repeat(100), ""]);
    expect(await valuesThroughTheStore(rows)).toEqual(rows);
  });
});

describe("readCsv", () => {
  it("gives text, whatever it looks like, and never null", async () => {
    const file = join(folder, "text.csv");
    writeFileSync(file, "0042,\n2026-01-01,true\n");
    const rows = await database.rows(
      `SELECT typeof(a) AS type, a, b FROM ${readCsv([file], ["a", "b"])} ORDER BY a`,
    );
    expect(rows).toEqual([
      { type: "VARCHAR", a: "0042", b: "" },
      { type: "VARCHAR", a: "2026-01-01", b: "true" },
    ]);
  });

  it("reads several files as one, and none, an empty one or one that is not there as nothing", async () => {
    const [one, two, empty, missing] = ["one", "two", "empty", "missing"].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    writeFileSync(one, "a,1\n");
    writeFileSync(two, "b,2\nc,3\n");
    writeFileSync(empty, "");
    const count = (files: string[]) => database.count(`SELECT count(*) FROM ${readCsv(files, ["x", "y"])}`);
    expect(await count([one, empty, two, missing])).toBe(3);
    expect(await count([missing])).toBe(0);
    expect(await count([empty])).toBe(0);
    expect(await count([])).toBe(0);
  });

  it("refuses a file whose lines have other columns, and tells nobody what they say", async () => {
    const file = join(folder, "ragged.csv");
    writeFileSync(file, "a,b\nAda,Lovelace,c\n");
    const refusal = database.rows(`SELECT max(x), max(y) FROM ${readCsv([file], ["x", "y"])}`);
    await expect(refusal).rejects.toMatchObject({
      code: "internal.file-damaged",
      message: `${file} cannot be read: line 2 is not as it was written.`,
    });
  });

  it.each([
    ["ends in the middle of a quote", 'a,"b\n'],
    ["is not UTF-8", Buffer.from([0x61, 0x2c, 0xe9, 0x0a])],
    ["has a line longer than any that was written", `a,${"x".repeat(1_100_000)}\n`],
  ])("refuses a file that %s", async (_what, content) => {
    const file = join(folder, "broken.csv");
    writeFileSync(file, content);
    const refusal = database.rows(`SELECT max(x), max(y) FROM ${readCsv([file], ["x", "y"])}`);
    await expect(refusal).rejects.toMatchObject({ code: "internal.file-damaged" });
  });

  it("reads a folder whose name has a quote", async () => {
    const file = join(folder, "o'brien.csv");
    writeFileSync(file, "a\n");
    expect(await database.count(`SELECT count(*) FROM ${readCsv([file], ["x"])}`)).toBe(1);
  });
});

describe("writeCsv", () => {
  it("writes a header, LF, and nothing for a blank or a null", async () => {
    const file = join(folder, "blank.csv");
    const from = "(VALUES ('b', NULL, ''), ('a', '', 'x')) AS t (id, one, two)";
    await writeCsv(database, { from, orderBy: "id" }, ["id", "one", "two"], file);
    expect(readFileSync(file, "utf8")).toBe("id,one,two\na,,x\nb,,\n");
  });

  it("is for its owner's eyes alone, also where a file was before", async () => {
    const file = join(folder, "private.csv");
    writeFileSync(file, "old", { mode: 0o644 });
    await writeCsv(database, { from: "(SELECT 'a' AS id)", orderBy: "id" }, ["id"], file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("sorts by bytes, as no locale does", async () => {
    const file = join(folder, "sorted.csv");
    const from = "(VALUES ('a'), ('B'), ('é'), ('0'), ('10'), ('9'), ('_')) AS t (id)";
    await writeCsv(database, { from, orderBy: "id" }, ["id"], file);
    expect(readFileSync(file, "utf8").split("\n")).toEqual(["id", "0", "10", "9", "B", "_", "a", "é", ""]);
  });
});
