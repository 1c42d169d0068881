/** The records of one kind by id, and by what they belong to. */
import type { RawRecord } from "../../district/raw-records.ts";

export interface Table<T extends RawRecord> {
  readonly records: ReadonlyMap<string, T>;
  /** A stored record, or one that its sender believes to be. */
  believed(sourcedId: string): T | undefined;
  /** Those of one class, or of one line item. */
  of(group: string): T[];
  put(record: T): void;
  /** Answered for and not stored: whoever sent it may speak of it, and nobody can read it. */
  lose(record: T): void;
  remove(sourcedId: string): void;
}

export function openTable<T extends RawRecord>(groupOf: (record: T) => string): Table<T> {
  const records = new Map<string, T>();
  const lost = new Map<string, T>();
  const groups = new Map<string, Map<string, T>>();

  function remove(sourcedId: string): void {
    const record = records.get(sourcedId);
    if (record === undefined) return;
    records.delete(sourcedId);
    groups.get(groupOf(record))?.delete(sourcedId);
  }

  function put(record: T): void {
    const { sourcedId } = record;
    const before = records.get(sourcedId);
    if (before !== undefined && groupOf(before) !== groupOf(record)) remove(sourcedId);
    records.set(sourcedId, record);
    lost.delete(sourcedId);
    const group = groups.get(groupOf(record)) ?? new Map<string, T>();
    groups.set(groupOf(record), group.set(sourcedId, record));
  }

  return {
    records,
    believed: (sourcedId) => records.get(sourcedId) ?? lost.get(sourcedId),
    of: (group) => [...(groups.get(group)?.values() ?? [])],
    put,
    lose(record) {
      if (!records.has(record.sourcedId)) lost.set(record.sourcedId, record);
    },
    remove,
  };
}
