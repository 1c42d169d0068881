/** Whether and when Canvas is asked again. Pure: clock and chance come in as values. */

/** What went wrong with one attempt. */
export type Trouble =
  | { kind: "network" | "timeout" | "certificate" | "body" | "not-json"; detail: string }
  | { kind: "status"; status: number; retryAfter: string | null; throttled: boolean };

const RETRIES = 5;
/** That the rate limit is reached is no fault: others use the same token, and it passes by itself. */
const RETRIES_WHEN_THROTTLED = 20;
const LONGEST_WAIT_MS = 15 * 60_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * Retry-After (RFC 9110 §10.2.3) is obeyed to the full, or not tried again when it is longer than 15 minutes;
 * without it, exponential backoff with full jitter.
 * @param made attempts made so far, at least 1
 * @param random from 0 up to 1
 * @returns how long to wait, and whether Canvas asked for it; undefined: there is no point
 */
export function retryWait(
  trouble: Trouble,
  { made, now, random }: { made: number; now: number; random: number },
): { ms: number; askedFor: boolean } | undefined {
  const throttled = trouble.kind === "status" && trouble.throttled;
  if (!throttled && !mayPass(trouble)) return undefined;
  if (made > (throttled ? RETRIES_WHEN_THROTTLED : RETRIES)) return undefined;

  const asked = trouble.kind === "status" ? retryAfterMs(trouble.retryAfter, now) : 0;
  if (asked > LONGEST_WAIT_MS) return undefined;
  if (asked > 0) return { ms: asked, askedFor: true };
  const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (made - 1));
  return { ms: Math.floor(random * ceiling), askedFor: false };
}

function mayPass(trouble: Trouble): boolean {
  if (trouble.kind !== "status") return trouble.kind !== "certificate";
  return trouble.status === 408 || trouble.status >= 500;
}

/** Seconds or an HTTP date; 0 for neither, and for a date that has passed. */
function retryAfterMs(header: string | null, now: number): number {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
