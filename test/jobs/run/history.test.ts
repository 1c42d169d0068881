import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "../../../config/failure.ts";
import { pastRun, pastRuns } from "../../../jobs/run/history.ts";
import { takeLock } from "../../../jobs/run/lock.ts";
import { keep, manifest } from "./manifests.ts";
import { start } from "./process.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "history-"));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

const states = () => pastRuns(state, "oakdale").map((past) => [past.manifest.run, past.state]);
const running = { status: "running", exitCode: null, finishedAt: null } as const;

/** Nothing is forbidden to root, as whom tests may run. */
function asNobody<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("pastRuns", () => {
  it("gives the newest first, each with its folder", () => {
    keep(state, manifest("20261120T020003Z-roster"));
    const folder = keep(state, manifest("20261121T020003Z-roster", { status: "failed", exitCode: 3 }));
    expect(states()).toEqual([
      ["20261121T020003Z-roster", "failed"],
      ["20261120T020003Z-roster", "ok"],
    ]);
    expect(pastRuns(state, "oakdale")[0]?.folder).toBe(folder);
  });

  it("is empty where nothing ran yet, and makes no folder to say so", () => {
    expect(pastRuns(join(state, "new"), "oakdale")).toEqual([]);
    expect(pastRuns(state, "oakdale")).toEqual([]);
  });

  it("is not empty for an account that may not look: that is said", () => {
    keep(state, manifest("20261121T020003Z-roster"));
    const others = [join(state, "runs"), state];
    for (const folder of others) {
      chmodSync(folder, 0o000);
      try {
        const look = () => asNobody(() => pastRuns(state, "oakdale"));
        expect(look).toThrow(Failure);
        expect(look).toThrow(`The runs in ${join(state, "runs")} cannot be read (EACCES).`);
      } finally {
        chmodSync(folder, 0o700);
      }
    }
  });

  it("passes over what is no run, and over the runs of other institutions that share the folder", () => {
    keep(state, manifest("20261121T020003Z-roster"));
    keep(
      state,
      manifest("20261122T020003Z-roster", {
        institution: { id: "maple", timezone: "UTC" },
        status: "failed",
      }),
    );
    for (const [name, text] of [
      ["empty", undefined],
      ["broken", "{"],
      ["null", "null"],
      ["other", "{}"],
    ] as const) {
      mkdirSync(join(state, "runs", name));
      if (text !== undefined) writeFileSync(join(state, "runs", name, "manifest.json"), text);
    }
    expect(states()).toEqual([["20261121T020003Z-roster", "ok"]]);
  });

  it("says of a run that says it is running while nothing runs that it died", () => {
    keep(state, manifest("20261121T020003Z-roster", running));
    expect(states()).toEqual([["20261121T020003Z-roster", "died"]]);
  });

  it("tells the run that is under way from one that died before it", async () => {
    keep(state, manifest("20261120T020003Z-roster", running));
    keep(state, manifest("20261121T020003Z-roster", running));
    const holder = start("hold-lock.ts", [state, "oakdale", "20261121T020003Z-roster"]);
    await holder.says("held");
    expect(states()).toEqual([
      ["20261121T020003Z-roster", "running"],
      ["20261120T020003Z-roster", "died"],
    ]);
    holder.kill("SIGKILL");
    await holder.ended;
    expect(states()[0]).toEqual(["20261121T020003Z-roster", "died"]);
  });

  it("does not take the run of another job for this one", () => {
    keep(state, manifest("20261121T020003Z-roster", running));
    const lock = takeLock(state, "oakdale", "grades", () => new Date());
    expect(states()).toEqual([["20261121T020003Z-roster", "died"]]);
    lock.release();
  });
});

describe("pastRun", () => {
  it("gives the run of that name", () => {
    keep(state, manifest("20261121T020003Z-roster"));
    expect(pastRun(state, "oakdale", "20261121T020003Z-roster").state).toBe("ok");
  });

  it.each(["20261122T020003Z-roster", "../runs/20261121T020003Z-roster", ""])(
    "refuses a name that no run has: %j",
    (id) => {
      keep(state, manifest("20261121T020003Z-roster"));
      expect(() => pastRun(state, "oakdale", id)).toThrow(Failure);
      expect(() => pastRun(state, "oakdale", id)).toThrow(
        `There is no run ${id} of oakdale in ${join(state, "runs")}.`,
      );
    },
  );
});
