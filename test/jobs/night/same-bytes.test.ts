import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import type { SandboxSis } from "../../../jobs/demo/sis.ts";
import {
  directory,
  type Home,
  makeHome,
  packageOf,
  rowsOf,
  SIS_SECRET,
  smallDistrict,
  sourceOf,
  startSis,
} from "../night-kit.ts";

/** The same records in another order: what comes first must decide nothing. */
function reversed(district: District): District {
  return Object.fromEntries(
    Object.entries(district).map(([type, records]) => [type, (records as unknown[]).toReversed()]),
  ) as unknown as District;
}

/** Of what the newest run has delivered. */
function sha256(home: Home): string {
  const content = readFileSync(join(home.inbox, home.manifest().package?.file ?? "none"));
  return createHash("sha256").update(content).digest("hex");
}

describe("the same extract and config give the same bytes", () => {
  let sis: SandboxSis & AsyncDisposable;
  let home: Home;
  let first: string;
  beforeAll(async () => {
    sis = await startSis();
    home = makeHome({ source: sourceOf(sis) });
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(0);
    first = home.manifest().package?.sha256 ?? "";
  });
  afterAll(async () => {
    await home[Symbol.asyncDispose]();
    await sis[Symbol.asyncDispose]();
  });

  it("night after night, and on another machine", async () => {
    expect((await home.call(["roster"])).code).toBe(0);
    await using elsewhere = makeHome({ source: sourceOf(sis) });
    // A machine has its own zone, and a zip keeps local times.
    const env = { SIS_SECRET, TZ: "Pacific/Kiritimati" };
    const { code, stderr } = await elsewhere.start(["roster"], { env }).ended;
    expect(code, stderr).toBe(0);
    for (const place of [home, elsewhere]) {
      const { file = "", sha256 } = place.manifest().package ?? {};
      expect(sha256).toBe(first);
      expect(
        createHash("sha256")
          .update(readFileSync(join(place.inbox, file)))
          .digest("hex"),
      ).toBe(first);
    }
    expect(home.delivered()).toHaveLength(2);
  });

  it("whatever order the SIS has its records in", async () => {
    await using backwards = await startSis({ district: reversed(smallDistrict()), quirks: ["sort-ignored"] });
    await using other = makeHome({ source: sourceOf(backwards, undefined, { pageSize: 41 }) });
    expect((await other.call(["roster"])).code).toBe(0);
    expect(other.manifest().package?.sha256).toBe(first);
  });

  it.for(["map", "check", "package"])("done again from %s, without the SIS or its secret", async (stage) => {
    await using dry = makeHome({ source: sourceOf(sis) });
    expect((await dry.call(["roster", "--dry-run"])).code).toBe(0);
    const [run = ""] = dry.runs();
    const asked = sis.requests.length;
    const { code, stderr } = await dry.call(["rerun", run, "--from", stage], { env: {} });
    expect(code, stderr).toBe(0);
    expect(dry.manifest(run)).toMatchObject({ status: "ok", exitCode: 0, package: { sha256: first } });
    expect(sis.requests.length).toBe(asked);
    expect(dry.delivered()).toEqual([]);
    expect(stderr).not.toMatch(/config has changed/);
  });

  it.for(["map", "check", "package", "deliver"])(
    "and what was delivered is not made again from %s: it is what Canvas was given",
    async (stage) => {
      const [run = ""] = home.runs().slice(-1);
      const before = { manifest: home.manifest(run), inbox: home.delivered() };
      const { code, stderr } = await home.call(["rerun", run, "--from", stage]);
      expect(code).toBe(2);
      expect(stderr).toContain(`Run ${run} has been delivered`);
      expect(home.manifest(run)).toEqual(before.manifest);
      expect(home.delivered()).toEqual(before.inbox);
    },
  );

  it("done again from extract is a new night that points back", async () => {
    const [run = ""] = home.runs().slice(-1);
    const asked = sis.requests.length;
    const { code, stderr } = await home.call(["rerun", run, "--from", "extract"]);
    expect(code, stderr).toBe(0);
    expect(sis.requests.length).toBeGreaterThan(asked);
    expect(home.runs().at(-1)).not.toBe(run);
    expect(home.manifest()).toMatchObject({ resumedFrom: run, status: "ok", package: { sha256: first } });
  });

  it("and another config other bytes of the same extract, which is said", async () => {
    await using other = makeHome({ source: sourceOf(sis), delivery: directory("./nowhere") });
    expect((await other.call(["roster"])).code).toBe(5);
    const [run = ""] = other.runs();
    other.configure({ roster: { users: { login: "identifier" } }, delivery: directory(other.inbox) });
    const asked = sis.requests.length;
    const { code, stderr } = await other.call(["rerun", run, "--from", "map"], { env: {} });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`The config has changed since ${run} began`);
    expect(sis.requests.length).toBe(asked);
    expect(other.manifest().package?.sha256).not.toBe(first);
    const logins = rowsOf(packageOf(other), "users").map((row) => row["login_id"]);
    expect(logins.filter((login) => !/^[SP]\d{7}$/.test(login ?? ""))).toEqual([]);
    expect(other.delivered()).toEqual([other.manifest().package?.file]);
    expect(sha256(other)).toBe(other.manifest().package?.sha256);
  });
});
