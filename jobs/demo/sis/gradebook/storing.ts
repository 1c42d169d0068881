/** Whether a record may be stored, and storing it: or only saying so. */
import type { Objection } from "./error-shapes.ts";
import { type Ground, whyNoLineItem } from "./line-item-rules.ts";
import { whyMalformed } from "./members.ts";
import type { Orders } from "./orders.ts";
import type { GradebookRecord, RawLineItem, RawResult, RecordKind, SentRecord } from "./records.ts";
import { whyNoResult } from "./result-rules.ts";

/** What it keeps to itself while it answers as if all were well. */
export interface Silence {
  storesNothing: boolean;
  readonly losesResultsOf: Set<string>;
}

export interface Storing {
  /** @param sourcedId the record that it is to replace; undefined: a new one */
  whyRefused(kind: RecordKind, body: SentRecord, sourcedId: string | undefined): Objection | undefined;
  /** Gives the record as it is stored, or as if it were. */
  store(kind: RecordKind, body: SentRecord, sourcedId: string): GradebookRecord;
}

export function openStoring(ground: Ground, orders: Orders, silence: Silence): Storing {
  const { book, options, version } = ground;

  function whyRefused(
    kind: RecordKind,
    body: SentRecord,
    sourcedId: string | undefined,
  ): Objection | undefined {
    const objection = orders.take(kind, body) ?? whyMalformed(kind, body, version, options.requires?.[kind]);
    if (objection !== undefined) return objection;
    return kind === "lineItem"
      ? whyNoLineItem(body as unknown as RawLineItem, sourcedId, ground)
      : whyNoResult(body as unknown as RawResult, sourcedId, ground);
  }

  function store(kind: RecordKind, body: SentRecord, sourcedId: string): GradebookRecord {
    const record = {
      ...body,
      sourcedId,
      status: body["status"] ?? "active",
      dateLastModified: new Date().toISOString(),
    } as unknown as GradebookRecord;
    const table = book.table(kind);
    if (isLost(kind, record)) table.lose(record);
    else table.put(record);
    return record;
  }

  function isLost(kind: RecordKind, record: GradebookRecord): boolean {
    return (
      silence.storesNothing ||
      (kind === "result" && silence.losesResultsOf.has((record as RawResult).student.sourcedId))
    );
  }

  return { whyRefused, store };
}
