import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRings } from "../../../../connectors/store/roster/rings.ts";

const names = (ring: Set<string>) => [...ring].sort();

describe("those who wait for one another", () => {
  it("are in a ring when the way leads back to them, and not when they only wait for one who is", () => {
    expect(names(findRings([]))).toEqual([]);
    expect(names(findRings(pairs("ab bc")))).toEqual([]);
    expect(names(findRings(pairs("ab ba ca dc")))).toEqual(["a", "b"]);
    expect(names(findRings(pairs("ab bc ca ad xy yx")))).toEqual(["a", "b", "c", "x", "y"]);
  });

  it("are found however many they are", () => {
    const chain = Array.from({ length: 100_000 }, (_, n): [string, string] => [String(n), String(n + 1)]);
    expect(findRings(chain).size).toBe(0);
    expect(findRings(chain.concat([["100000", "0"]])).size).toBe(100_001);
  });

  it("are, where each waits for one, just those to whom the way leads back", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(7)), { minLength: 8, maxLength: 8 }), (waits) => {
        const edges = waits.flatMap((to, from) => (to === null ? [] : [[`${from}`, `${to}`] as const]));
        const next = new Map<string, string>(edges);
        const leadsBack = (start: string) => {
          let at = next.get(start);
          for (let step = 0; step < 8 && at !== undefined && at !== start; step++) at = next.get(at);
          return at === start;
        };
        expect(names(findRings(edges))).toEqual([...next.keys()].filter(leadsBack).sort());
      }),
    );
  });
});

function pairs(text: string): [string, string][] {
  return text.split(" ").map(([one = "", other = ""]) => [one, other]);
}
