import { describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { directory, packageOf, rowsOf } from "../night-kit.ts";
import { tinyDistrict } from "../tiny-district.ts";
import { csvOf, startNights, withoutUsers } from "./nights.ts";

const withLogins = (logins: Record<string, string>): District => {
  const district = tinyDistrict();
  return {
    ...district,
    users: district.users.map((user) => {
      const username = logins[user.sourcedId];
      return username === undefined ? user : { ...user, username };
    }),
  };
};
const FIRST = withLogins({ "42": "sam", "0042": "other.sam" });
const MOVED = withLogins({ "42": "sam.lee", "0042": "SAM" });
const SWAPPED = withLogins({ "42": "other.sam", "0042": "sam" });

const inMode = (mode: string) =>
  startNights(FIRST, {
    source: { rejectTolerancePercent: 100 },
    delivery: { ...directory("./inbox"), mode },
  });

const MODES = ["full", "diffing", "changes"];

describe("a login that goes from one student to another", () => {
  it.each(MODES)(
    "arrives on the night after the other's new one, in mode %s",
    async (mode) => {
      await using nights = await inMode(mode);
      const { home } = nights;
      const logins = (): Record<string, string | undefined> =>
        Object.fromEntries(
          rowsOf(packageOf(home), "users").map((row) => [row["user_id"] ?? "", row["login_id"]] as const),
        );
      expect((await nights.night(FIRST)).code).toBe(0);
      const { code, stderr } = await nights.night(MOVED);
      expect(code, stderr).toBe(0);
      expect(logins()["42"]).toBe("sam.lee");
      expect(logins()["0042"]).toBe(mode === "changes" ? undefined : "other.sam");
      const reject = csvOf(home, "rejects.csv").find(({ type }) => type === "users");
      expect(reject).toEqual({
        ...{ type: "users", sourcedId: "0042", field: "login_id", value: "SAM" },
        reason:
          "user 42 still has this login in Canvas until tonight's package is in; the row follows on the next night; its row of the last delivered night stays",
      });
      expect(home.manifest().extracted["users"]?.rejected).toBe(1);

      expect((await nights.night(MOVED)).code).toBe(0);
      expect(logins()["0042"]).toBe("SAM");
      expect(csvOf(home, "rejects.csv")).toEqual([]);
      expect(csvOf(home, "changes.csv")).toEqual([
        {
          file: "users",
          key: "0042",
          change: "changed",
          column: "login_id",
          before: "other.sam",
          after: "SAM",
        },
      ]);
    },
    60_000,
  );

  it.each(MODES)(
    "stays where it is when the two swap, and it is said what to do, in mode %s",
    async (mode) => {
      await using nights = await inMode(mode);
      const { home } = nights;
      expect((await nights.night(FIRST)).code).toBe(0);
      expect((await nights.night(SWAPPED)).code).toBe(0);
      expect(csvOf(home, "changes.csv")).toEqual([]);
      const reasons = csvOf(home, "rejects.csv").filter(({ type }) => type === "users");
      expect(reasons.map(({ sourcedId }) => sourcedId)).toEqual(["0042", "42"]);
      for (const { reason } of reasons) expect(reason).toContain("In the SIS, give one of those who swap");
    },
    60_000,
  );
});

describe("a login of somebody who is gone", () => {
  it("is sent, and the run says that Canvas may refuse it, and what to do, also when checked again", async () => {
    await using nights = await inMode("full");
    const { home } = nights;
    const gone = withoutUsers(withLogins({ "0042": "sam" }), ["42"]);
    home.configure({ ...nights.sections, roster: { guard: { minRowsForPercent: 500 } } });
    expect((await nights.night(FIRST)).code).toBe(0);
    expect((await nights.night(gone, "--dry-run")).code).toBe(0);
    expect((await home.call(["rerun", home.runs().at(-1) ?? "", "--from", "check"])).code).toBe(0);
    expect(home.manifest().warnings).toEqual([
      {
        ...{ type: "users", field: "login_id", count: 1, examples: ["0042 (in Canvas 42)"] },
        reason: expect.stringContaining("Import a change_sis_id.csv") as string,
      },
    ]);
    const { stdout } = await home.call(["show", home.runs().at(-1) ?? ""]);
    expect(stdout).toMatch(/! 1 users: login_id: in Canvas, .* \(such as 0042 \(in Canvas 42\)\)/);
    expect(rowsOf(packageOf(home), "users")).toContainEqual(
      expect.objectContaining({ user_id: "0042", login_id: "sam" }),
    );
  });
});
