import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rejected } from "../../mappers/findings.ts";

describe("rejected", () => {
  it("keeps record, field, value and reason", () => {
    expect(rejected("u-1", "username", "Ann", "because")).toEqual({
      reject: { sourcedId: "u-1", field: "username", value: "Ann", reason: "because" },
    });
  });

  it("shortens any value to well-formed text without NUL", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.nat(3), (value, pad) => {
        const shown = rejected("u-1", "f", "x".repeat(pad) + value, "because").reject.value;
        expect(shown.length).toBeLessThanOrEqual(200);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toContain("\0");
      }),
    );
    expect(rejected("u-1", "f", `${"x".repeat(99)}😀`, "r").reject.value).toBe(`${"x".repeat(99)}\ufffd`);
  });
});
