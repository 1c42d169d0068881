import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance, nearest } from "../../config/nearest.ts";

describe("the nearest name", () => {
  it.each([
    ["pagesize", "pageSize"],
    ["page_size", "pageSize"],
    ["page-sizes", "pageSize"],
    ["retires", "retries"],
    ["oneroster_rest", "oneroster-rest"],
    ["concurency", "concurrency"],
  ])("of %s is %s", (word, name) => {
    expect(nearest(word, ["kind", "pageSize", "retries", "oneroster-rest", "concurrency"])).toBe(name);
  });

  it("is none when nothing is near", () => {
    expect(nearest("wombat", ["kind", "pageSize", "retries"])).toBeUndefined();
    expect(nearest("on", ["q"])).toBeUndefined();
    expect(nearest("", ["q"])).toBeUndefined();
  });
});

describe("the distance of two words", () => {
  const word = fc.stringMatching(/^[a-d]{0,7}$/);

  it("is nothing for the same word, the same both ways, and one for one edit", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(distance(a, a)).toBe(0);
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, `${a}x`)).toBe(1);
      }),
    );
    expect(distance("ab", "ba")).toBe(1);
    expect(distance("kitten", "sitting")).toBe(3);
  });
});
