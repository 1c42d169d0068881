/** Reads single fields of a record and notes what was wrong with them, or read leniently. */
import { readDay } from "./days.ts";
import { flag, idText, refText } from "./loose-values.ts";

interface Note {
  field: string;
  reason: string;
}

/** What reading one record has turned up so far; its first fault is the reason why it is rejected. */
export interface FieldNotes {
  fault: Note | undefined;
  leniences: Note[] | undefined;
}

export function refuse(notes: FieldNotes, field: string, reason: string): void {
  notes.fault ??= { field, reason };
}

export function noteLenience(notes: FieldNotes, field: string, reason: string): void {
  notes.leniences ??= [];
  notes.leniences.push({ field, reason });
}

export function id(value: unknown, field: string, notes: FieldNotes): string {
  const text = refText(value);
  if (text !== undefined) return text;
  refuse(notes, field, typeof value === "number" ? "is a number too long to be read exactly" : "is empty");
  return "";
}

/** Text that the mapping can do without. */
export function optionalText(value: unknown, field: string, notes: FieldNotes): string | undefined {
  if (value == null) return undefined;
  const text = idText(value);
  if (text === undefined && typeof value !== "string") noteLenience(notes, field, "not text; left out");
  return text;
}

/**
 * Whether the record is gone. 1.0's `inactive` means `tobedeleted` (OneRoster 1.1 §4.1); a status that is
 * missing means a record that is there, but one that we do not know could mean either.
 */
export function isGone(value: string | null | undefined, notes: FieldNotes): boolean {
  if (value === "active") return false;
  const word = (value ?? "").trim().toLowerCase();
  if (word === "") noteLenience(notes, "status", "missing; taken as active");
  else if (word === "tobedeleted" || word === "inactive") return true;
  else if (word !== "active") refuse(notes, "status", "is neither active nor tobedeleted");
  return false;
}

/** enabledUser: missing means enabled; what cannot be read is refused, for it decides who may log in. */
export function isEnabled(value: unknown, notes: FieldNotes): boolean {
  if (value == null || value === "") return true;
  const enabled = flag(value);
  if (enabled === undefined) refuse(notes, "enabledUser", "is neither true nor false");
  return enabled ?? false;
}

export function optionalDay(
  value: string | null | undefined,
  field: string,
  notes: FieldNotes,
): string | undefined {
  const text = value?.trim() ?? "";
  if (text === "") return undefined;
  const { day, lenience, fault } = readDay(text);
  if (fault !== undefined) refuse(notes, field, fault);
  if (lenience !== undefined) noteLenience(notes, field, lenience);
  return day;
}

export function requiredDay(value: string, field: string, notes: FieldNotes): string {
  const day = optionalDay(value, field, notes);
  if (day === undefined) refuse(notes, field, "is empty");
  return day ?? "";
}

/** Days in the form YYYY-MM-DD sort as text. */
export function checkOrder(begin: string | undefined, end: string | undefined, notes: FieldNotes): void {
  if (begin !== undefined && end !== undefined && end < begin) {
    refuse(notes, "endDate", `lies before the begin (${begin})`);
  }
}
