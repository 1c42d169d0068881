import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareIds } from "../../../../connectors/canvas/api/ids.ts";
import { submissionLists } from "../../../../connectors/canvas/api/submission-lists.ts";

describe("the addresses of a section's work", () => {
  it("name every assignment once, in their order, and none is longer than 4,000 characters", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.bigInt({ min: 1n, max: 10n ** 17n }), { maxLength: 600 }), (numbers) => {
        const ids = numbers.map(String);
        const lists = submissionLists(
          new URL("https://oakdale.instructure.com/"),
          "70000000000123",
          ids,
          true,
        );
        expect(lists.flatMap((list) => list.ids)).toEqual(ids);
        for (const { url, ids: named } of lists) {
          expect(url.searchParams.getAll("assignment_ids[]")).toEqual(named);
          expect(url.href.length).toBeLessThanOrEqual(4000);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("ids", () => {
  it("are compared as the numbers they are, however long", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        (a, b) => {
          expect(Math.sign(compareIds(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
        },
      ),
    );
  });
});
