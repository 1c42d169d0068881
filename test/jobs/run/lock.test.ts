import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "../../../config/failure.ts";
import { lockHolder, takeLock } from "../../../jobs/run/lock.ts";
import { start } from "./process.ts";

let state: string;
const NOW = () => new Date("2026-11-21T02:00:03Z");
const take = (institution = "oakdale") => takeLock(state, institution, "roster", NOW);

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("nothing failed");
}

describe("the lock", () => {
  it("turns away a second process, and says which run holds it, in which process, since when", async () => {
    const holder = start("hold-lock.ts", [state, "oakdale", "20261121T020003Z-roster"]);
    await holder.says("held");
    const failure = failureOf(() => take());
    expect(failure).toMatchObject({ code: "busy.running", exitCode: 7 });
    expect(failure.message).toBe(
      `Another roster run of oakdale is under way: run 20261121T020003Z-roster, process ${holder.pid}, since 2026-11-21T02:00:03.000Z.`,
    );
    holder.kill("SIGKILL");
    await holder.ended;
  });

  it("is free again once its holder was killed, and forgets him", async () => {
    const holder = start("hold-lock.ts", [state, "oakdale", "killed"]);
    await holder.says("held");
    holder.kill("SIGKILL");
    await holder.ended;
    expect(lockHolder(state, "oakdale", "roster")).toBeUndefined();
    const lock = take();
    expect(failureOf(() => take()).message).toBe("Another roster run of oakdale is under way.");
    lock.release();
  });

  it("turns away a second run of the same process, too, until it is released", () => {
    const first = take();
    expect(failureOf(() => take()).code).toBe("busy.running");
    first.release();
    take().release();
    expect(readdirSync(join(state, "locks"))).toEqual(["oakdale-roster.lock"]);
  });

  it("is one for each institution and job", () => {
    const locks = [take(), take("maple"), takeLock(state, "oakdale", "grades", NOW)];
    for (const lock of locks) lock.release();
  });

  it("holds although nobody can write down who has it", () => {
    const lock = take();
    mkdirSync(join(state, "locks", "oakdale-roster.json"));
    lock.holder("run");
    expect(failureOf(() => take()).message).toBe("Another roster run of oakdale is under way.");
    rmSync(join(state, "locks", "oakdale-roster.json"), { recursive: true });
    lock.release();
  });
});

describe("lockHolder", () => {
  it("turns away no run that begins while somebody only looks", async () => {
    const looker = start("look-at-lock.ts", [state, "oakdale"]);
    take().release();
    await looker.says("looking");
    for (let night = 0; night < 200; night++) take().release();
    looker.kill("SIGKILL");
    await looker.ended;
  });

  it("says who has the lock, and nobody before and after", () => {
    expect(lockHolder(state, "oakdale", "roster")).toBeUndefined();
    const lock = take();
    expect(lockHolder(state, "oakdale", "roster")).toBe("unknown");
    lock.holder("a-run");
    expect(lockHolder(state, "oakdale", "roster")).toEqual({
      run: "a-run",
      pid: process.pid,
      since: NOW().toISOString(),
    });
    lock.release();
    expect(lockHolder(state, "oakdale", "roster")).toBeUndefined();
  });

  it("leaves no trace where nothing ever ran", () => {
    lockHolder(state, "oakdale", "roster");
    expect(existsSync(join(state, "locks"))).toBe(false);
  });
});

describe("a state folder that cannot be", () => {
  it.each(["file", "file/deeper"])("is a fault of the config, before anything is asked: %s", (path) => {
    writeFileSync(join(state, "file"), "");
    const failure = failureOf(() => takeLock(join(state, path), "oakdale", "roster", NOW));
    expect(failure).toMatchObject({ code: "usage.state", exitCode: 2 });
    expect(failure.message).toContain(`The state folder ${join(state, path)} cannot be written: `);
    expect(failure.hint).toContain("`state`");
  });

  it("may also be one in which the lock is no file", () => {
    mkdirSync(join(state, "locks", "oakdale-roster.lock"), { recursive: true });
    expect(failureOf(() => take()).code).toBe("usage.state");
  });
});
