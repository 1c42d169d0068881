/** All that is known of a request that was given up, before it is put into words. */
import { errorWords } from "./error-words.ts";
import type { Answer, HttpRequest } from "./http.ts";
import type { RetryDecision, Trouble } from "./retry.ts";

export interface Refusal {
  trouble: Trouble;
  /** How often the request was sent. */
  made: number;
  /** The SIS's own words. */
  words: string | undefined;
  /** Retry-After, when it was too long to wait for. */
  askedToWaitMs?: number | undefined;
  /** How far the SIS's clock is from ours, in milliseconds, when it said. */
  clockSkewMs?: number | undefined;
  /** Where a redirect points, without its query. */
  redirect?: string | undefined;
}

/** @param scrub takes secrets out of the SIS's own words */
export function refusalOf(
  request: HttpRequest,
  result: Answer | Trouble,
  trouble: Trouble,
  known: {
    made: number;
    decision: Extract<RetryDecision, { again: false }>;
    scrub: (text: string) => string;
    now: number;
  },
): Refusal {
  const { made, decision, scrub, now } = known;
  // Of a good answer that was useless the body has been handed on, and is no word of refusal.
  if ("kind" in result || trouble.kind !== "status") return { trouble, made, words: undefined };
  const words = errorWords(result.body, scrub);
  const date = Date.parse(result.header("date") ?? "");
  const location = redirectOf(result, request.url);
  return {
    trouble,
    made,
    words,
    askedToWaitMs: decision.waitMs,
    clockSkewMs: Number.isNaN(date) ? undefined : date - now,
    redirect: location === undefined ? undefined : location.origin + location.pathname,
  };
}

function redirectOf({ status, header }: Answer, from: URL): URL | undefined {
  const location = header("location");
  if (location === undefined || status < 300 || status > 399) return undefined;
  return URL.parse(location, from.href) ?? undefined;
}
