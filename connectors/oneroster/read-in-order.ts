/** Reads an endpoint one page after the other, until nothing is left: the careful way. */
import { type Attempt, totalChanged, whyIncomplete, whyNotTheEnd } from "./attempt.ts";
import type { Page } from "./page-fetch.ts";

/** So many empty pages may lie between full ones; a SIS whose links never end must not be followed for ever. */
const MOST_EMPTY = 100;

/**
 * A short page is no end, for providers clamp the page size and send less than they have. The end is the
 * promised total, or an empty page that leads nowhere, or, where a cursor links the pages, a page without a next.
 * @returns why what came is not complete; undefined when it is
 */
export async function readInOrder(attempt: Attempt, first: Page): Promise<string | undefined> {
  const { tally, total, fetch, keep } = attempt;
  const seen = new Set([first.url.href]);
  let byCursor = false;
  let page = first;
  let empty = 0;
  for (let index = 1; ; index++) {
    const { received } = page.summary;
    const changed = received > 0 ? totalChanged(page, total) : undefined;
    if (changed !== undefined) return changed;
    if (received === 0) {
      // Records that are not for us may have been taken out of a page after it was cut: more may follow it.
      const beyond = unseen(page.next, seen);
      const isEnd = beyond === undefined || ++empty > (isCursor(beyond) ? MOST_EMPTY : 1);
      if (isEnd || (total !== undefined && tally.isComplete(total))) break;
      seen.add(beyond.href);
      page = await fetch(beyond, index);
      byCursor ||= isCursor(beyond);
      const isFurther = !isCursor(beyond) && page.summary.received > 0 && tally.add(page.summary) > 0;
      if (isFurther) return "further records came after an empty page";
      continue;
    }
    const isRepeat = tally.add(page.summary) === 0 && index > 1;
    await keep(page.summary);
    if (isRepeat) return total !== undefined && tally.isComplete(total) ? undefined : repeats(tally.unique);

    const next = followable(page.next, tally.received, seen);
    byCursor ||= next !== undefined && isCursor(next);
    // A record that has come twice may come once more, newer: then only an empty page is the end.
    const isAllThere = total !== undefined && tally.isComplete(total) && tally.repeated === 0;
    if (next === undefined && isAllThere) return whyNotTheEnd(attempt, { total, index, leadsOn: false });
    if (next === undefined && byCursor) break;
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
  const link = unseen(next, seen);
  return link === undefined || isCursor(link) || Number(link.searchParams.get("offset")) === received
    ? link
    : undefined;
}

function unseen(next: URL | undefined, seen: Set<string>): URL | undefined {
  return next === undefined || seen.has(next.href) ? undefined : next;
}

function isCursor(link: URL): boolean {
  return !link.searchParams.has("offset");
}
