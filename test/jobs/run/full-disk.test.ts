import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { createArchive } from "../../../connectors/store/archive.ts";
import { writeCsv } from "../../../connectors/store/csv.ts";
import { openDatabase } from "../../../connectors/store/database.ts";
import { readManifest } from "../../../jobs/run/manifest.ts";
import { failRun, stage, type Run } from "../../../jobs/run/run.ts";
import { begin, ports } from "./runs.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";

let disk: SmallDisk | undefined;
beforeEach(() => {
  disk = mountSmallDisk(3);
});
afterEach(() => {
  disk?.remove();
});

function diskOr(skip: TestContext["skip"]): SmallDisk {
  skip(disk === undefined, "no file system can be mounted here: that takes root");
  return disk!;
}

/** Does the stage as a job would, and gives what the manifest on disk says at the end. */
async function endOf(run: Run, work: () => Promise<void>) {
  try {
    await stage(run, "extract", work);
  } catch (error) {
    return { exitCode: failRun(run, error), manifest: readManifest(run.folder) };
  }
  throw new Error("the disk was not full");
}

const WORK: [string, (run: Run) => Promise<void>][] = [
  [
    "writes a file",
    (run) => {
      for (;;) appendFileSync(join(run.folder, "rows.csv"), Buffer.alloc(50_000, "x"));
    },
  ],
  [
    "keeps pages of the SIS",
    (run) => {
      const pages = createArchive(join(run.folder, "extract")).begin("users", "/users");
      for (;;) pages.add(Buffer.alloc(50_000, "x"));
    },
  ],
  [
    "sorts more than fits in memory",
    async (run) => {
      const database = await openDatabase({
        spill: join(run.folder, "spill"),
        memoryLimitMb: 32,
        threads: 1,
      });
      try {
        await database.run("CREATE TABLE t AS SELECT repeat('x', 200) || range AS t FROM range(400000)");
      } finally {
        database.close();
      }
    },
  ],
  [
    "writes Canvas files",
    async (run) => {
      const database = await openDatabase({
        spill: join(run.folder, "spill"),
        memoryLimitMb: 64,
        threads: 1,
      });
      const from = "(SELECT hash(range)::VARCHAR || hash(range + 1)::VARCHAR AS id FROM range(200000))";
      try {
        await writeCsv(database, { from, orderBy: "id" }, ["id"], join(run.folder, "users.csv"));
      } finally {
        database.close();
      }
    },
  ],
];

describe("a full disk", () => {
  it.for(WORK)("leaves a true manifest of a stage that %s", async ([, work], { skip }) => {
    const { folder } = diskOr(skip);
    const given = ports();
    const run = begin(folder, given);
    const { exitCode, manifest } = await endOf(run, () => work(run));
    expect(exitCode).toBe(1);
    expect(manifest).toMatchObject({ status: "failed", exitCode: 1, finishedAt: given.now().toISOString() });
    expect(manifest.stages.map(({ status }) => status)).toEqual(["failed", "skipped", "skipped"]);
    expect(manifest.errors).toMatchObject([{ stage: "extract", code: "internal.disk-full" }]);
    expect(manifest.errors[0]?.message).toContain(run.folder);
    expect(given.told.text).toContain("internal.disk-full");
  });

  it("has room kept for the last word, which others may not have", async ({ skip }) => {
    const small = diskOr(skip);
    const run = begin(small.folder);
    const { manifest } = await endOf(run, () => {
      small.fill();
      appendFileSync(join(run.folder, "rows.csv"), Buffer.alloc(50_000, "x"));
      return Promise.resolve();
    });
    expect(manifest.errors).toMatchObject([{ stage: "extract", code: "internal.disk-full" }]);
    expect(readdirSync(run.folder).filter((name) => name.startsWith("manifest"))).toEqual(["manifest.json"]);
  });

  it("before a run has begun is told as a state folder that cannot be written", ({ skip }) => {
    const small = diskOr(skip);
    small.fill();
    expect(() => begin(small.folder)).toThrow(expect.objectContaining({ code: "usage.state" }) as Error);
  });
});
