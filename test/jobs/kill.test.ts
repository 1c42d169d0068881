import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { directory, makeHome, sourceOf, startSis, type Home } from "./night-kit.ts";

/** The package's bytes, wherever the night has put it; undefined while there is none. */
function delivered(home: Home): Buffer | undefined {
  const [name, ...others] = home.delivered().filter((file) => file.endsWith(".zip"));
  expect(others).toEqual([]);
  return name === undefined ? undefined : readFileSync(join(home.inbox, name));
}

describe("a night that is killed", () => {
  it("is taken up again from any moment, and ends with the bytes of an undisturbed one", async () => {
    await using sis = await startSis({ latencyMs: 15 });
    await using calm = makeHome({ source: sourceOf(sis) });
    expect((await calm.call(["roster"])).code).toBe(0);
    const expected = delivered(calm);

    // From before the first request until after the delivery: a night here takes about a second.
    for (let after = 100; after <= 1240; after += 60) {
      await using home = makeHome({ source: sourceOf(sis) });
      const night = home.start(["roster", "--quiet"]);
      const timer = setTimeout(() => night.process.kill("SIGKILL"), after);
      await night.ended;
      clearTimeout(timer);

      const [run] = home.runs();
      if (run === undefined) continue;
      const partial = delivered(home);
      if (partial !== undefined) expect(partial.equals(expected!)).toBe(true);
      if (home.manifest(run).status !== "ok") {
        const again = await home.call(["rerun"]);
        expect(again).toMatchObject({ code: 0 });
      }
      expect(home.runs()).toEqual([run]);
      expect(home.manifest(run)).toMatchObject({ status: "ok", exitCode: 0 });
      expect(delivered(home)?.equals(expected!)).toBe(true);
    }
  }, 120_000);
});

describe("an extract that died", () => {
  it("keeps the collections that were complete while the SIS promises as many records", async () => {
    await using sis = await startSis();
    await using calm = makeHome({ source: sourceOf(sis) });
    await calm.call(["roster"]);
    const expected = delivered(calm);

    await using home = makeHome({ source: sourceOf(sis, undefined, { concurrency: 1 }) });
    sis.failNext({ path: "/enrollments", after: 3, times: 2, answer: { status: 500 } });
    sis.failNext({ path: /^\/schools\/.*\/enrollments/, times: Infinity, answer: { status: 500 } });
    expect((await home.call(["roster"])).code).toBe(3);
    const asked = sis.requests.length;

    await using healed = await startSis();
    home.configure({ source: sourceOf(healed, undefined, { concurrency: 1 }) });
    expect((await home.call(["rerun"])).code).toBe(0);
    expect(delivered(home)?.equals(expected!)).toBe(true);
    expect(healed.requests.length).toBeLessThan(asked * 2);
  });
});

describe("a delivery", () => {
  it("that was recorded and not yet told is not repeated", async () => {
    await using sis = await startSis();
    await using home = makeHome({ source: sourceOf(sis) });
    await home.call(["roster"]);
    const [run] = home.runs();
    // As a kill between the two writes leaves it.
    const file = join(home.runFolder(run), "manifest.json");
    const manifest = { ...home.manifest(run), status: "running", delivery: null, exitCode: null };
    manifest.stages = manifest.stages.map((stage) =>
      stage.name === "deliver" ? { ...stage, status: "running" as const } : stage,
    );
    writeFileSync(file, JSON.stringify(manifest));
    rmSync(home.inbox, { recursive: true });

    expect((await home.call(["rerun"])).code).toBe(0);
    expect(home.manifest(run)).toMatchObject({ status: "ok", delivery: { verified: true } });
  });

  it("of an older night is refused once a newer one is out", async () => {
    await using sis = await startSis();
    await using home = makeHome({ source: sourceOf(sis) });
    home.configure({ delivery: directory(join(home.folder, "not", "there")) });
    expect((await home.call(["roster"])).code).toBe(5);
    home.configure({});
    expect((await home.call(["roster"])).code).toBe(0);

    const [older, newer] = home.runs();
    const ended = await home.call(["rerun", older!]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(`the newer night ${newer} has been delivered`);
    expect(home.delivered()).toHaveLength(1);
  });
});
