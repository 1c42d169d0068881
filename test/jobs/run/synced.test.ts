import type { openSync } from "node:fs";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { stage } from "../../../jobs/run/run.ts";
import { begin } from "./runs.ts";

/** Paths that were brought to the disk, in order; the manifest with what it said. */
const { opened, synced } = vi.hoisted(() => ({ opened: new Map<number, string>(), synced: [] as string[] }));

vi.mock(import("node:fs"), async (original) => {
  const fs = await original();
  return {
    ...fs,
    openSync: (...given: Parameters<typeof openSync>) => {
      const handle = fs.openSync(...given);
      opened.set(handle, String(given[0]));
      return handle;
    },
    fsyncSync: (handle: number) => {
      fs.fsyncSync(handle);
      synced.push(opened.get(handle) ?? "unknown");
    },
  };
});

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "synced-"));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

it("what a stage has written is on the disk before the manifest says that it is done", async () => {
  const run = begin(state);
  await stage(run, "extract", async () => {
    mkdirSync(join(run.folder, "canvas"));
    writeFileSync(join(run.folder, "canvas", "users.csv"), "user_id\n");
    writeFileSync(join(run.folder, "rejects.csv"), "type\n");
    synced.length = 0;
    await Promise.resolve();
  });
  const order = synced.map((path) => relative(run.folder, path));
  const done = order.indexOf("manifest.json.new");
  expect(readFileSync(join(run.folder, "manifest.json"), "utf8")).toContain('"status": "ok"');
  for (const path of ["canvas/users.csv", "canvas", "rejects.csv", ""]) {
    expect(order.slice(0, done), path).toContain(path);
  }
});
