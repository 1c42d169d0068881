/** Whether a SIS has understood a filter as we do: what it leaves out by mistake is seen by nobody. */
import type { Attempt } from "./attempt.ts";
import { clausesAlone } from "./filter.ts";
import type { Asking, PageFetch } from "./page-fetch.ts";

/**
 * A record that comes against the filter shows that the SIS does not apply it as we do; then only a total that is the
 * same without it shows that nothing was left out. And where either of two conditions is enough, all that either alone
 * brings must be there: some SISs read the first and not the second.
 * @param attempt a complete reading
 * @returns why the SIS's idea of the filter is not to be trusted; undefined when nothing speaks against it
 */
export async function whyFilterIsDoubted(
  { filter, filteredBySis, sorted }: Asking,
  { tally, total }: Attempt,
  { fetch }: PageFetch,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (filter === undefined || !filteredBySis) return undefined;
  const start = { attempt: 1, index: 0, at: 0 };

  if (tally.filteredOut > 0) {
    const all = await fetch({ sorted, filter, filteredBySis: false }, start, signal);
    if (total !== undefined && all.total === total) return undefined;
    return `${tally.filteredOut} records came against the filter ${filter}, and others may have been left out`;
  }
  for (const clause of clausesAlone(filter)) {
    const { summary } = await fetch({ sorted, filter: clause, filteredBySis: true }, start, signal);
    if (tally.lacksAny(summary.ids)) return `the filter ${filter} brings less than ${clause} alone`;
  }
  return undefined;
}
