/** Something about a roster that Canvas, or the people in it, would stumble over. */
import type { RecordType } from "../../../connectors/oneroster/records.ts";
import { casesOf, caseWords } from "../../../connectors/oneroster/probe/cases.ts";

export interface Doubt {
  /** What it is about. */
  name: RecordType;
  message: string;
  /** Empty for what is no fault. */
  hint: string;
  /** sourcedIds. */
  examples: string[];
}

/**
 * None where no record shows it.
 * @param hint what to do; empty for what is no fault
 */
export function doubt(
  name: RecordType,
  what: string,
  records: readonly { sourcedId: string }[],
  of: number,
  hint: string,
): Doubt[] {
  if (records.length === 0) return [];
  const cases = casesOf(records.map(({ sourcedId }) => sourcedId));
  return [{ name, message: `${what}: ${caseWords(cases, of)}`, hint, examples: cases.examples }];
}
