import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loginPairs } from "../../mappers/logins.ts";
import { user } from "./records.ts";

describe("further logins of a user", () => {
  it("are the fields that have a value, each with its name", () => {
    const ann = user("u", { email: " ann@x.org ", userIds: [{ type: "Badge", identifier: "B7" }] });
    expect(loginPairs(ann, ["email", "identifier", "userIds.badge", "metadata.none"])).toEqual([
      ...["email", "ann@x.org"],
      ...["identifier", "4711"],
      ...["userIds.badge", "B7"],
    ]);
  });

  it("are never blank, and never what Canvas cannot take for a login", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (email) => {
        const pairs = loginPairs(user("u", { email }), ["email"]);
        expect(pairs.length % 2).toBe(0);
        for (const text of pairs) expect(text.trim()).not.toBe("");
        expect(pairs.join("")).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
