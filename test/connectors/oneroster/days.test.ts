import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDay } from "../../../connectors/oneroster/days.ts";

const two = (number: number) => String(number).padStart(2, "0");

describe("a calendar day", () => {
  it("is accepted exactly when the calendar has it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 2100 }),
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 33 }),
        (y, m, d) => {
          const text = `${y}-${two(m)}-${two(d)}`;
          const date = new Date(Date.UTC(y, m - 1, d));
          const exists = date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
          expect(readDay(text)).toEqual(exists ? { day: text } : { fault: "is no day of the calendar" });
        },
      ),
    );
  });

  it("knows leap years", () => {
    expect(readDay("2028-02-29")).toEqual({ day: "2028-02-29" });
    expect(readDay("2000-02-29")).toEqual({ day: "2000-02-29" });
    expect(readDay("1900-02-29").fault).toBeDefined();
  });
});
