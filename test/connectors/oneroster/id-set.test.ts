import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIdSet, hashIds } from "../../../connectors/oneroster/id-set.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes in typed arrays that are still in use; what is garbage goes little by little, and counts until it is gone. */
function bytesInUse(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

describe("counting ids", () => {
  it("counts each once, however they come", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ maxLength: 12 }))), fc.nat(5000), (pages, expected) => {
        const set = createIdSet(expected);
        const seen = new Set<string>();
        for (const page of pages) {
          const before = seen.size;
          page.forEach((id) => seen.add(id));
          expect(set.add(hashIds(page))).toBe(seen.size - before);
        }
        expect(set.size).toBe(seen.size);
      }),
    );
  });

  it("tells apart ids that differ in little", () => {
    const ids = Array.from({ length: 200_000 }, (_, i) => String(i));
    const padded = ids.map((id) => id.padStart(9, "0"));
    const set = createIdSet();
    expect(set.add(hashIds(ids))).toBe(200_000);
    expect(set.add(hashIds(padded))).toBe(200_000);
    expect(set.add(hashIds(["a", "A", "ab", "ba", "", "\u0000"]))).toBe(6);
  });

  it("needs at most 20 bytes an id", async () => {
    const before = bytesInUse();
    const sets = Array.from({ length: 4 }, (_, n) => {
      const set = createIdSet();
      for (let i = 0; i < 50; i++) set.add(hashIds(Array.from({ length: 1000 }, (_, k) => `${n}-${i}-${k}`)));
      return set;
    });
    await expect.poll(() => (bytesInUse() - before) / 200_000).toBeLessThan(20);
    expect(sets.map(({ size }) => size)).toEqual([50_000, 50_000, 50_000, 50_000]);
  });

  it("does not take memory on a provider's word", () => {
    const before = bytesInUse();
    const set = createIdSet(Number.MAX_SAFE_INTEGER);
    expect(bytesInUse() - before).toBeLessThan(160e6);
    expect(set.size).toBe(0);
  });
});
