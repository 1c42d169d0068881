/** What was read or sent otherwise than the SIS said it: counted, with the first few sourcedIds as examples. */
import type { WarningEntry } from "../run/manifest.ts";

export type Notes = Map<string, WarningEntry>;

const EXAMPLES = 5;

export function note(notes: Notes, type: string, field: string, reason: string, sourcedId: string): void {
  const key = `${type} ${field} ${reason}`;
  const entry = notes.get(key);
  if (entry === undefined) {
    notes.set(key, { type, field, reason, count: 1, examples: [sourcedId] });
  } else {
    entry.count++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(sourcedId);
  }
}

/** Adds the notes of one page to those of the night. */
export function addNotes(all: Notes, some: Notes): void {
  for (const [key, { type, field, reason, count, examples }] of some) {
    const entry = all.get(key);
    if (entry === undefined) {
      all.set(key, { type, field, reason, count, examples: [...examples] });
    } else {
      entry.count += count;
      entry.examples.push(...examples.slice(0, EXAMPLES - entry.examples.length));
    }
  }
}

/** In an order that does not depend on which page came first; examples neither. */
export function sortedNotes(notes: Notes): WarningEntry[] {
  return [...notes.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, entry]) => ({ ...entry, examples: entry.examples.toSorted() }));
}
