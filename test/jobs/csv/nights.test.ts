import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nextDay } from "../../../jobs/demo/district/next-day.ts";
import { oneRosterCsv } from "../../../jobs/demo/district/one-roster-csv.ts";
import { packageOf, rowsOf, smallDistrict } from "../night-kit.ts";
import { tinyDistrict, tinyEnrollment, tinyUser } from "../tiny-district.ts";
import { withoutEnrollments } from "../nights/nights.ts";
import { zipped } from "../../connectors/oneroster/csv/reading.ts";
import { csvNights, idsIn } from "./csv-nights.ts";

const FIRST = tinyDistrict();
/** Somebody new in a class, and somebody who left it. */
const SECOND = {
  ...FIRST,
  users: [...FIRST.users, tinyUser("new", "student")],
  enrollments: [
    ...FIRST.enrollments.filter(({ sourcedId }) => sourcedId !== "e3"),
    tinyEnrollment("e10", "new", "halves", "student"),
  ],
};
const THIRD = {
  ...SECOND,
  users: [...SECOND.users, tinyUser("newer", "student")],
  enrollments: [...SECOND.enrollments, tinyEnrollment("e11", "newer", "halves", "student")],
};
const GUARDS_OFF = { roster: { guard: { maxRemovedPercent: 100 } } };

describe("deltas over several nights", () => {
  it("lose nothing to a night that was held: the next delta comes on top of it", async () => {
    const first = smallDistrict();
    const second = withoutEnrollments(first);
    const third = nextDay(second);
    await using csv = csvNights();
    csv.exports(first);
    expect(await csv.night()).toMatchObject({ code: 0 });

    csv.exports(second, { mode: "delta", before: first });
    expect(await csv.night()).toMatchObject({ code: 4 });
    const held = csv.home.runs().at(-1) ?? "";
    csv.exports(third, { mode: "delta", before: second });
    expect(await csv.night()).toMatchObject({ code: 4 });
    expect(csv.home.manifest().guard?.violations).not.toEqual([]);
    const extracted = csv.home.manifest().extracted;
    expect(extracted["enrollments"]?.records).toBe(
      new Set([...first.enrollments, ...third.enrollments].map(({ sourcedId }) => sourcedId)).size,
    );

    const package1 = packageOf(csv.home, held);
    expect(await csv.home.call(["rerun", held, "--from", "map"])).toMatchObject({ code: 4 });
    expect(packageOf(csv.home, held)).toEqual(package1);
  });

  it("may be read by plan first: the night that follows sees the same changes", async () => {
    await using csv = csvNights(GUARDS_OFF);
    csv.exports(FIRST);
    expect(await csv.night()).toMatchObject({ code: 0 });
    csv.exports(SECOND, { mode: "delta", before: FIRST });
    expect(await csv.home.call(["plan"])).toMatchObject({ code: 0 });
    csv.exports(THIRD, { mode: "delta", before: SECOND });
    expect(await csv.night()).toMatchObject({ code: 0 });
    const users = idsIn(csv.home, "users", "user_id");
    expect(users).toEqual(expect.arrayContaining(["new", "newer"]));
  });

  it("give the same bytes when the night is run again, from its own archive and from the files", async () => {
    await using csv = csvNights(GUARDS_OFF);
    csv.exports(FIRST);
    expect(await csv.night()).toMatchObject({ code: 0 });
    csv.exports(SECOND, { mode: "delta", before: FIRST });
    expect(await csv.night("--dry-run")).toMatchObject({ code: 0 });
    const run = csv.home.runs().at(-1) ?? "";
    const { sha256 } = csv.home.manifest(run).package!;

    expect(await csv.home.call(["rerun", run, "--from", "map"])).toMatchObject({ code: 0 });
    expect(csv.home.manifest(run).package?.sha256).toBe(sha256);
    expect(await csv.home.call(["rerun", run, "--from", "extract"])).toMatchObject({ code: 0 });
    expect(csv.home.runs().at(-1)).not.toBe(run);
    expect(csv.home.manifest().package?.sha256).toBe(sha256);
  });

  it("are not applied to what a run has read itself, when it died right after reading", async () => {
    await using csv = csvNights(GUARDS_OFF);
    csv.exports(FIRST);
    expect(await csv.night()).toMatchObject({ code: 0 });
    csv.exports(SECOND, { mode: "delta", before: FIRST });
    expect(await csv.night()).toMatchObject({ code: 0 });
    const run = csv.home.runs().at(-1) ?? "";
    const { sha256 } = csv.home.manifest(run).package!;
    const [first = ""] = csv.home.runs();
    makeBaseline(csv.home.state, first);
    amend(csv.home.runFolder(run), (manifest) => {
      for (const stage of manifest.stages) stage.status = stage.name === "extract" ? "failed" : "skipped";
      Object.assign(manifest, { status: "failed", delivery: null, extracted: {} });
    });
    rmSync(csv.folder, { recursive: true });

    expect(await csv.home.call(["rerun", run])).toMatchObject({ code: 0 });
    expect(csv.home.manifest(run).package?.sha256).toBe(sha256);
    expect(csv.home.manifest(run).extracted["users"]?.records).toBe(SECOND.users.length);
  });

  it("are refused when what was read before is gone, and a complete export mends it", async () => {
    await using csv = csvNights(GUARDS_OFF);
    csv.exports(FIRST);
    expect(await csv.night()).toMatchObject({ code: 0 });
    rmSync(join(csv.home.runFolder(), "extract"), { recursive: true });
    csv.exports(SECOND, { mode: "delta", before: FIRST });
    const { code, stderr } = await csv.night();
    expect(code).toBe(3);
    expect(stderr).toContain("has read is gone or damaged");
    expect(stderr).toContain("export everything once (bulk)");
    csv.exports(SECOND);
    expect(await csv.night()).toMatchObject({ code: 0 });
  });

  it("find what was read before also after more failed nights than are kept", async () => {
    await using csv = csvNights({ ...GUARDS_OFF, retention: { runs: 1 } });
    csv.exports(FIRST);
    expect(await csv.night("--dry-run")).toMatchObject({ code: 0 });
    rmSync(join(csv.folder, "users.csv"));
    expect(await csv.night()).toMatchObject({ code: 3 });
    expect(await csv.night()).toMatchObject({ code: 3 });
    csv.exports(SECOND, { mode: "delta", before: FIRST });
    expect(await csv.night()).toMatchObject({ code: 0 });
    expect(csv.home.delivered()).toHaveLength(1);
  });
});

describe("a night from CSV files", () => {
  it("is refused without the files, with nothing delivered and nothing changed", async () => {
    await using csv = csvNights();
    const { code, stderr } = await csv.night();
    expect(code).toBe(3);
    expect(stderr).toContain("There is no OneRoster export at");
    expect(csv.home.delivered()).toEqual([]);
  });

  it("reads a zip", async () => {
    await using csv = csvNights({ source: { path: "export.zip" } });
    writeFileSync(join(csv.home.folder, "export.zip"), await zipped(Object.fromEntries(oneRosterCsv(FIRST))));
    expect(await csv.night()).toMatchObject({ code: 0 });
    expect(rowsOf(packageOf(csv.home), "sections").length).toBeGreaterThan(0);
  });

  it("is what check tries out", async () => {
    await using csv = csvNights();
    csv.exports(FIRST, { mode: { enrollments: "delta" }, on: new Date() });
    const before = await csv.home.call(["check"]);
    expect(before.code).toBe(3);
    expect(before.stdout).toMatch(/^fail last state .*nothing has been read before it/m);
    csv.exports(FIRST, { on: new Date() });
    const { code, stdout } = await csv.home.call(["check"]);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^ok {3}users +6 rows, bulk/m);
    writeFileSync(
      join(csv.folder, "users.csv"),
      readFileSync(join(csv.folder, "users.csv"), "utf8") + "x,y\n",
    );
    expect((await csv.home.call(["check"])).stdout).toMatch(
      /1 row cannot be read \(line 8 of users.csv has 2 cells/,
    );
  });
});

interface Told {
  stages: { name: string; status: string }[];
}

function amend(folder: string, change: (manifest: Told) => void): void {
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Told;
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

/** As if nothing after this run had been delivered. */
function makeBaseline(state: string, run: string): void {
  const file = join(state, "oakdale-baseline.json");
  const baseline = JSON.parse(readFileSync(file, "utf8")) as { run: string };
  writeFileSync(file, JSON.stringify({ ...baseline, run, files: {} }));
}
