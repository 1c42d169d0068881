/** Reads an endpoint one page after the other, until nothing is left: the careful way. */
import { type Attempt, totalChanged, whyIncomplete } from "./attempt.ts";
import type { Page } from "./page-fetch.ts";

/**
 * A short page is no end, for providers clamp the page size and send less than they have. The end is the
 * promised total, or an empty page, or, where a cursor links the pages, a page without a next.
 * @returns why what came is not complete; undefined when it is
 */
export async function readInOrder(attempt: Attempt, first: Page): Promise<string | undefined> {
  const { tally, total, fetch, keep } = attempt;
  const seen = new Set([first.url.href]);
  let byCursor = false;
  let page = first;
  for (let index = 1; page.summary.received > 0; index++) {
    const changed = totalChanged(page, total);
    if (changed !== undefined) return changed;
    const isRepeat = tally.add(page.summary) === 0 && index > 1;
    await keep(page.summary);
    if (isRepeat) return total !== undefined && tally.isComplete(total) ? undefined : repeats(tally.unique);

    const next = followable(page.next, tally.received, seen);
    byCursor ||= next !== undefined && !next.searchParams.has("offset");
    // A record that has come twice may come once more, newer: then only an empty page is the end.
    const isAllThere = total !== undefined && tally.isComplete(total) && tally.repeated === 0;
    if (next === undefined && (byCursor || isAllThere)) break;
    if (next !== undefined) seen.add(next.href);
    page = await fetch(next ?? tally.received, index);
  }
  return whyIncomplete(attempt);
}

function repeats(unique: number): string {
  return `after ${unique.toLocaleString("en")} records the same came again instead of further ones`;
}

/** A link that we have been at goes in circles; one that counts pages as asked for, not as sent, skips records. */
function followable(next: URL | undefined, received: number, seen: Set<string>): URL | undefined {
  if (next === undefined || seen.has(next.href)) return undefined;
  const offset = next.searchParams.get("offset");
  return offset === null || Number(offset) === received ? next : undefined;
}
