import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { directory, makeHome, smallDistrict, sourceOf, startSis, type Home } from "./night-kit.ts";

/** The package's bytes, wherever the night has put it; undefined while there is none. */
function delivered(home: Home): Buffer | undefined {
  const [name, ...others] = home.delivered().filter((file) => file.endsWith(".zip"));
  expect(others).toEqual([]);
  return name === undefined ? undefined : readFileSync(join(home.inbox, name));
}

/** A SIS whose port is free again. */
async function stopped<S extends { stop(): Promise<void> }>(sis: S): Promise<S> {
  await sis.stop();
  return sis;
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
  });
});

describe("an extract that died", () => {
  const source = (sis: { url: string; tokenUrl: string }) =>
    sourceOf(sis, undefined, { concurrency: 1, pageConcurrency: 1, retries: 0 });

  /** A night whose enrollments cannot be had, though all else was read. */
  async function dead(home: Home, sis: Awaited<ReturnType<typeof startSis>>): Promise<string> {
    sis.failNext({ path: "/enrollments", after: 5, answer: { status: 500 } });
    sis.failNext({ path: /^\/schools\/.*\/enrollments/, answer: { status: 500 } });
    expect(await home.call(["roster"])).toMatchObject({ code: 3 });
    return home.runs()[0]!;
  }

  const pagesOf = (sis: { requests: readonly { path: string }[] }, path: string) =>
    sis.requests.filter((request) => request.path === path).length;

  it("keeps what was complete while the SIS promises as many records, and reads the rest", async () => {
    await using sis = await startSis();
    await using calm = makeHome({ source: source(sis) });
    await calm.call(["roster"]);
    await using home = makeHome({ source: source(sis) });
    const run = await dead(home, sis);
    const before = pagesOf(sis, "/users");

    expect((await home.call(["rerun"])).code).toBe(0);
    expect(home.runs()).toEqual([run]);
    expect(pagesOf(sis, "/users") - before).toBe(1);
    expect(delivered(home)?.equals(delivered(calm)!)).toBe(true);
    expect(home.manifest(run).extracted).toEqual(calm.manifest().extracted);
  });

  it("reads a collection again that has another number of records now", async () => {
    const district = smallDistrict();
    await using sis = await startSis({ district });
    await using home = makeHome({ source: source(sis) });
    const run = await dead(home, sis);
    const before = pagesOf(sis, "/users");
    const [first] = district.users;
    const hired = { ...first!, sourcedId: "new-1", username: "new.one", status: "active" as const };
    await using grown = await startSis({
      district: { ...district, users: [...district.users, hired] },
      port: Number(new URL((await stopped(sis)).url).port),
    });

    expect((await home.call(["rerun"])).code).toBe(0);
    expect(pagesOf(grown, "/users")).toBe(before);
    expect(home.manifest(run).extracted["users"]?.records).toBe(district.users.length + 1);
  });

  it("is read anew as another run with --from extract, and when the config has changed", async () => {
    await using sis = await startSis();
    await using home = makeHome({ source: source(sis) });
    const run = await dead(home, sis);
    expect((await home.call(["rerun", run, "--from", "extract", "--quiet"])).code).toBe(0);
    expect(home.manifest()).toMatchObject({ resumedFrom: run, status: "ok" });

    await using other = makeHome({ source: source(sis) });
    const failed = await dead(other, sis);
    other.configure({ source: { ...source(sis), pageSize: 70 } });
    const ended = await other.call(["rerun"]);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain("source.pageSize");
    expect(other.manifest()).toMatchObject({ resumedFrom: failed, status: "ok" });
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

  it("after which only the end was not told is told to the end", async () => {
    await using sis = await startSis();
    await using home = makeHome({ source: sourceOf(sis) });
    await home.call(["roster"]);
    const [run = ""] = home.runs();
    // As a kill between the last two writes leaves it.
    const manifest = { ...home.manifest(run), status: "running", exitCode: null, finishedAt: null };
    writeFileSync(join(home.runFolder(run), "manifest.json"), JSON.stringify(manifest));
    rmSync(home.inbox, { recursive: true });
    expect((await home.call(["runs"])).stdout).toContain(`${run}  died`);

    const { code, stderr } = await home.call(["rerun"]);
    expect(code, stderr).toBe(0);
    expect(home.runs()).toEqual([run]);
    expect(home.manifest(run)).toMatchObject({ status: "ok", exitCode: 0, delivery: { verified: true } });
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
