/** What the SIS holds of a record of a set that it has refused, and may have stored in part. Pure. */
import type { Body } from "../../mappers/gradebook-body.ts";
import { AMBIGUOUS_RESULT, ambiguousLineItem } from "./class-refusals.ts";
import type { Found } from "./line-item-decisions.ts";
import type { LineItemStep, ResultStep } from "./plan.ts";
import { type FoundResult, mustGiveWay } from "./result-decisions.ts";
import type { Why } from "./rows.ts";
import { holds } from "./same.ts";

export type Held =
  | { kind: "absent" }
  /** `isSame`: and there is nothing to change about it. */
  | { kind: "found"; sourcedId: string; isSame: boolean }
  /** It may be there. */
  | { kind: "unclear"; words: string };

export function heldLineItem(found: Found, step: LineItemStep, timezone: string): Held {
  if (found.kind === "absent") return found;
  if (found.kind === "ambiguous") return unclear(ambiguousLineItem(step, found, timezone));
  const { sourcedId, body } = found.item;
  return { kind: "found", sourcedId, isSame: holds(body, step.body, timezone) };
}

/** @param body as it was sent, with its line item */
export function heldResult(found: FoundResult, step: ResultStep, body: Body, timezone: string): Held {
  if (found.kind === "absent") return found;
  if (found.kind === "ambiguous") return unclear(AMBIGUOUS_RESULT);
  const { result } = found;
  const isSame = mustGiveWay(step, result) || holds(result.body, body, timezone);
  return { kind: "found", sourcedId: result.sourcedId, isSame };
}

export function unclear({ reason, sisMessage = "" }: Why): Held {
  return { kind: "unclear", words: sisMessage === "" ? reason : `${reason}: ${sisMessage}` };
}
