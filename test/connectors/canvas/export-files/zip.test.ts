import { createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { exportFiles } from "../../../../connectors/canvas/export-files/folder.ts";
import { zippedFiles } from "../../../../connectors/canvas/export-files/zip.ts";
import type { ZipLimits } from "../../../../connectors/formats/zip.ts";
import { collected, type ExportFolder, exportFolder, failureOf } from "./folder-of.ts";

let folder: ExportFolder;

beforeEach(async () => {
  folder = await exportFolder();
});
afterEach(() => folder.remove());

async function zipped(entries: Record<string, string | Buffer>): Promise<string> {
  const path = join(folder.path, "reports.zip");
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

async function read(limits?: ZipLimits): Promise<[string, string][]> {
  const { files } = await exportFiles(folder.path, [".zip"]);
  const found: [string, string][] = [];
  for await (const file of zippedFiles(files[0]!, limits)) {
    found.push([file.name, Buffer.concat(await collected(file.read())).toString()]);
  }
  return found;
}

/** Writes other bytes where a text is, everywhere in a file. */
async function patch(path: string, from: string, to: string): Promise<void> {
  const content = (await readFile(path)).toString("latin1");
  await writeFile(path, Buffer.from(content.replaceAll(from, to), "latin1"));
}

describe("a zip of CSVs", () => {
  it("gives each of them under its own name", async () => {
    await zipped({ "Fall.csv": "a", "2026/27 Spring.CSV": "b" });

    expect(await read()).toEqual([
      ["reports.zip/Fall.csv", "a"],
      ["reports.zip/2026/27 Spring.CSV", "b"],
    ]);
  });

  it("leaves out what is no CSV, and the shadows that macOS leaves", async () => {
    await zipped({ "Fall.csv": "a", "readme.txt": "b", "__MACOSX/._Fall.csv": "c", ".hidden.csv": "d" });

    expect((await read()).map(([name]) => name)).toEqual(["reports.zip/Fall.csv"]);
  });
});

describe("a zip that is refused", () => {
  it("is no zip", async () => {
    await folder.put("reports.zip", "<html>Please sign in</html>");

    expect(await failureOf(read())).toMatchObject({ code: "source.export-damaged", exitCode: 3 });
  });

  it("was cut off", async () => {
    const path = await zipped({ "Fall.csv": "a".repeat(5000) });
    await writeFile(path, (await readFile(path)).subarray(0, -30));

    expect((await failureOf(read())).message).toMatch(
      /^reports\.zip cannot be read: it is not a complete zip/,
    );
  });

  it("has a file whose bytes are not those that were packed", async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from("score 10"), "Fall.csv", { compress: false });
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(join(folder.path, "reports.zip")));
    await patch(join(folder.path, "reports.zip"), "score 10", "score 90");

    expect((await failureOf(read())).message).toContain("checksum");
  });

  it("has names that climb out of it", async () => {
    await patch(await zipped({ "aa/Fall.csv": "a" }), "aa/Fall.csv", "../Fall.csv");

    expect((await failureOf(read())).message).toContain("reports.zip cannot be read");
  });

  it("has two files of one name, of which neither is known to be the one that counts", async () => {
    await patch(await zipped({ "Fall.csv": "a", "Fell.csv": "b" }), "Fell.csv", "FALL.csv");

    expect(await failureOf(read())).toMatchObject({
      code: "source.export-damaged",
      message: "reports.zip cannot be read: it holds FALL.csv twice.",
    });
  });

  it("would unpack to a thousand times its size", async () => {
    await zipped({ "Fall.csv": Buffer.alloc(3_000_000, "a") });

    expect((await failureOf(read())).message).toMatch(/Fall\.csv would grow from \d+ to 3000000 bytes/);
  });

  it("has more in it than any report", async () => {
    await zipped({ "Fall.csv": "12345", "Spring.csv": "12345" });

    expect((await failureOf(read({ maxBytes: 9, maxRatio: 200 }))).message).toContain("10 bytes");
    expect(await read({ maxBytes: 10, maxRatio: 200 })).toHaveLength(2);
  });
});
