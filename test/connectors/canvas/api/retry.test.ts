import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryWait, type Trouble } from "../../../../connectors/canvas/api/retry.ts";

const NOW = Date.parse("2026-11-21T02:00:00Z");
const state = { made: 1, now: NOW, random: 0.5 };
const answered = (status: number, retryAfter: string | null = null): Trouble => ({
  kind: "status",
  status,
  retryAfter,
  throttled: status === 429,
});

describe("asking Canvas again", () => {
  it.for([408, 429, 500, 502, 503, 504])("is worth it after %i", (status) => {
    expect(retryWait(answered(status), state)).toEqual({ ms: 250, askedFor: false });
  });

  it.for([302, 400, 401, 403, 404, 414, 422])("is not worth it after %i", (status) => {
    expect(retryWait(answered(status), state)).toBeUndefined();
  });

  it("is not worth it when the certificate is not trusted", () => {
    expect(retryWait({ kind: "certificate", detail: "" }, state)).toBeUndefined();
    expect(retryWait({ kind: "network", detail: "" }, state)).toBeDefined();
  });

  it("waits as long as Canvas asks, in seconds or until a date", () => {
    expect(retryWait(answered(503, "7"), state)).toEqual({ ms: 7000, askedFor: true });
    expect(retryWait(answered(429, "Sat, 21 Nov 2026 02:01:30 GMT"), state)).toEqual({
      ms: 90_000,
      askedFor: true,
    });
    expect(retryWait(answered(503, "901"), state)).toBeUndefined();
  });

  it("backs off exponentially with full jitter, and ends after five times", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (made, random) => {
          const wait = retryWait(answered(503), { made, now: NOW, random });
          expect(wait).toEqual(
            made > 5 ? undefined : { ms: Math.floor(random * 500 * 2 ** (made - 1)), askedFor: false },
          );
        },
      ),
    );
  });
});
