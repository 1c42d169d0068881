import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindOf, readScore, readTotal } from "../../../../connectors/canvas/export-files/scores.ts";

const cents = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 100);

describe("a score of a Gradebook export", () => {
  it("is read as it was written, with the decimal mark of any language", () => {
    fc.assert(
      fc.property(cents, fc.constantFrom(".", ","), (value, mark) => {
        expect(readScore(value.toFixed(2).replace(".", mark))).toBeCloseTo(value, 10);
      }),
    );
  });

  it.each([
    "1,234",
    "1.234",
    "1,234.00",
    "1 234,00",
    "85%",
    "A-",
    "1e2",
    "",
    "8/10",
    ".5",
    "--1",
    "Infinity",
  ])("is no number where %j stands", (text) => {
    expect(readScore(text)).toBeUndefined();
  });
});

describe("a total of a report", () => {
  it("is read to its last decimal", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), (value) => {
        expect(readTotal(String(value))).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
  });

  it("may have a comma where a spreadsheet saved it, but not one of thousands", () => {
    expect(readTotal("87,5")).toBe(87.5);
    expect(readTotal("66,66666666")).toBe(66.66666666);
    expect(readTotal("1,234")).toBeUndefined();
    expect(readTotal("1.234,5")).toBeUndefined();
  });
});

describe("what stands in the place of a number", () => {
  it.each([
    ["85%", "a percentage"],
    ["#REF!", "a spreadsheet's error"],
    ["#N/A", "a spreadsheet's error"],
    ["10.05.2026", "a date"],
    ["1,234.00", "a number that can be read in two ways"],
    ["A-", "text"],
    ["see Jo Smith", "text"],
  ])("is called by its kind: %j is %s", (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});
