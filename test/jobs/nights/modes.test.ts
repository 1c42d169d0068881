import { describe, expect, it } from "vitest";
import { makeDistrict } from "../../../jobs/demo/district.ts";
import { nextDay } from "../../../jobs/demo/district/next-day.ts";
import { directory, packageOf, rowsOf } from "../night-kit.ts";
import { csvOf, startNights, withoutEnrollments } from "./nights.ts";

const FIRST = makeDistrict({ seed: 5, students: 60, schools: 2 });
const SECOND = nextDay(FIRST);
const KEYS: Record<string, string[]> = { enrollments: ["section_id", "user_id", "role"] };

const inMode = (mode: string) => startNights(FIRST, { delivery: { ...directory("./inbox"), mode } });

describe("mode: changes", () => {
  it("sends nothing when nothing has changed, and else only the rows that differ", async () => {
    await using nights = await inMode("changes");
    const { home } = nights;
    expect((await nights.night(FIRST)).code).toBe(0);
    const [first] = home.runs();

    const same = await nights.night(FIRST);
    expect(same.code, same.stderr).toBe(0);
    expect(same.stderr).toContain("nothing differs from the last delivered night, nothing is sent");
    expect(home.manifest()).toMatchObject({ status: "ok", package: null, delivery: null });
    expect(home.manifest().stages.slice(3)).toEqual([
      expect.objectContaining({ name: "package", status: "skipped" }),
      expect.objectContaining({ name: "deliver", status: "skipped" }),
    ]);
    expect(home.delivered()).toHaveLength(1);

    expect((await nights.night(SECOND)).code).toBe(0);
    expect(home.manifest().after).toBe(first);
    const files = packageOf(home);
    const sent = [...files.keys()].flatMap((name) => {
      const file = name.replace(".csv", "");
      const columns = KEYS[file] ?? [file.replace(/s$/, "_id")];
      return rowsOf(files, file).map((row) => `${file} ${columns.map((column) => row[column]).join("|")}`);
    });
    const changed = csvOf(home, "changes.csv").map(({ file, key }) => `${file} ${key}`);
    expect(changed.length).toBeGreaterThan(5);
    expect(sent.sort()).toEqual([...new Set(changed)].sort());
  });
});

describe("mode: diffing", () => {
  it("sends every current row and no explicit deletion", async () => {
    await using nights = await inMode("diffing");
    const { home } = nights;
    expect((await nights.night(FIRST)).code).toBe(0);
    const [first = ""] = home.runs();
    expect((await nights.night(SECOND)).code).toBe(0);
    const [before, after] = [packageOf(home, first), packageOf(home)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const name of after.keys()) {
      const rows = rowsOf(after, name.replace(".csv", ""));
      expect(rows.length, name).toBeGreaterThan(0);
      expect(rows.filter(({ status }) => status === "deleted")).toEqual([]);
    }
    const gone = csvOf(home, "changes.csv").filter(
      ({ file, change }) => file === "enrollments" && change === "removed",
    );
    const keys = new Set(
      rowsOf(after, "enrollments").map((row) => KEYS["enrollments"]!.map((column) => row[column]).join("|")),
    );
    expect(gone.length).toBeGreaterThan(5);
    for (const { key = "" } of gone) expect(keys).not.toContain(key);
  });
});

describe("a held night", () => {
  it("whose rows were chosen for another mode is not sent in the new one until they are chosen anew", async () => {
    await using nights = await inMode("changes");
    const { home } = nights;
    expect((await nights.night(FIRST)).code).toBe(0);
    expect((await nights.night(withoutEnrollments(FIRST))).code).toBe(4);
    const held = home.runs().at(-1) ?? "";

    home.configure({ delivery: { ...directory("./inbox"), mode: "diffing" } });
    const other = await home.call(["rerun", held, "--accept-changes"]);
    expect(other.code, other.stderr).toBe(2);
    expect(other.stderr).toContain(
      `The rows of run ${held} were chosen for another delivery.mode than diffing`,
    );
    expect(other.stderr).toContain(`rosterbridge rerun ${held} --from check`);
    expect(home.manifest(held)).toMatchObject({ status: "held", guard: { accepted: null } });
    expect(home.delivered()).toHaveLength(1);

    expect((await home.call(["rerun", held, "--from", "check"])).code).toBe(4);
    expect((await home.call(["rerun", held, "--accept-changes"])).code).toBe(0);
    expect([...packageOf(home).keys()]).toContain("users.csv");
    expect(home.delivered()).toHaveLength(2);
  });
});
