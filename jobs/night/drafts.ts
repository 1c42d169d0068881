/**
 * Drafts: what became of each record of a big collection, one CSV line a record, whatever its fate. Which copy of a
 * record counts and what its references lead to is settled later, over all of them; until then nothing is dropped.
 * The columns are those of connectors/store/roster/tables.ts.
 */
import { appendFileSync, rmSync } from "node:fs";
import type { Reject } from "../../connectors/oneroster/records.ts";
import { csvLine } from "../../connectors/store/csv.ts";

/** The drafts of some records: those that became a row, and the rest. */
export interface Drafts {
  rows: string;
  rest: string;
}

/** The same as they are written, in UTF-8. */
export type PageDrafts = Record<keyof Drafts, Uint8Array>;

/** Longer than any value that Canvas takes, and short enough that one absurd value costs no memory. */
const LONGEST = 32_768;
const LONGEST_SHOWN = 200;

export function addRow(drafts: Drafts, sourcedId: string, modified: string, cells: readonly string[]): void {
  drafts.rows += csvLine([sourcedId, modified, ...cells].map((cell) => cell.slice(0, LONGEST)));
}

/**
 * malformed: could not be read · unmapped: read, and no row can be made of it, which matters if somebody needs it ·
 * unmapped-admin: the same of somebody who is to be an admin.
 */
export function addReject(
  drafts: Drafts,
  fate: "malformed" | "unmapped" | "unmapped-admin",
  reject: Reject,
  modified: string,
): void {
  drafts.rest += csvLine([
    idOf(reject.sourcedId),
    shown(modified),
    fate,
    reject.field,
    shown(reject.value),
    shown(reject.reason),
  ]);
}

/** gone: the SIS says so · left-out: sound and not wanted. */
export function addAbsent(
  drafts: Drafts,
  fate: "gone" | "left-out",
  sourcedId: string,
  modified: string,
  reason: string,
): void {
  drafts.rest += csvLine([idOf(sourcedId), shown(modified), fate, "", "", reason]);
}

/** Longer than any id that Canvas takes, in UTF-16. */
const LONGEST_ID = 512;

/** An id whole, as rows have it: by it a record is known for the one that was delivered or is referred to. */
export function idOf(sourcedId: string): string {
  return sourcedId.length > LONGEST_ID || sourcedId.includes("\0") ? shown(sourcedId) : sourcedId;
}

/** A value as rejects.csv shows it: on one line, not too long. */
export function shown(value: string): string {
  return value.replace(/[\p{Cc}\p{Cs}]+/gu, " ").slice(0, LONGEST_SHOWN);
}

/** Adds the drafts of a page to the files of its endpoint. */
export function appendDrafts(files: DraftPaths, { rows, rest }: PageDrafts): void {
  if (rows.length > 0) appendFileSync(files.rows, rows, { mode: 0o600 });
  if (rest.length > 0) appendFileSync(files.rest, rest, { mode: 0o600 });
}

export function removeDrafts(files: DraftPaths): void {
  rmSync(files.rows, { force: true });
  rmSync(files.rest, { force: true });
}

/** Where the drafts of an endpoint are kept. */
type DraftPaths = Record<keyof Drafts, string>;
