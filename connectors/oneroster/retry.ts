/** Whether and when a request is tried again. Pure: clock and chance come in as values. */

/** What went wrong with one attempt. */
export type Trouble =
  | {
      kind: "network" | "timeout" | "certificate" | "body" | "not-json" | "says-failure";
      detail: string;
      /** No connection came about: the SIS has seen nothing of it. */
      unsent?: true;
    }
  | { kind: "status"; status: number; retryAfter: string | undefined };

export type RetryDecision =
  | { again: true; waitMs: number; askedFor: boolean }
  | { again: false; because: "hopeless" | "tried-enough" | "wait-too-long"; waitMs?: number };

/** Longer than this no SIS is waited for: the night would be over, and a person should know. */
export const LONGEST_WAIT_MS = 15 * 60_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * Retry-After (RFC 9110 §10.2.3) is obeyed to the full; without it, exponential backoff with full jitter,
 * so that requests which failed together do not come back together.
 * @param made attempts made so far, at least 1
 * @param random from 0 up to 1
 */
export function decideRetry(
  trouble: Trouble,
  { made, retries, now, random }: { made: number; retries: number; now: number; random: number },
): RetryDecision {
  if (!mayPass(trouble)) return { again: false, because: "hopeless" };
  if (made > retries) return { again: false, because: "tried-enough" };

  const asked = trouble.kind === "status" ? retryAfterMs(trouble.retryAfter, now) : 0;
  if (asked > LONGEST_WAIT_MS) return { again: false, because: "wait-too-long", waitMs: asked };
  if (asked > 0) return { again: true, waitMs: asked, askedFor: true };
  const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (made - 1));
  return { again: true, waitMs: Math.floor(random * ceiling), askedFor: false };
}

function mayPass(trouble: Trouble): boolean {
  if (trouble.kind !== "status") return trouble.kind !== "certificate";
  return trouble.status === 408 || trouble.status === 429 || trouble.status >= 500;
}

/**
 * Whether a request that must not arrive twice can be sent again: only when the SIS has certainly not taken it.
 * A 503 that says when to come back was turned away at the door; any other one may hide a record that was made.
 */
export function hasNotArrived(trouble: Trouble, now: number): boolean {
  if (trouble.kind !== "status") return trouble.unsent === true;
  return trouble.status === 429 || (trouble.status === 503 && retryAfterMs(trouble.retryAfter, now) > 0);
}

/** Seconds or an HTTP date; 0 for neither, and for a date that has passed. */
export function retryAfterMs(header: string | undefined, now: number): number {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
