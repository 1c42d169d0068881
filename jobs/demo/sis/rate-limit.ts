/** The quirk rate-limited: every few requests one is told to come again. */
import { type Answer, htmlAnswer } from "./answers.ts";

const EVERY = 8;

/** Counts a request; the 429 that it gets, where it is its turn. */
export type RateLimit = () => Answer | undefined;

export function limitRate(limited: boolean): RateLimit {
  let requests = 0;
  return () => {
    requests++;
    return limited && requests % EVERY === 0 ? coolDown(requests) : undefined;
  };
}

/** Retry-After by turns in seconds and as a date, both a second or two from now. */
function coolDown(turn: number): Answer {
  const inSeconds = turn % (2 * EVERY) !== 0;
  const retryAfter = inSeconds ? "1" : new Date(Date.now() + 1000).toUTCString();
  return htmlAnswer(429, "Too many requests", { "retry-after": retryAfter });
}
