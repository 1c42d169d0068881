import { describe, expect, it } from "vitest";
import { together } from "../../../jobs/passback/together.ts";

describe("together", () => {
  it("does everything, never more at once than it may", async () => {
    let [running, most] = [0, 0];
    const done: number[] = [];
    await together([5, 6, 7, 8, 9], 2, async (item, index) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      done.push(item * 10 + index);
    });
    expect(most).toBe(2);
    expect(done.toSorted()).toEqual([50, 61, 72, 83, 94]);
  });

  it("fails with the first error, once what was begun has ended, and begins nothing after it", async () => {
    const slow = Promise.withResolvers<undefined>();
    const begun: number[] = [];
    const ended: number[] = [];
    const all = together([0, 1, 2, 3], 2, async (item) => {
      begun.push(item);
      if (item === 1) {
        slow.resolve(undefined);
        throw new Error("the second");
      }
      await slow.promise;
      ended.push(item);
    });
    await expect(all).rejects.toThrow("the second");
    expect({ begun, ended }).toEqual({ begun: [0, 1], ended: [0] });
  });

  it("waits for what was begun also where the list itself breaks off", async () => {
    const slow = Promise.withResolvers<undefined>();
    let hasEnded = false;
    function* broken(): Generator<number> {
      yield 1;
      setImmediate(() => {
        slow.resolve(undefined);
      });
      throw new Error("the file is damaged");
    }
    const all = together(broken(), 2, async () => {
      await slow.promise;
      hasEnded = true;
    });
    await expect(all).rejects.toThrow("the file is damaged");
    expect(hasEnded).toBe(true);
  });
});
