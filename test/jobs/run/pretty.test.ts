import { describe, expect, it } from "vitest";
import { prettyLine } from "../../../jobs/run/pretty.ts";

describe("prettyLine", () => {
  it("keeps lines apart, and lets nothing that a SIS says paint on the terminal", () => {
    const entry = {
      level: 50,
      time: "2026-11-21T02:00:03.000Z",
      msg: "it said:\n\u001b[31mred\u001b[0m\u0007",
      hint: "a\r\nb",
    };
    expect(prettyLine(entry)).toBe(
      "02:00:03 ✗ it said:\n            [31mred [0m \n           → a\n           b\n",
    );
  });

  it("makes the best of an entry that lacks things", () => {
    expect(prettyLine({})).toBe("   \n");
  });
});
