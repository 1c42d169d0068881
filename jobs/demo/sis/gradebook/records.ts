/** Gradebook objects as they travel. Source: OneRoster 1.1, section 4; the members of 1.2 where they are set. */
import type { GuidRef, RawRecord } from "../../district/raw-records.ts";

export type RecordKind = "lineItem" | "result";

export interface RawCategory extends RawRecord {
  title: string;
}

export interface RawLineItem extends RawRecord {
  title: string;
  description?: string | null;
  /** ISO 8601 date-times. */
  assignDate: string;
  dueDate: string;
  class: GuidRef;
  school?: GuidRef;
  category?: GuidRef | null;
  gradingPeriod?: GuidRef | null;
  resultValueMin: number;
  resultValueMax: number;
}

export interface RawResult extends RawRecord {
  lineItem: GuidRef;
  student: GuidRef;
  scoreStatus: string;
  score?: number | null;
  /** YYYY-MM-DD. */
  scoreDate?: string | null;
  comment?: string | null;
}

export type GradebookRecord = RawLineItem | RawResult;
/** A record as somebody sends it, before anybody has looked at it. */
export type SentRecord = Record<string, unknown>;
