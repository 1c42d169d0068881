import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decideRetry,
  LONGEST_WAIT_MS,
  retryAfterMs,
  type Trouble,
} from "../../../connectors/oneroster/retry.ts";

const NOW = Date.parse("2026-11-21T02:00:00Z");
const state = { made: 1, retries: 5, now: NOW, random: 0.5 };
const answered = (status: number, retryAfter?: string): Trouble => ({ kind: "status", status, retryAfter });

describe("trying again", () => {
  it.for([408, 429, 500, 502, 503, 504, 599])("is worth it after %i", (status) => {
    expect(decideRetry(answered(status), state)).toMatchObject({ again: true });
  });

  it.for([300, 301, 307, 400, 401, 403, 404, 405, 410, 422])("is not worth it after %i", (status) => {
    expect(decideRetry(answered(status), state)).toEqual({ again: false, because: "hopeless" });
  });

  it.for(["network", "timeout", "body", "not-json"] as const)(
    "is worth it after a fault of kind %s",
    (kind) => {
      expect(decideRetry({ kind, detail: "" }, state)).toMatchObject({ again: true });
    },
  );

  it("is not worth it when the certificate is not trusted", () => {
    expect(decideRetry({ kind: "certificate", detail: "" }, state)).toEqual({
      again: false,
      because: "hopeless",
    });
  });

  it("ends after as many retries as are configured", () => {
    expect(decideRetry(answered(503), { ...state, made: 5 }).again).toBe(true);
    expect(decideRetry(answered(503), { ...state, made: 6 })).toEqual({
      again: false,
      because: "tried-enough",
    });
    expect(decideRetry(answered(503), { ...state, retries: 0 }).again).toBe(false);
  });

  it("waits at least as long as the SIS asks, in seconds or until a date", () => {
    expect(decideRetry(answered(429, "7"), state)).toEqual({ again: true, waitMs: 7000, askedFor: true });
    expect(decideRetry(answered(503, "Sat, 21 Nov 2026 02:01:30 GMT"), state)).toEqual({
      again: true,
      waitMs: 90_000,
      askedFor: true,
    });
  });

  it("waits up to 15 minutes when asked to, and gives up rather than coming back too early", () => {
    expect(decideRetry(answered(429, "900"), state)).toMatchObject({ again: true, waitMs: LONGEST_WAIT_MS });
    expect(decideRetry(answered(429, "901"), state)).toEqual({
      again: false,
      because: "wait-too-long",
      waitMs: 901_000,
    });
  });

  it.for([undefined, "", "soon", "-3", "0", "Fri, 20 Nov 2026 02:00:00 GMT"])(
    "backs off by itself when Retry-After is %j",
    (header) => {
      expect(retryAfterMs(header, NOW)).toBe(0);
      expect(decideRetry(answered(429, header), state)).toEqual({
        again: true,
        waitMs: 250,
        askedFor: false,
      });
    },
  );

  it("backs off exponentially with full jitter, never more than half a minute", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (made, random) => {
          const decision = decideRetry(answered(503), { made, retries: 20, now: NOW, random });
          const ceiling = Math.min(30_000, 500 * 2 ** (made - 1));
          expect(decision).toEqual({ again: true, waitMs: Math.floor(random * ceiling), askedFor: false });
        },
      ),
    );
  });
});
