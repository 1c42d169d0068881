import { describe, expect, it } from "vitest";
import { type CanvasFault, QUIRKS } from "../../../jobs/demo/canvas.ts";
import { openThrottle } from "../../../jobs/demo/canvas/throttle.ts";
import { linksOf, withCanvas } from "./canvas-kit.ts";

const PATH = "/api/v1/accounts/self";
const LIST = "/api/sis/accounts/self/assignments?per_page=2";

describe("the sandbox Canvas, told to fail", () => {
  it.each<[CanvasFault, number, string]>([
    ["expired-token", 401, "Expired access token."],
    ["revoked-token", 401, "Revoked access token."],
    ["rate-limit-403", 403, "403 Forbidden (Rate Limit Exceeded)\n"],
    ["rate-limit-429", 429, "429 Too Many Requests (Rate Limit Exceeded)\n"],
    ["unavailable", 503, "<!doctype html>"],
    ["server-error", 500, "internal_server_error"],
    ["html", 200, "<!doctype html>"],
    ["no-list", 200, '{"message":"ok"}'],
    [{ status: 418 }, 418, "as it was told to answer"],
    [{ status: 429, headers: { "retry-after": "1" }, body: "slowly" }, 429, "slowly"],
  ])("answers %j once, then rightly again", async (answer, status, words) => {
    await withCanvas({}, async (canvas, { get }) => {
      canvas.failNext({ answer });
      const reply = await get(PATH);
      expect(reply.status).toBe(status);
      expect(reply.text).toContain(words);
      expect(reply.header("x-request-cost") === undefined).toBe(words.includes("Rate Limit"));
      expect((await get(PATH)).json()).toHaveProperty("id", 1);
      expect(canvas.requests.map((each) => each.status)).toEqual([status, 200]);
    });
  });

  it("cuts JSON in the middle, breaks connections, and leaves requests hanging", async () => {
    await withCanvas({}, async (canvas, { get }) => {
      canvas.failNext({ answer: "cut-json" });
      const cut = await get(PATH);
      expect(cut.status).toBe(200);
      expect(() => cut.json()).toThrow();
      for (const answer of ["reset", "truncate"] as const) {
        canvas.failNext({ answer });
        await expect(get(PATH)).rejects.toThrow();
      }
      canvas.failNext({ answer: "hang" });
      const hanging = expect(get(PATH)).rejects.toThrow();
      expect((await get("/api/v1/users/self")).status).toBe(200);
      await canvas.stop();
      await hanging;
    });
  });

  it("leads the next page back to itself", async () => {
    await withCanvas({}, async (canvas, { get }) => {
      canvas.failNext({ answer: "repeat-link" });
      const { next, current } = linksOf(await get(LIST));
      expect(next).toBe(current);
    });
  });

  it("is slow when told so, by request or always", async () => {
    await withCanvas({ latencyMs: 20 }, async (canvas, { get }) => {
      canvas.failNext({ answer: { delayMs: 50 } });
      const start = performance.now();
      await get(PATH);
      expect(performance.now() - start).toBeGreaterThan(65);
    });
  });

  it("fails those that match, after some, as often as told", async () => {
    await withCanvas({}, async (canvas, { get }) => {
      canvas.failNext({ path: /users\/self\?n=/, after: 1, times: 2, answer: { status: 500 } });
      canvas.failNext({ path: PATH, times: Infinity, answer: { status: 502 } });
      const statuses: number[] = [];
      for (let n = 0; n < 4; n++) statuses.push((await get(`/api/v1/users/self?n=${n}`)).status);
      expect(statuses).toEqual([200, 500, 500, 200]);
      expect([(await get(PATH)).status, (await get(PATH)).status]).toEqual([502, 502]);
    });
  });

  it("keeps what was asked", async () => {
    await withCanvas({}, async (canvas, { get }) => {
      await get("/api/v1/users/self?include[]=a&include[]=b");
      expect(canvas.requests).toEqual([
        { method: "GET", path: "/api/v1/users/self", query: { "include[]": "a,b" }, status: 200 },
      ]);
      expect(canvas.inFlightPeak).toBe(1);
    });
  });

  it("says of each quirk what it is about", () => {
    for (const about of Object.values(QUIRKS)) expect(about).toMatch(/^[A-Z].*\.$/);
  });
});

describe("the sandbox Canvas's rate limit", () => {
  it("tells the cost of each request and what is left", async () => {
    await withCanvas({}, async (_, { get }) => {
      const reply = await get(LIST);
      expect(Number(reply.header("x-request-cost"))).toBeGreaterThan(0.04);
      expect(Number(reply.header("x-rate-limit-remaining"))).toBeGreaterThan(590);
    });
  });

  it.each([
    [403, "403 Forbidden (Rate Limit Exceeded)\n"],
    [429, "429 Too Many Requests (Rate Limit Exceeded)\n"],
  ] as const)("refuses with %i who asks too much at once, and goes on afterwards", async (status, words) => {
    await withCanvas({ latencyMs: 100, rateLimit: { highWater: 140, status } }, async (_, { get }) => {
      const replies = await Promise.all(Array.from({ length: 4 }, () => get(PATH)));
      const refused = replies.filter((reply) => reply.status === status);
      expect(refused).toHaveLength(2);
      expect(refused[0]!.text).toBe(words);
      expect(refused[0]!.header("x-rate-limit-remaining")).toBe("0.0");
      expect(refused[0]!.header("x-request-cost")).toBeUndefined();
      expect((await get(PATH)).status).toBe(200);
    });
  });

  it("lets the bucket leak with time", () => {
    let now = 0;
    const throttle = openThrottle({ highWater: 100, outflow: 10 }, () => now);
    throttle.enter().settle(80);
    expect(throttle.enter().allowed).toBe(false);
    now = 9000;
    expect(throttle.enter().allowed).toBe(true);
  });
});
