/** Reads the pages of an endpoint side by side: fast, and given up at the first sign that they do not fit. */
import { type Attempt, totalChanged, whyIncomplete, whyNotTheEnd } from "./attempt.ts";
import { inLanes } from "./lanes.ts";
import type { Page } from "./page-fetch.ts";

/** Pages that may be parsed and kept while others are on their way. */
const AHEAD = 3;

/**
 * Offsets follow the size that the first page really had, for providers clamp the page size; every other
 * page must then have just as many records, the last one the rest.
 * @param total what the SIS promised
 * @param pageConcurrency how many pages may be asked for at once
 * @returns why what came is not complete; undefined when it is
 */
export async function readInParallel(
  attempt: Attempt,
  first: Page,
  { total, pageConcurrency }: { total: number; pageConcurrency: number },
): Promise<string | undefined> {
  const { tally, fetch, keep } = attempt;
  const step = first.summary.received;
  const rest = Math.ceil(total / step) - 1;
  let last = first;
  let reason: string | undefined;

  tally.add(first.summary);
  await keep(first.summary);
  await inLanes(
    { count: rest, lanes: pageConcurrency + AHEAD, signal: attempt.signal },
    async (lane, signal) => {
      const offset = step * (lane + 1);
      const page = await fetch(offset, lane + 1, signal);
      const expected = Math.min(step, total - offset);
      const { received } = page.summary;
      if (received !== expected)
        reason ??= `${received} records came at offset ${offset} instead of ${expected}`;
      reason ??= totalChanged(page, total);
      if (reason !== undefined) return "stop";
      tally.add(page.summary);
      await keep(page.summary);
      if (lane === rest - 1) last = page;
      return "go on";
    },
  );

  reason ??= whyIncomplete(attempt);
  return reason ?? whyNotTheEnd(attempt, { total, index: rest + 1, leadsOn: last.next !== undefined });
}
