/** Whether a result is to be sent, and which one of the SIS it is. Pure. */
import type { SisResult } from "../../connectors/oneroster/gradebook.ts";
import type { LedgerResult } from "../../connectors/store/ledger.ts";
import type { UnscoredDigests } from "./class-mapping.ts";

export type ResultDecision =
  | { kind: "unchanged" }
  /** `look`: the SIS may have one that we do not know. */
  | { kind: "put"; sourcedId: string | null; look: boolean };

/** @param isNewLineItem the SIS cannot have a result for it */
export function decideResult(
  entry: LedgerResult | undefined,
  digest: string,
  remaster: boolean,
  isNewLineItem: boolean,
): ResultDecision {
  const sourcedId = entry?.sourcedId ?? null;
  if (isNewLineItem) return { kind: "put", sourcedId, look: false };
  const isSettled = entry !== undefined && entry.confirmed !== null && entry.intended === null;
  if (isSettled && entry.confirmed === digest && !remaster) return UNCHANGED;
  return { kind: "put", sourcedId, look: sourcedId === null || !isSettled || remaster };
}

const UNCHANGED = { kind: "unchanged" } as const;

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

/** Whether the ledger knows no other result of this work than that it is missing. */
export function isMissingAlone(entry: LedgerResult | undefined, digest: string): boolean {
  if (entry === undefined) return true;
  return [entry.confirmed, entry.intended].every((sent) => sent === null || sent === digest);
}

/** Which status without a score is all that the SIS was ever sent; undefined where it may have been a score. */
export function statusSent(
  entry: LedgerResult | undefined,
  unscored: () => UnscoredDigests,
): keyof UnscoredDigests | undefined {
  const sent = [entry?.confirmed, entry?.intended].filter((digest) => digest != null);
  if (sent.length === 0) return undefined;
  const { missing, excused } = unscored();
  if (!sent.every((digest) => digest === missing || digest === excused)) return undefined;
  return sent.includes(excused) ? "excused" : "missing";
}

/** Whether the SIS holds a score that a result must not overwrite. */
export function mustGiveWay({ givesWay }: { givesWay?: true }, { body }: SisResult): boolean {
  return givesWay === true && body["score"] != null && body["score"] !== "";
}
