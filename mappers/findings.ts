/** What mappers say beside rows: why a record is left out, and what a person should know of one that is not. */
import type { Reject } from "../connectors/oneroster/records.ts";

/** A row that is sent although something about its record is odd; counted by field and reason. */
export interface Note {
  field: string;
  reason: string;
}

export const NO_NOTES: readonly Note[] = [];

const VALUE_SHOWN = 100;

/** A record left out. The value is shortened, and made safe to write: well-formed, without NUL. */
export function rejected(
  sourcedId: string,
  field: string,
  value: string,
  reason: string,
): { reject: Reject; row?: undefined } {
  const shown = value.slice(0, VALUE_SHOWN).toWellFormed().replaceAll("\0", "\\0");
  return { reject: { sourcedId, field, value: shown, reason } };
}

/**
 * NUL never reaches Canvas: users.csv rows with one are refused, and in the other files it ends the whole
 * segment of the import in a database error. Source: Canvas SIS importer.
 */
export function hasNul(value: string): boolean {
  return value.includes("\0");
}

export const NUL_REASON = "contains a NUL character, which Canvas cannot store";
