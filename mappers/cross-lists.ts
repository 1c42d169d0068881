/** Class → what it shares with classes that one teacher gives at the same time as one. */
import type { Class } from "../connectors/oneroster/records.ts";

/**
 * The same text for classes of one school, course, term and set of periods; undefined where the SIS does not say the
 * course or the periods, for then nothing tells that they meet together. Who teaches them their enrollments say.
 */
export function crossListLikeness(
  { school, course, periods }: Pick<Class, "school" | "course" | "periods">,
  termId: string,
): string | undefined {
  if (course === undefined || periods.length === 0) return undefined;
  return JSON.stringify([school, course, termId, ...periods.toSorted()]);
}
