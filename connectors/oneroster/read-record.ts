/**
 * A record as the SIS sent it, checked and made plain: the record, or a reject with field, value and reason.
 * Lenient about form, strict about what decides who gets into which class: status, role, dates, enabledUser.
 */
import type { FieldNotes } from "./field-notes.ts";
import { idText } from "./loose-values.ts";
import { BUILDERS } from "./record-builders.ts";
import { shapeOf } from "./record-shapes.ts";
import type { ReadResult, RecordType, Reject } from "./records.ts";

const LONGEST_VALUE = 80;

/** Never throws: whatever a SIS may send, the answer is a record or a reject. */
export function readRecord<T extends RecordType>(type: T, raw: unknown): ReadResult<T> {
  const { shape, fault } = shapeOf(type, raw);
  if (fault !== undefined) return { reject: rejectOf(raw, fault.field, fault.reason) };

  const notes: FieldNotes = { fault: undefined, leniences: undefined };
  const record = BUILDERS[type](shape, notes);
  const leniences = notes.leniences?.map((note) => ({ ...note, sourcedId: record.sourcedId }));
  const result =
    notes.fault === undefined ? { record } : { reject: rejectOf(raw, notes.fault.field, notes.fault.reason) };
  return leniences === undefined ? result : { ...result, leniences };
}

function rejectOf(raw: unknown, field: string, reason: string): Reject {
  const members = typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : {};
  return { sourcedId: idText(members.sourcedId) ?? "", field, value: shown(members[field]), reason };
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
