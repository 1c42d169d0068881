import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { packageOf, rowsOf } from "../night-kit.ts";
import { tinyDistrict, tinyUser } from "../tiny-district.ts";
import { csvOf, type Nights, startNights } from "./nights.ts";

/** Two schools' heads, one of them enrolled nowhere, and somebody of the district, which is no account. */
function district(...without: string[]): District {
  const tiny = tinyDistrict();
  const school = { sourcedId: "Z1", type: "org", href: "" };
  const more = [
    tinyUser("head2", "administrator"),
    tinyUser("chief", "administrator", { orgs: [{ ...tiny.users[0]!.orgs[0]!, ...school }] }),
    tinyUser("nameless", "administrator", { username: "" }),
  ];
  return { ...tiny, users: [...tiny.users, ...more].filter(({ sourcedId }) => !without.includes(sourcedId)) };
}

const ON = { roster: { admins: { roles: { Administrator: "School Office" } } } };
let nights: Nights;
const admins = () =>
  rowsOf(packageOf(nights.home), "admins").map(
    (row) => `${row["user_id"]} ${row["account_id"]} ${row["role"]} ${row["status"]}`,
  );
const statusOf = (id: string) =>
  rowsOf(packageOf(nights.home), "users").find((row) => row["user_id"] === id)?.["status"];

beforeAll(async () => {
  nights = await startNights(district(), ON);
});
afterAll(() => nights[Symbol.asyncDispose]());

describe("nights with admins", () => {
  it("have those of each school in users.csv and admins.csv, after the enrollments", async () => {
    expect((await nights.night(district())).code).toBe(0);
    expect(admins()).toEqual(["head 101 School Office active", "head2 101 School Office active"]);
    const files = packageOf(nights.home);
    expect([...files.keys()].slice(-2)).toEqual(["enrollments.csv", "admins.csv"]);
    expect(files.get("admins.csv")).toMatch(/^user_id,account_id,role,status\n/);
    expect([statusOf("head2"), statusOf("chief")]).toEqual(["active", undefined]);
    expect(nights.home.manifest().files["admins"]).toMatchObject({ rows: 2, added: 2 });
  });

  it("tell of roles in what is no sub-account, and of admins who cannot be users", () => {
    const rejects = csvOf(nights.home, "rejects.csv").filter(({ type }) => type === "admins");
    expect(rejects.map(({ sourcedId }) => sourcedId)).toEqual(["chief", "nameless"]);
    expect(rejects[0]?.["reason"]).toContain("no such account in the package");
    expect(rejects[1]?.["reason"]).toContain("this user was left out: the SIS sent no username");
  });

  it("delete the role of one who has gone, as plan says", async () => {
    await nights.becomes(district("head2"));
    expect((await nights.home.call(["plan"])).stdout).toContain("1 admin: sent as deleted for 3 nights");
    expect((await nights.home.call(["roster"])).code).toBe(0);
    expect(admins()).toEqual(["head 101 School Office active", "head2 101 School Office deleted"]);
    expect(statusOf("head2")).toBe("suspended");
    const changes = csvOf(nights.home, "changes.csv").filter(({ file }) => file === "admins");
    expect(changes.map(({ change }) => change)).toEqual(["removed"]);
  });

  it("delete all when the config wants none any more, unless a guard holds it", async () => {
    nights.home.configure({ ...nights.sections, roster: { guard: { minRowsForPercent: 1 } } });
    const held = await nights.home.call(["roster"]);
    expect(held.code).toBe(4);
    expect(held.stderr).toContain("admins: 1 of 1 admins would be deleted");
    nights.home.configure({ ...nights.sections, roster: {} });
    expect((await nights.home.call(["roster"])).code).toBe(0);
    expect(admins()).toEqual(["head 101 School Office deleted", "head2 101 School Office deleted"]);
  });
});

describe("a night without admins", () => {
  it("is the same to the byte as if nobody administered anything", async () => {
    const zips: Record<string, string>[] = [];
    for (const one of [district(), district("head2", "chief", "nameless")]) {
      await using plain = await startNights(one);
      expect((await plain.night(one)).code).toBe(0);
      zips.push(Object.fromEntries(packageOf(plain.home)));
      expect(csvOf(plain.home, "rejects.csv").filter(({ type }) => type === "admins")).toEqual([]);
    }
    expect(zips[0]).toEqual(zips[1]);
    expect(Object.keys(zips[0] ?? {})).not.toContain("admins.csv");
  });
});
