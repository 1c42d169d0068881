import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UserRole } from "../../connectors/oneroster/records.ts";
import { partOf } from "../../mappers/observers.ts";
import { user } from "./records.ts";

const RULES = { today: "2026-11-20", endDates: "inclusive" } as const;

function role(word: string, said: Partial<UserRole> = {}): UserRole {
  return { role: word, org: "school-1", beginDate: undefined, endDate: undefined, ...said };
}

const part = (...roles: UserRole[]) => partOf(user("u", { roles }), RULES);

describe("what a user can be to others", () => {
  it.each([
    ["student", "student"],
    ["guardian", "observer"],
    ["parent", "observer"],
    ["relative", "observer"],
    ["ext:guardian", "observer"],
    ["teacher", ""],
    ["aide", ""],
    ["administrator", ""],
    ["proctor", ""],
    ["counselor", ""],
  ])("of a %s is %j", (word, expected) => {
    expect(part(role(word))).toBe(expected);
  });

  it("is nothing without a role", () => {
    expect(part()).toBe("");
  });

  it("is told by all roles: a teacher who is a parent observes", () => {
    expect(part(role("teacher"), role("parent", { org: "school-2" }))).toBe("observer");
    expect(part(role("student"), role("relative"))).toBe("both");
  });

  it("is told by the roles of today", () => {
    expect(part(role("guardian", { endDate: "2026-11-19" }))).toBe("");
    expect(part(role("guardian", { endDate: "2026-11-20" }))).toBe("observer");
    expect(part(role("guardian", { beginDate: "2026-11-21" }), role("student"))).toBe("student");
  });

  it("does not depend on the order of the roles, and never makes an observer of staff and students", () => {
    const words = fc.constantFrom(
      "student",
      "teacher",
      "aide",
      "administrator",
      "guardian",
      "parent",
      "relative",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), (roles) => {
        const [one, other] = [roles, roles.toReversed()].map((some) =>
          part(...some.map((word) => role(word))),
        );
        expect(one).toBe(other);
        const kin = roles.some((word) => ["guardian", "parent", "relative"].includes(word));
        expect(one === "observer" || one === "both").toBe(kin);
        expect(one === "student" || one === "both").toBe(roles.includes("student"));
      }),
    );
  });
});
