import { describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { nextDay } from "../../../jobs/demo/district/next-day.ts";
import type { SandboxSis } from "../../../jobs/demo/sis.ts";
import { type Home, makeHome, smallDistrict, startSis } from "../night-kit.ts";
import { env } from "../passback/semester.ts";
import { passBack } from "./pass-back.ts";
import { type Vendor, VENDORS } from "./vendors.ts";

const FIRST = smallDistrict({ students: 16, oddities: false });
const SECOND = nextDay(FIRST);

interface Packages {
  /** sha256 of each. */
  first: string | undefined;
  second: string | undefined;
}

const made = new Map<string, Promise<Packages>>();

/** The nights of a vendor, which are made once. */
function packagesOf(name: string): Promise<Packages> {
  const packages = made.get(name) ?? nightsOf(VENDORS[name]!);
  made.set(name, packages);
  return packages;
}

describe("the same district gives the same two nights and the same grades", () => {
  const names = Object.keys(VENDORS);

  it.for(names)("from %s", async (name) => {
    const packages = await packagesOf(name);
    expect(packages.first).toMatch(/^[0-9a-f]{64}$/);
    expect(packages.second).not.toBe(packages.first);
    expect(packages).toEqual(await packagesOf(names[0]!));
  });
});

/** One night, grades where the SIS takes them, and the night after. */
async function nightsOf(vendor: Vendor): Promise<Packages> {
  // Of so few, a handful is more than the usual limit.
  await using home = makeHome({ roster: { guard: { maxRemovedPercent: 50 } } });
  let port = 0;
  const night = async (district: District, then?: typeof refuseGrades) => {
    await using sis = await startSis({ ...vendor.sis, district, gradebook: {}, port });
    port = Number(new URL(sis.url).port);
    const source = { kind: "oneroster-rest", pageSize: 60, retries: 1, ...vendor.source(sis) };
    home.configure({ source });
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(0);
    // Two runs of grades in one second have the second one named by the next.
    const manifest = home.manifest(home.runs().findLast((run) => run.endsWith("-roster")));
    await then?.(home, sis, source);
    return manifest;
  };
  const first = await night(FIRST, vendor.grades ? passBack : refuseGrades);
  const second = await night(SECOND);
  expect(second.files["users"]).toMatchObject({ added: 2, removed: 3, changed: 1 });
  expect(home.delivered()).toHaveLength(2);
  return { first: first.package?.sha256, second: second.package?.sha256 };
}

async function refuseGrades(home: Home, sis: SandboxSis, source: Record<string, unknown>): Promise<void> {
  const token = { env: "CANVAS_TOKEN" };
  const url = "https://canvas.example.org";
  home.configure({ source, grades: { source: { kind: "canvas-api", url, token } } });
  const asked = sis.requests.length;
  const { code, stderr } = await home.call(["grades"], { env });
  expect(code).toBe(2);
  expect(stderr).toContain("ClassLink does not support grade passback");
  expect(sis.requests.length).toBe(asked);
}
