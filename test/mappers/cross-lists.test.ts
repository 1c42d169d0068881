import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossListLikeness } from "../../mappers/cross-lists.ts";
import { aClass } from "./records.ts";

const likeness = (said: Parameters<typeof aClass>[1], term = "fall") =>
  crossListLikeness(aClass("c", { periods: ["3"], ...said }), term);

describe("what classes that are taught together share", () => {
  it("is the school, the course, the term and the periods, in whatever order they come", () => {
    expect(likeness({ periods: ["1", "2"] })).toBe(
      likeness({ periods: ["2", "1"], title: "Other", classCode: "x" }),
    );
    for (const other of [
      likeness({ periods: ["1"] }),
      likeness({ periods: ["1", "2"], course: "other" }),
      likeness({ periods: ["1", "2"], school: "other" }),
      likeness({ periods: ["1", "2"] }, "spring"),
    ])
      expect(other).not.toBe(likeness({ periods: ["1", "2"] }));
  });

  it("is not known without a course or a period", () => {
    expect(likeness({ course: undefined })).toBeUndefined();
    expect(likeness({ periods: [] })).toBeUndefined();
  });

  it("is the same for two classes only if all of it is, whatever the words", () => {
    const said = fc.record({
      school: fc.string({ minLength: 1 }),
      course: fc.string({ minLength: 1 }),
      periods: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }),
    });
    const plain = ({ school, course, periods }: { school: string; course: string; periods: string[] }) =>
      JSON.stringify({ school, course, periods: periods.toSorted() });
    fc.assert(
      fc.property(said, said, (one, other) => {
        expect(likeness(one) === likeness(other)).toBe(plain(one) === plain(other));
      }),
    );
  });
});
