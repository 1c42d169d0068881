import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inOrder } from "../../../../connectors/canvas/api/in-order.ts";
import { collect } from "./reading.ts";

async function* upTo(count: number, seen: (thing: number) => void = () => undefined) {
  for (let thing = 0; thing < count; thing++) {
    await turn();
    seen(thing);
    yield thing;
  }
}
const signal = new AbortController().signal;

describe("working on many things at once", () => {
  it("gives the results in the order of the things", async () => {
    const slowFirst = async (thing: number) => {
      for (let i = thing; i < 10; i++) await turn();
      return thing * 2;
    };
    const results = await collect(inOrder(() => upTo(10), slowFirst, { width: 4, signal }));
    expect(results).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it("begins no more than it may while nobody takes the results", async () => {
    const begun: number[] = [];
    const work = (thing: number) => {
      begun.push(thing);
      return Promise.resolve(thing);
    };
    const results = inOrder(() => upTo(100), work, { width: 3, signal });
    await results.next();
    for (let i = 0; i < 50; i++) await turn();
    expect(begun).toEqual([0, 1, 2]);
    await results.return(undefined);
  });

  it("stops and waits for all others when one fails, and throws what failed", async () => {
    let underWay = 0;
    const work = async (thing: number, stop: AbortSignal) => {
      underWay++;
      try {
        if (thing === 2) throw new Error("the third failed");
        while (!stop.aborted) await turn();
        throw new Error("stopped");
      } finally {
        underWay--;
      }
    };
    const results = inOrder(() => upTo(100), work, { width: 4, signal });
    await expect(results.next()).rejects.toThrow("the third failed");
    expect(underWay).toBe(0);
  });

  it("throws what the list of things fails with, after the results before it", async () => {
    async function* broken() {
      yield* upTo(2);
      throw new Error("no more to be had");
    }
    const taken: number[] = [];
    const reading = async () => {
      for await (const result of inOrder(
        () => broken(),
        (thing) => Promise.resolve(thing),
        { width: 1, signal },
      )) {
        taken.push(result);
      }
    };
    await expect(reading()).rejects.toThrow("no more to be had");
    expect(taken).toEqual([0, 1]);
  });

  it("asks for no more things once the receiver stops", async () => {
    const seen: number[] = [];
    for await (const _ of inOrder(
      () => upTo(100, (thing) => seen.push(thing)),
      (thing) => Promise.resolve(thing),
      { width: 2, signal },
    )) {
      break;
    }
    const before = seen.length;
    for (let i = 0; i < 20; i++) await turn();
    expect(seen.length).toBe(before);
  });
});
