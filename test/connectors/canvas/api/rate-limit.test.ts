import { describe, expect, it } from "vitest";
import { failureOf, readAll, testPorts } from "./reading.ts";
import { assignment, type Asked, graded, startTinyCanvas, type Told } from "./tiny-canvas.ts";

const SECTIONS = 60;
const coursework = {
  assignments: [
    assignment(
      1,
      Array.from({ length: SECTIONS }, (_, i) => ({ id: i })),
    ),
  ],
  work: Object.fromEntries(Array.from({ length: SECTIONS }, (_, i) => [i, [graded(1, i, 5)]])),
};
const THROTTLED: Told = {
  status: 403,
  headers: { "x-rate-limit-remaining": "0.0" },
  body: "403 Forbidden (Rate Limit Exceeded)\n",
};

/** The leaky bucket of canvas-lms: full at 600 unless told otherwise, 10 a second leak out, 50 for every request that is under way. */
function bucket(now: () => number, cost: number, size = 600) {
  let filled = 0;
  let touched = now();
  let throttled = 0;
  const add = (amount: number) => {
    const leaked = ((now() - touched) * 10) / 1000;
    touched = now();
    filled = Math.min(800, Math.max(0, filled - leaked) + amount);
  };
  return {
    throttled: () => throttled,
    async take(answer: () => Told): Promise<Told> {
      add(50);
      const isFull = filled >= size;
      // Others come while this one is under way.
      await new Promise((resolve) => setImmediate(resolve));
      add((isFull ? 0 : cost) - 50);
      const headers = { "x-rate-limit-remaining": String(size - filled) };
      if (!isFull) {
        const told = answer();
        return { ...told, headers: { ...told.headers, ...headers, "x-request-cost": String(cost) } };
      }
      throttled++;
      return { ...THROTTLED, headers };
    },
  };
}

const work = ({ path }: Asked): Told => ({
  body: path.startsWith("/api/sis/")
    ? coursework.assignments
    : (coursework.work[path.split("/")[4] ?? ""] ?? []),
});

describe("Canvas's rate limit", () => {
  it.for([1, 30, 90])(
    "is never reached, however many requests may be in flight, at a cost of %i each",
    async (cost) => {
      const ports = testPorts();
      const limit = bucket(ports.now, cost);
      const canvas = await startTinyCanvas(coursework, (asked) => limit.take(() => work(asked)));

      const sections = await readAll(canvas.url, { ports, concurrency: 32 });

      expect(sections).toHaveLength(SECTIONS);
      expect(limit.throttled()).toBe(0);
      expect(canvas.asked).toHaveLength(SECTIONS + 1);
    },
  );

  it("is kept by one request after the other where the bucket is a small one", async () => {
    const ports = testPorts();
    const limit = bucket(ports.now, 30, 100);
    const canvas = await startTinyCanvas(coursework, (asked) => limit.take(() => work(asked)));

    expect(await readAll(canvas.url, { ports, concurrency: 32 })).toHaveLength(SECTIONS);
    expect(limit.throttled()).toBe(0);
    expect(canvas.mostInFlight()).toBe(1);
  });

  it("holds nobody up while the bucket has room", async () => {
    const ports = testPorts();
    const canvas = await startTinyCanvas(coursework, (asked) => ({
      ...work(asked),
      headers: { "x-rate-limit-remaining": "600.0", "x-request-cost": "0.4" },
    }));

    await readAll(canvas.url, { ports, concurrency: 8 });

    expect(ports.waits).toEqual([]);
  });

  it.for([
    ["403 in plain text", THROTTLED],
    ["403 without headers", { ...THROTTLED, headers: {} }],
    ["429", { ...THROTTLED, status: 429, body: "429 Too Many Requests (Rate Limit Exceeded)\n" }],
  ] as const)("is waited for until the bucket has leaked, and nothing is lost: %s", async ([, told]) => {
    const ports = testPorts();
    const canvas = await startTinyCanvas(coursework, ({ path, before }) =>
      path.includes("/sections/5/") && before < 8 ? told : undefined,
    );

    const sections = await readAll(canvas.url, { ports, concurrency: 1 });

    expect(sections).toHaveLength(SECTIONS);
    expect(sections[5]?.assignments[0]?.submissions).toHaveLength(1);
    expect(Math.max(...ports.waits)).toBe(15_000);
    expect(ports.messages.join()).toContain("rate limit is near");
  });

  it("is waited for as long as Canvas says when it says so", async () => {
    const ports = testPorts();
    const canvas = await startTinyCanvas(coursework, ({ path, before }) =>
      path.includes("/sections/5/") && before === 0
        ? { status: 429, headers: { "retry-after": "7" }, body: "Rate Limit Exceeded" }
        : undefined,
    );

    await readAll(canvas.url, { ports, concurrency: 1 });

    expect(ports.waits).toEqual([7000]);
  });

  it("ends the run when it stays reached", async () => {
    const canvas = await startTinyCanvas(coursework, ({ path }) =>
      path.includes("/sections/5/") ? THROTTLED : undefined,
    );

    const failure = await failureOf(readAll(canvas.url));

    expect(failure).toMatchObject({ code: "source.rate-limited", exitCode: 3 });
    expect(failure.hint).toContain("grades.concurrency");
    expect(canvas.of("/sections/5/students/submissions")).toHaveLength(21);
  });
});
