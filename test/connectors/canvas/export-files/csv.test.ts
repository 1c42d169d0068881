import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCsv, separatorOf } from "../../../../connectors/canvas/export-files/csv.ts";
import { exportFiles } from "../../../../connectors/canvas/export-files/folder.ts";
import { collected, type ExportFolder, exportFolder, failureOf, never } from "./folder-of.ts";

const NAMES = new Set(["ID", "Section"]);
let folder: ExportFolder;

beforeAll(async () => {
  folder = await exportFolder();
});
afterAll(() => folder.remove());

async function fileWith(content: string | Buffer) {
  await folder.put("export.csv", content);
  const { files } = await exportFiles(folder.path, [".csv"]);
  return files.find(({ name }) => name === "export.csv")!;
}

async function read(content: string | Buffer) {
  const { header, rows } = await readCsv(await fileWith(content), NAMES, never);
  return { header, rows: (await collected(rows)).map(({ cells }) => cells) };
}

describe("reading a CSV", () => {
  it.each([
    ["commas", "ID,Section\n1,A\n"],
    ["semicolons", "ID;Section\n1;A\n"],
    ["tabs", "ID\tSection\n1\tA\n"],
    ["a BOM", "\uFEFFID,Section\n1,A\n"],
    ["Windows line ends and none at the end", "ID,Section\r\n1,A"],
    ["quotes that nobody needs", '"ID","Section"\n"1","A"\n'],
    ["empty lines", "\n\nID,Section\n\n1,A\n\n"],
  ])("takes %s", async (_, content) => {
    expect(await read(content)).toEqual({ header: ["ID", "Section"], rows: [["1", "A"]] });
  });

  it("is not misled by commas in titles that semicolons leave without quotes", () => {
    expect(separatorOf("Student;ID;Section;Essay, first, second, third draft (1)", NAMES)).toBe(";");
  });

  it("keeps line ends, quotes and separators that are quoted", async () => {
    const { rows } = await read('ID,Section\n1,"A ""best"", or\nlast"\n');

    expect(rows).toEqual([["1", 'A "best", or\nlast']]);
  });

  it("fills up rows whose blank end a spreadsheet has cut off", async () => {
    expect((await read("ID,Section,Notes\n1\n")).rows).toEqual([["1", "", ""]]);
  });

  it("gives what was written, whatever it was", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "é", "=", "1", " ") });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell)), fc.constantFrom(",", ";"), async (rows, separator) => {
        const lines = [["ID", "Section"], ...rows].map((row) => row.map(quoted).join(separator));
        expect((await read(lines.join("\n"))).rows).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a CSV that is broken", () => {
  it.each([
    ["a quote that is never closed", 'ID,Section\n1,"A\n2,B\n', /a quote is not closed/],
    ["a quote in the middle of a cell", 'ID,Section\n1,A\n2,B"c"\n', /line 3 has a quote in the wrong place/],
    [
      "a row that is wider than the header",
      "ID,Section\n1,A\n2,B,C\n",
      /line 3 has more cells than the header/,
    ],
    ["bytes that are not UTF-8", Buffer.from("ID,Section\n1,\xe9t\xe9\n", "latin1"), /not UTF-8/],
    ["UTF-16", Buffer.from("\uFEFFID,Section\n1,A\n", "utf16le"), /not UTF-8/],
  ])("is told by name and line: %s", async (_, content, why) => {
    const failure = await failureOf(read(content));

    expect(failure).toMatchObject({ code: "source.export-damaged", exitCode: 3 });
    expect(failure.message).toMatch(/^export\.csv /);
    expect(failure.message).toMatch(why);
  });

  it("never shows what stands in its cells", async () => {
    const { message, hint } = await failureOf(read('ID,Section\n1,Smith"Jo"\n'));

    expect(`${message} ${hint}`).not.toMatch(/Smith|Jo\b/);
  });

  it("is told when it changes while it is read", async () => {
    const file = await fileWith(`ID,Section\n${"1,A\n".repeat(200_000)}`);
    const { rows } = await readCsv(file, NAMES, never);
    await writeFile(file.path, "ID,Section\n1,A\n");

    expect(await failureOf(rows)).toMatchObject({ code: "source.export-changed" });
  });

  it("is not read on when the run is stopped", async () => {
    const stopped = AbortSignal.abort(new Error("stopped"));

    await expect(readCsv(await fileWith("ID,Section\n"), NAMES, stopped)).rejects.toThrow("stopped");
  });
});
