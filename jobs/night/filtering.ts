/** A collection's filter, applied to a page's raw records wherever the page comes from. */
import { matchesFilter, parseFilter } from "../../connectors/oneroster/filter.ts";

/** @param filteredBySis whether the SIS has applied the filter as well */
export function keepMatching(
  records: readonly unknown[],
  filter: string | null,
  filteredBySis: boolean,
): unknown[] {
  if (filter === null) return [...records];
  const parsed = parseFilter(filter);
  return records.filter((record) => matchesFilter(parsed, record, filteredBySis));
}
