import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UserRole } from "../../connectors/oneroster/records.ts";
import { adminRoles } from "../../mappers/admins.ts";
import { user } from "./records.ts";

const RULES = { today: "2026-11-20", endDates: "inclusive" } as const;
const ROLES = {
  administrator: "AccountAdmin",
  Principal: "School Office",
  siteAdministrator: "AccountAdmin",
};

function role(word: string, said: Partial<UserRole> = {}): UserRole {
  return { role: word, org: "school-1", beginDate: undefined, endDate: undefined, ...said };
}

const given = (roles: UserRole[], map: Record<string, string> = ROLES) =>
  adminRoles(user("u", { roles }), map, RULES);

describe("what a user administers", () => {
  it.each([
    ["administrator", [["school-1", "AccountAdmin"]]],
    ["principal", [["school-1", "School Office"]]],
    ["siteadministrator", [["school-1", "AccountAdmin"]]],
    ["ext:principal", [["school-1", "School Office"]]],
    ["teacher", []],
    ["constructor", []],
    ["", []],
  ])("as %j is %j", (word, expected) => {
    expect(given([role(word)])).toEqual(expected);
  });

  it("is every org in which the user holds such a role, each with Canvas's role once", () => {
    const held = [
      role("principal"),
      role("administrator", { org: "school-2" }),
      role("siteadministrator", { org: "school-2" }),
      role("teacher", { org: "school-3" }),
    ];
    expect(given(held)).toEqual([
      ["school-1", "School Office"],
      ["school-2", "AccountAdmin"],
    ]);
  });

  it("is told by the roles of today", () => {
    expect(given([role("principal", { endDate: "2026-11-19" })])).toEqual([]);
    expect(given([role("principal", { endDate: "2026-11-20" })])).toHaveLength(1);
    expect(given([role("principal", { beginDate: "2026-11-21" })])).toEqual([]);
  });

  it("is nothing unless the config names the role, whatever roles there are", () => {
    const day = fc.constantFrom(undefined, "2026-11-19", "2026-11-20", "2026-11-21");
    const any = fc.record({
      role: fc.constantFrom("administrator", "principal", "teacher", "student", "ext:principal", "guardian"),
      org: fc.constantFrom("a", "b", ""),
      beginDate: day,
      endDate: day,
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (roles) => {
        expect(given(roles, {})).toEqual([]);
        const pairs = given(roles).map((pair) => pair.join(" "));
        expect(new Set(pairs).size).toBe(pairs.length);
        const isNow = ({ beginDate = "", endDate = "9" }: UserRole) =>
          beginDate <= RULES.today && endDate >= RULES.today;
        const canvas: Record<string, string> = {
          administrator: "AccountAdmin",
          principal: "School Office",
          "ext:principal": "School Office",
        };
        const expected = roles
          .filter((one) => isNow(one) && canvas[one.role] !== undefined)
          .map((one) => `${one.org} ${canvas[one.role]}`);
        expect(new Set(pairs)).toEqual(new Set(expected));
      }),
    );
  });
});
