import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { beginDelivery, deliveringFile } from "../../../jobs/run/delivering.ts";
import type { Manifest } from "../../../jobs/run/manifest.ts";
import { removeOldRuns } from "../../../jobs/run/retention.ts";
import { beginRun } from "./begun-run.ts";
import { keep, manifest } from "./manifests.ts";

const TONIGHT = "2026-11-21T02:00:03Z";
const TONIGHTS = "20261121T020003Z-roster";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "retention-"));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

const idOf = (day: number, job = "roster") => `202611${String(day).padStart(2, "0")}T020003Z-${job}`;

/** A run of that day of November 2026. */
function night(day: number, more: Partial<Manifest> = {}): string {
  const run = idOf(day, more.job);
  const startedAt = `2026-11-${String(day).padStart(2, "0")}T02:00:03.000Z`;
  const folder = keep(state, manifest(run, { startedAt, ...more }));
  mkdirSync(join(folder, "canvas"));
  writeFileSync(join(folder, "canvas", "users.csv"), "user_id\n");
  return folder;
}

function makeBaseline(day: number, text?: string): void {
  const startedAt = `2026-11-${String(day).padStart(2, "0")}T02:00:03.000Z`;
  const delivery = { kind: "sftp", target: "/incoming/x.zip", verified: true };
  const baseline = { run: idOf(day), startedAt, deliveredAt: startedAt, delivery, files: {} };
  writeFileSync(join(state, "oakdale-baseline.json"), text ?? JSON.stringify(baseline));
}

const left = () => readdirSync(join(state, "runs")).sort();
const HELD = { status: "held", exitCode: 4 } as const;

describe("removeOldRuns", () => {
  it("keeps the newest runs, this one among them, and removes the rest whole", async () => {
    for (const day of [16, 17, 18, 19, 20]) night(day);
    const { run, logged } = beginRun(state, { at: TONIGHT });
    expect((await removeOldRuns(run, state, 3)).sort()).toEqual([idOf(16), idOf(17), idOf(18)]);
    expect(left()).toEqual([idOf(19), idOf(20), TONIGHTS]);
    expect(logged().at(-1)?.msg).toContain(`removed ${idOf(18)}, ${idOf(17)}, ${idOf(16)}`);
  });

  it("removes and says nothing while there are no more than it may keep", async () => {
    for (const day of [19, 20]) night(day);
    const { run, logged } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 3)).toEqual([]);
    expect(logged()).toEqual([]);
  });

  it("keeps the baseline's run, however old", async () => {
    for (const day of [1, 18, 19, 20]) night(day, { status: "failed", exitCode: 3 });
    makeBaseline(1);
    const { run } = beginRun(state, { at: TONIGHT });
    expect((await removeOldRuns(run, state, 1)).sort()).toEqual([idOf(18), idOf(19), idOf(20)]);
    expect(left()).toEqual([idOf(1), TONIGHTS]);
  });

  it("keeps the run whose delivery is open, and a held one that came after it", async () => {
    for (const day of [1, 2, 3, 18, 19, 20]) night(day, day === 3 ? { ...HELD, after: idOf(2) } : {});
    makeBaseline(1);
    const noted = { file: "x.zip", sha256: "0" };
    beginDelivery(state, "oakdale", { run: idOf(2), since: TONIGHT, mode: "full", package: noted });
    const { run } = beginRun(state, { at: TONIGHT });
    expect((await removeOldRuns(run, state, 1)).sort()).toEqual([idOf(18), idOf(19), idOf(20)]);
    expect(left()).toEqual([idOf(1), idOf(2), idOf(3), TONIGHTS]);

    writeFileSync(deliveringFile(state, "oakdale"), "{");
    expect(await removeOldRuns(run, state, 1)).toEqual([]);
  });

  it("removes nothing while it cannot know which run the baseline is", async () => {
    for (const day of [18, 19, 20]) night(day);
    makeBaseline(18, "{");
    const { run, logged } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 1)).toEqual([]);
    expect(left()).toHaveLength(4);
    expect(logged().at(-1)).toMatchObject({ level: 40, msg: expect.stringMatching(/baseline/) as string });
  });

  it("keeps a held run, which waits for a person, until a newer night was delivered", async () => {
    night(10, { ...HELD, after: idOf(9) });
    night(12);
    night(14, { ...HELD, after: idOf(12) });
    night(20);
    makeBaseline(12);
    const { run } = beginRun(state, { at: TONIGHT });
    expect((await removeOldRuns(run, state, 1)).sort()).toEqual([idOf(10), idOf(20)]);
    expect(left()).toEqual([idOf(12), idOf(14), TONIGHTS]);
  });

  it("keeps every held run while nothing was ever delivered", async () => {
    night(10, HELD);
    const { run } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 1)).toEqual([]);
  });

  it("keeps the runs that something else refers to", async () => {
    for (const day of [18, 19]) night(day);
    const { run } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 1, new Set([idOf(18)]))).toEqual([idOf(19)]);
  });

  it("keeps the run that calls, also where the machine's clock went back", async () => {
    for (const day of [22, 23]) night(day);
    const { run } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 2)).toEqual([]);
    expect(left()).toEqual([TONIGHTS, idOf(22), idOf(23)]);
  });

  it("keeps the runs of the other job and of other institutions", async () => {
    night(18, { job: "grades" });
    night(19, { institution: { id: "maple", timezone: "UTC" } });
    const { run } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 1)).toEqual([]);
    expect(left()).toHaveLength(3);
  });

  it("does not touch what is not the folder of a run", async () => {
    const runs = join(state, "runs");
    renameSync(night(17), join(runs, "copy of a night"));
    mkdirSync(join(runs, idOf(16)));
    writeFileSync(join(runs, "notes.txt"), "");
    const elsewhere = join(state, "elsewhere");
    renameSync(night(15), elsewhere);
    symlinkSync(elsewhere, join(runs, idOf(15)));
    const { run } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 1)).toEqual([]);
    expect(left()).toHaveLength(5);
    expect(existsSync(join(elsewhere, "canvas", "users.csv"))).toBe(true);
  });

  it("counts pauses by themselves, so that a summer of them pushes out no night", async () => {
    for (const day of [2, 3]) night(day);
    for (const day of [4, 5, 6, 7]) night(day, { status: "paused" });
    const { run } = beginRun(state, { at: TONIGHT });
    expect((await removeOldRuns(run, state, 3)).sort()).toEqual([idOf(4)]);
  });

  it("takes from a killed run what was for its own time, and leaves the rest for a rerun", async () => {
    const folder = night(20, { status: "running", exitCode: null, finishedAt: null });
    mkdirSync(join(folder, "spill"));
    writeFileSync(join(folder, "spill", "block.tmp"), "");
    for (const name of [".reserve", "manifest.json.new", "rejects.csv"])
      writeFileSync(join(folder, name), "");
    const { run } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 5)).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["canvas", "manifest.json", "rejects.csv"]);
    expect(existsSync(join(run.folder, ".reserve"))).toBe(true);
  });

  it("removes a killed run that is too old like any other", async () => {
    night(19, { status: "running", exitCode: null, finishedAt: null });
    const { run } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 1)).toEqual([idOf(19)]);
  });

  it("takes away what a killed process had only begun to make, unless it may be another's of this day", async () => {
    const { run } = beginRun(state, { at: TONIGHT });
    const begun = [`.${idOf(20)}.begun`, `.${idOf(21, "grades")}.begun`];
    for (const name of begun) mkdirSync(join(state, "runs", name));
    await removeOldRuns(run, state, 30);
    expect(left()).toEqual([begun[1], TONIGHTS]);
  });

  it("ends what an earlier removal has left half done", async () => {
    const leaving = join(state, "runs", `.${idOf(3)}.removed`);
    mkdirSync(join(leaving, "extract"), { recursive: true });
    const { run } = beginRun(state, { at: TONIGHT });
    expect(await removeOldRuns(run, state, 1)).toEqual([]);
    expect(left()).toEqual([TONIGHTS]);
  });

  it("warns of a folder that it may not remove, and goes on", async () => {
    for (const day of [18, 19]) night(day);
    const { run, logged } = beginRun(state, { at: TONIGHT });
    chmodSync(join(state, "runs"), 0o500);
    const removed = await asOrdinaryUser(() => removeOldRuns(run, state, 1));
    chmodSync(join(state, "runs"), 0o700);
    expect(removed).toEqual([]);
    expect(left()).toEqual([idOf(18), idOf(19), TONIGHTS]);
    expect(logged().map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      `40 retention: run ${idOf(19)} cannot be removed, and stays (EACCES).`,
      `40 retention: run ${idOf(18)} cannot be removed, and stays (EACCES).`,
    ]);
  });
});

/** Nothing is forbidden to root, as whom tests may run: then it is done as nobody, to whom all of the state is given. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  const nobody = 65_534;
  for (const file of [".", ...readdirSync(state, { recursive: true, encoding: "utf8" })])
    chownSync(join(state, file), nobody, nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
