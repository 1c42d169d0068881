/** One attempt at reading an endpoint completely, and what makes it fail. */
import type { Page } from "./page-fetch.ts";
import { AnswerFailure } from "./source-failures.ts";
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

/** Page sizes and limits are round: a total that is may be theirs, and not the collection's. */
const ROUND = 50;

/**
 * Looks behind the last record promised, where it costs little or the SIS says that there is more: some count the page
 * that they send, or no further than some limit, and call that the total.
 * @returns why what came is not complete; undefined when nothing new is there
 */
export async function whyNotTheEnd(
  { tally, fetch }: Attempt,
  last: { total: number; index: number; leadsOn: boolean },
): Promise<string | undefined> {
  const { total, index, leadsOn } = last;
  if (!leadsOn && (total === 0 || total % ROUND !== 0)) return undefined;
  try {
    const { summary } = await fetch(total, index);
    return summary.received > 0 && tally.add(summary) > 0
      ? `more records came than the ${count(total)} promised`
      : undefined;
  } catch (error) {
    // Some refuse to look where nothing is.
    if (!leadsOn && error instanceof AnswerFailure) return undefined;
    throw error;
  }
}

function count(number: number): string {
  return number.toLocaleString("en");
}
