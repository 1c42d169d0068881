import { describe, expect, it } from "vitest";
import { createPace } from "../../../connectors/oneroster/pace.ts";
import { testPorts } from "./reading.ts";

/** A clock on which several can wait at a time: it moves to whoever wakes next. */
function sharedClock() {
  let now = 0;
  const waiting: { at: number; wake: () => void }[] = [];
  const ports = {
    now: () => now,
    sleep: (ms: number) => new Promise<void>((wake) => waiting.push({ at: now + ms, wake })),
  };
  async function run(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = waiting.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) return;
      waiting.splice(waiting.indexOf(next), 1);
      now = next.at;
      next.wake();
    }
  }
  return { ports, run };
}

const { signal } = new AbortController();

describe("the pace of requests", () => {
  it("is not slowed without a cap", async () => {
    const ports = testPorts(0);
    const pace = createPace(null, ports);
    for (let i = 0; i < 100; i++) await pace.turn(signal);
    expect(ports.waits).toEqual([]);
  });

  it("never exceeds the cap in any second", async () => {
    const { ports, run } = sharedClock();
    const pace = createPace(4, ports);
    const left: number[] = [];
    const all = Array.from({ length: 12 }, () => pace.turn(signal).then(() => left.push(ports.now())));
    await run();
    await Promise.all(all);
    expect(left).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250, 2500, 2750]);
  });

  it("holds everyone back until the SIS wants them, also those who already wait, and keeps to the cap then", async () => {
    const { ports, run } = sharedClock();
    const pace = createPace(10, ports);
    const left: number[] = [];
    const all = Array.from({ length: 3 }, () => pace.turn(signal).then(() => left.push(ports.now())));
    pace.holdUntil(5000);
    all.push(pace.turn(signal).then(() => left.push(ports.now())));
    await run();
    await Promise.all(all);
    expect(left[0]).toBe(0);
    expect(left.slice(1)).toEqual([5000, 5100, 5200]);
  });
});
