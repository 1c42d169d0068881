/** Entries of a ledger, with what a test does not care about filled in. */
import type { LedgerLineItem, LedgerResult } from "../../../../connectors/store/ledger.ts";

export function lineItem(changes: Partial<LedgerLineItem> = {}): LedgerLineItem {
  return {
    classId: "c1",
    assignmentId: "a1",
    sourcedId: "li1",
    confirmed: null,
    intended: null,
    title: "Essay",
    dueDate: "2026-10-01T23:59:00Z",
    category: null,
    ...changes,
  };
}

export function result(changes: Partial<LedgerResult> = {}): LedgerResult {
  return {
    classId: "c1",
    assignmentId: "a1",
    student: "s1",
    sourcedId: "r1",
    confirmed: null,
    intended: null,
    ...changes,
  };
}
