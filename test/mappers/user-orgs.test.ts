import { describe, expect, it } from "vitest";
import { currentOrgs } from "../../mappers/user-orgs.ts";
import { user } from "./records.ts";

const role = (org: string, beginDate?: string, endDate?: string) => ({
  role: "student",
  org,
  beginDate,
  endDate,
});
const on = (today: string) => ({ today, endDates: "inclusive" as const });

describe("currentOrgs", () => {
  it("are all orgs where no role has a time", () => {
    const bound = user("u", { orgs: ["a", "b"], roles: [role("a")] });
    expect(currentOrgs(bound, on("2026-11-20"))).toEqual(["a", "b"]);
    expect(currentOrgs(user("u", { orgs: ["a"], roles: [] }), on("2026-11-20"))).toEqual(["a"]);
  });

  it("are not those in which the role is over or has not begun", () => {
    const moving = user("u", {
      orgs: ["old", "new", "next", "other"],
      roles: [role("old", "2025-08-01", "2026-06-12"), role("new", "2026-08-17"), role("next", "2027-08-01")],
    });
    expect(currentOrgs(moving, on("2026-06-12"))).toEqual(["old", "other"]);
    expect(currentOrgs(moving, on("2026-06-13"))).toEqual(["other"]);
    expect(currentOrgs(moving, on("2026-08-17"))).toEqual(["new", "other"]);
  });

  it("are those in which one of several roles is current", () => {
    const back = user("u", {
      orgs: ["a"],
      roles: [role("a", undefined, "2026-01-01"), role("a", "2026-09-01")],
    });
    expect(currentOrgs(back, on("2026-05-01"))).toEqual([]);
    expect(currentOrgs(back, on("2026-09-01"))).toEqual(["a"]);
  });

  it("end a day earlier where the SIS's endDate is excluded", () => {
    const leaving = user("u", { orgs: ["a"], roles: [role("a", undefined, "2026-06-12")] });
    expect(currentOrgs(leaving, { today: "2026-06-12", endDates: "exclusive" })).toEqual([]);
    expect(currentOrgs(leaving, { today: "2026-06-11", endDates: "exclusive" })).toEqual(["a"]);
  });
});
