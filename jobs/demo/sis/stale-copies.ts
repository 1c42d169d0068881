/** The quirk duplicate-records: some records twice in a list, once as they were a year ago. */
import type { RawRecord } from "../district/raw-records.ts";

const EVERY = 50;

/** Copies stand half the list away from their records, before or after them; the newer one is always right. */
export function withStaleCopies(records: readonly RawRecord[]): RawRecord[] {
  return records.flatMap((record, index) => {
    const other = records[(index + Math.floor(records.length / 2)) % records.length];
    // A deleted record has no stale copy: a filter on status would let that alone through.
    return index % EVERY === 0 && other?.status === "active" ? [staleCopy(other), record] : [record];
  });
}

function staleCopy(record: RawRecord): RawRecord {
  const { dateLastModified } = record;
  const year = Number(dateLastModified.slice(0, 4)) - 1;
  const copy: Record<string, unknown> = {
    ...record,
    dateLastModified: `${String(year)}${dateLastModified.slice(4)}`,
  };
  for (const name of ["name", "title", "familyName"]) if (name in copy) copy[name] = "As it was last year";
  if ("enabledUser" in copy) copy["enabledUser"] = typeof copy["enabledUser"] === "string" ? "false" : false;
  if ("beginDate" in copy) copy["beginDate"] = null;
  return copy as unknown as RawRecord;
}
