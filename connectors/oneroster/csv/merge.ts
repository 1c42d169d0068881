/** What was known of records, and what a delta says of them, as one: by sourcedId, and newer is better. */
import type { RawRecord } from "./raw-record.ts";

export interface Merged {
  records: Map<string, RawRecord>;
  /** How many copies were not taken, because what was known is newer. */
  outdated: number;
}

/**
 * Takes a copy of a record into those that are known. Without a time, or with the same, the one that came later counts:
 * bulk files bear no times, and exports are read in the order in which they were written.
 */
export function take(merged: Merged, id: string, copy: RawRecord): void {
  const known = merged.records.get(id);
  if (known !== undefined && timeOf(copy) < timeOf(known)) merged.outdated++;
  else merged.records.set(id, copy);
}

/** Not a number, which is neither older nor newer than anything, where there is no time. */
function timeOf({ dateLastModified }: RawRecord): number {
  return typeof dateLastModified === "string" ? Date.parse(dateLastModified) : Number.NaN;
}

/** Ids are trimmed text; what has none cannot be merged. */
export function idOf(record: RawRecord, member = "sourcedId"): string {
  const value = record[member];
  const id = typeof value === "object" && value !== null ? (value as RawRecord)["sourcedId"] : value;
  return typeof id === "string" ? id.trim() : "";
}

export function isGone({ status }: RawRecord): boolean {
  return typeof status === "string" && /^(?:tobedeleted|inactive)$/i.test(status.trim());
}
