/** One attempt at reading an endpoint completely, and what makes it fail. */
import type { Page } from "./page-fetch.ts";
import type { PageSummary } from "./sink.ts";
import type { Tally } from "./tally.ts";

export interface Attempt {
  tally: Tally;
  /** What the SIS promised; undefined when it did not. */
  total: number | undefined;
  /** Tally.content of the reading before this one; undefined for the first. */
  before: string | undefined;
  signal: AbortSignal;
  /** @param at an offset, or the address that a Link gave */
  fetch: (at: number | URL, index: number, signal?: AbortSignal) => Promise<Page>;
  keep: (page: PageSummary) => Promise<void>;
}

/** Paging by offset is no snapshot (OneRoster 1.1 §3.4.1): a new total means that records have moved. */
export function totalChanged(page: Page, total: number | undefined): string | undefined {
  if (total === undefined || page.total === undefined || page.total === total) return undefined;
  return `the total changed from ${count(total)} to ${count(page.total)} while it was read`;
}

/**
 * Without a total, records that come twice are the one sign that pages shift, and that others may not have come at all;
 * where another reading brings the very same ones, the SIS just has them twice.
 */
export function whyIncomplete({ tally, total, before }: Attempt): string | undefined {
  if (total === undefined) {
    return tally.repeated === 0 || tally.content === before
      ? undefined
      : `${count(tally.repeated)} records came more than once, and no total says whether others were skipped`;
  }
  if (tally.isComplete(total)) return undefined;
  const twice = tally.repeated > 0 ? `, ${count(tally.repeated)} came more than once` : "";
  return `${count(tally.unique + tally.nameless)} records of ${count(total)} promised${twice}`;
}

function count(number: number): string {
  return number.toLocaleString("en");
}
