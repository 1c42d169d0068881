import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baselineFolder, examineBaseline, readBaseline, recordDelivery } from "../../../jobs/run/baseline.ts";
import { keep, manifest } from "./manifests.ts";

const RUN = "20261121T020003Z-roster";
const delivery = { kind: "sftp", target: "/incoming/x.zip", verified: true };
let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "baseline-"));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

/** A run that was delivered, with two files that Canvas holds since. */
async function delivered(): Promise<string> {
  const of = manifest(RUN, { delivery });
  const folder = keep(state, of);
  mkdirSync(baselineFolder(folder));
  for (const name of ["users.csv", "sections.csv"]) {
    writeFileSync(join(baselineFolder(folder), name), `header\n${name}\n`);
  }
  await recordDelivery(state, folder, of, new Date("2026-11-21T02:05:00Z"));
  return baselineFolder(folder);
}

const pointer = () => join(state, "oakdale-baseline.json");

describe("the baseline", () => {
  it("is none before the first delivery", async () => {
    expect(await examineBaseline(state, "oakdale")).toEqual({ kind: "none" });
  });

  it("is the run that was delivered last, with what Canvas holds since", async () => {
    const folder = await delivered();
    expect(await examineBaseline(state, "oakdale")).toMatchObject({
      ...{ kind: "sound", folder },
      baseline: { run: RUN, deliveredAt: "2026-11-21T02:05:00.000Z", delivery },
    });
    expect(await examineBaseline(state, "elsewhere")).toEqual({ kind: "none" });
  });

  it.each([
    [
      "a file of it is gone",
      (folder: string) => {
        rmSync(join(folder, "users.csv"));
      },
      /users\.csv is gone/,
    ],
    [
      "a file of it was changed",
      (folder: string) => {
        writeFileSync(join(folder, "users.csv"), "header\n");
      },
      /users\.csv is not what was delivered/,
    ],
    [
      "its pointer cannot be read",
      () => {
        writeFileSync(pointer(), "{");
      },
      /cannot be read/,
    ],
    [
      "its pointer is something else",
      () => {
        writeFileSync(pointer(), "{}");
      },
      /cannot be read/,
    ],
    [
      "its pointer is gone though a run was delivered",
      () => {
        rmSync(pointer());
      },
      new RegExp(`gone, though ${RUN}`),
    ],
  ])("is damaged when %s", async (_what, damage, reason) => {
    const folder = await delivered();
    damage(folder);
    const found = await examineBaseline(state, "oakdale");
    expect(found.kind).toBe("damaged");
    expect("reason" in found && found.reason).toMatch(reason);
  });

  it("is replaced by the next delivery in one step", async () => {
    await delivered();
    const next = manifest("20261122T020003Z-roster", { delivery });
    const folder = keep(state, next);
    mkdirSync(baselineFolder(folder));
    await recordDelivery(state, folder, next, new Date("2026-11-22T02:05:00Z"));
    expect(readBaseline(state, "oakdale")?.run).toBe(next.run);
    expect(JSON.parse(readFileSync(pointer(), "utf8"))).toMatchObject({ files: {} });
  });
});
