/** Whether and when a webhook is tried again. Pure: clock and chance come in as values. */
import type { Posted } from "./webhook-faults.ts";

const RETRIES = 2;
/** Nobody is kept waiting longer than this for the end of a night. */
const LONGEST_WAIT_MS = 10_000;
const FIRST_BACKOFF_MS = 500;

/**
 * Milliseconds to wait before the next attempt; undefined when there is none. Retry-After (RFC 9110 §10.2.3) is
 * obeyed or, where it is too long, not tried at all. A receiver that fell silent may have taken the message, and
 * is not told twice.
 * @param made attempts made so far, at least 1
 */
export function retryWait(
  posted: Posted,
  { made, now, random }: { made: number; now: number; random: number },
): number | undefined {
  if (made > RETRIES || !mayPass(posted)) return undefined;
  const asked = posted.kind === "answer" ? retryAfterMs(posted.retryAfter, now) : 0;
  if (asked > LONGEST_WAIT_MS) return undefined;
  return asked > 0 ? asked : Math.floor((0.5 + random / 2) * FIRST_BACKOFF_MS * 2 ** (made - 1));
}

function mayPass(posted: Posted): boolean {
  if (posted.kind === "answer") return posted.status === 429 || posted.status >= 500;
  return posted.kind === "network";
}

/** Seconds or an HTTP date; 0 for neither, and for a date that has passed. */
function retryAfterMs(header: string | undefined, now: number): number {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
