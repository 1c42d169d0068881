/** Whether a result is to be sent, and which one of the SIS it is. Pure. */
import type { SisResult } from "../../connectors/oneroster/gradebook.ts";
import type { LedgerResult } from "../../connectors/store/ledger.ts";

export type ResultDecision =
  | { kind: "unchanged" }
  /** `look`: the SIS may have one that we do not know. */
  | { kind: "put"; sourcedId: string | null; look: boolean };

/** @param isNewLineItem the SIS cannot have a result for it */
export function decideResult(
  entry: LedgerResult | undefined,
  digest: string,
  { remaster, isNewLineItem }: { remaster: boolean; isNewLineItem: boolean },
): ResultDecision {
  const isKnown = entry?.sourcedId != null && entry.confirmed !== null && entry.intended === null;
  const isConfirmed = entry?.confirmed === digest && entry.intended === null;
  if (isConfirmed && !remaster && !isNewLineItem) return { kind: "unchanged" };
  return { kind: "put", sourcedId: entry?.sourcedId ?? null, look: !isNewLineItem && (!isKnown || remaster) };
}

export type FoundResult = { kind: "found"; result: SisResult } | { kind: "absent" } | { kind: "ambiguous" };

export type ResultIndex = ReadonlyMap<string, readonly SisResult[]>;

export function indexResults(existing: readonly SisResult[]): ResultIndex {
  return Map.groupBy(existing, ({ lineItem, student }) => keyOf(lineItem, student));
}

/** By line item and student; of several, the one that is known to be ours. */
export function findResult(
  index: ResultIndex,
  lineItem: string,
  student: string,
  sourcedId: string | null,
): FoundResult {
  const fitting = index.get(keyOf(lineItem, student)) ?? [];
  const ours = fitting.find((result) => result.sourcedId === sourcedId);
  const [first, ...more] = ours === undefined ? fitting : [ours];
  if (first === undefined) return { kind: "absent" };
  return more.length === 0 ? { kind: "found", result: first } : { kind: "ambiguous" };
}

function keyOf(lineItem: string, student: string): string {
  return JSON.stringify([lineItem, student]);
}
