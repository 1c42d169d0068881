/** What a SIS holds of its gradebook, and the ids that it gives out itself. */
import type { GradebookRecord, RawLineItem, RawResult, RecordKind } from "./records.ts";
import { openTable, type Table } from "./table.ts";

export interface Book {
  readonly lineItems: Table<RawLineItem>;
  readonly results: Table<RawResult>;
  table(kind: RecordKind): Table<GradebookRecord>;
  /** An id that no record has. */
  allocate(kind: RecordKind): string;
  /** Under which id a record is held that came under another. */
  renamed(kind: RecordKind, supplied: string): string | undefined;
  rename(kind: RecordKind, supplied: string, allocated: string): void;
  /** A line item takes its results along. */
  remove(kind: RecordKind, sourcedId: string): void;
}

const FIRST_ALLOCATED: Record<RecordKind, number> = { lineItem: 5_000_001, result: 9_000_001 };

export function openBook(): Book {
  const lineItems = openTable<RawLineItem>((lineItem) => lineItem.class.sourcedId);
  const results = openTable<RawResult>((result) => result.lineItem.sourcedId);
  const next = { ...FIRST_ALLOCATED };
  const names: Record<RecordKind, Map<string, string>> = { lineItem: new Map(), result: new Map() };

  function table(kind: RecordKind): Table<GradebookRecord> {
    return kind === "lineItem" ? lineItems : results;
  }

  return {
    lineItems,
    results,
    table,
    allocate(kind) {
      while (table(kind).records.has(String(next[kind]))) next[kind]++;
      return String(next[kind]++);
    },
    renamed: (kind, supplied) => names[kind].get(supplied),
    rename(kind, supplied, allocated) {
      names[kind].set(supplied, allocated);
    },
    remove(kind, sourcedId) {
      if (kind === "lineItem") for (const result of results.of(sourcedId)) results.remove(result.sourcedId);
      table(kind).remove(sourcedId);
    },
  };
}
