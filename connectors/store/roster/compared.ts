/** Tonight against the last delivered night, in numbers: what the guards judge and `plan` shows. */
import type { CoreFile, ExtraFile, RosterFile } from "./settle.ts";

export interface FileChange {
  /** Rows that the SIS has tonight, or that stay because their record was rejected. */
  rows: number;
  added: number;
  changed: number;
  /** Of users, those of the changed ones whose own record suspends them; absent: none. */
  suspended?: number;
  /** There last night, gone tonight. */
  removed: number;
  unchanged: number;
}

/** One file's rows of one school (sub-account); users count in every school where they were enrolled. */
export interface SchoolChange {
  account_id: string;
  /** Name of the account; blank for the root. */
  name: string;
  file: RosterFile;
  /** Rows there last night. */
  last: number;
  added: number;
  changed: number;
  /** Of users, those of the changed ones whose own record suspends them; absent: none. */
  suspended?: number;
  removed: number;
}

/** How many rows of a school have another value in a column: a term that moved, courses that did. */
export interface MovedColumn {
  account_id: string;
  name: string;
  file: RosterFile;
  column: string;
  /** Rows there both nights. */
  both: number;
  changed: number;
}

/** What dates do today that those of the last delivered night would not have done. */
export type Direction = "closed" | "opened";

export interface MovedTerm {
  term_id: string;
  name: string;
  direction: Direction;
  before: Span;
  after: Span;
}

/** First and last instant; blank is open. */
export interface Span {
  start: string;
  end: string;
}

/** Rows of one school, there both nights, that close or open as dates moved. */
export interface CrossedRows {
  account_id: string;
  name: string;
  file: "courses" | "sections" | "enrollments";
  /** Whose dates: Canvas heeds those of an enrollment before those of a section, and these before the term's. */
  by: "terms" | "sections" | "enrollments";
  /** The term, where its dates count; else blank. */
  term_id: string;
  direction: Direction;
  rows: number;
  /** Rows of that file there last night. */
  last: number;
}

export interface DateMoves {
  terms: MovedTerm[];
  rows: CrossedRows[];
}

/** Rows removed under one key and added under another with the same names: ids that were given anew. */
export interface Renamed {
  file: CoreFile;
  pairs: number;
  examples: { before: string; after: string }[];
}

export interface Compared {
  /** The night that it is compared with; undefined before the first delivery. */
  baseline: { run: string; deliveredAt: string } | undefined;
  files: Record<CoreFile, FileChange> & Partial<Record<ExtraFile, FileChange>>;
  /** Only schools in which something differs, the most removed first. */
  schools: SchoolChange[];
  moved: MovedColumn[];
  /** Dates that moved across the day of the run. */
  dates: DateMoves;
  renamed: Renamed[];
}
