import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nextDay } from "../../../jobs/demo/district/next-day.ts";
import { personalData, smallDistrict } from "../night-kit.ts";
import { startNights, withoutEnrollments } from "./nights.ts";

const FIRST = smallDistrict();
const SECOND = nextDay(FIRST);

describe("plan", () => {
  it("shows what a night would change, names nobody, delivers nothing, and is no baseline", async () => {
    await using nights = await startNights(FIRST);
    const { home } = nights;
    const pointer = () => readFileSync(join(home.state, "oakdale-baseline.json"), "utf8");

    const early = await home.call(["plan"]);
    expect(early.code, early.stderr).toBe(0);
    expect(early.stdout).toContain("No night has been delivered yet, so there is no baseline");
    expect(home.delivered()).toEqual([]);
    expect(pointer).toThrow();

    expect((await nights.night(FIRST)).code).toBe(0);
    const first = home.runs().at(-1) ?? "";
    const before = pointer();
    await nights.becomes(SECOND);
    const words = await home.call(["plan"]);
    expect(words.code, words.stderr).toBe(0);
    expect(words.stdout).toContain(`Compared with the last delivered night, ${first}`);
    expect(words.stdout).toMatch(/^users +\d+ +2 +1 +3 +\d+$/m);
    expect(words.stdout).toContain("3 users: sent as suspended for 3 nights (roster.missing.users: suspend)");
    expect(words.stdout).toContain("No guard would hold this night");

    await nights.becomes(withoutEnrollments(SECOND));
    const report = await home.call(["plan", "--json"]);
    expect(report.code, report.stderr).toBe(0);
    expect(JSON.parse(report.stdout)).toMatchObject({
      baseline: { run: first },
      files: { users: { added: 2, changed: 1, removed: 3 } },
      guard: { held: true },
      changes: expect.arrayContaining(
        [{ file: "users", key: expect.any(String) as string, change: "changed", column: "last_name" }].map(
          (change) => expect.objectContaining(change) as unknown,
        ),
      ) as unknown,
    });

    const ids = new Set(SECOND.users.map(({ sourcedId }) => sourcedId));
    const personal = [...personalData(FIRST), ...personalData(SECOND)].filter((text) => !ids.has(text));
    for (const text of personal)
      for (const { stdout } of [early, words, report]) expect(stdout).not.toContain(text);
    expect(home.delivered()).toHaveLength(1);
    expect(pointer()).toBe(before);
    expect(home.manifest()).toMatchObject({ dryRun: true, package: null, delivery: null });
  });
});
