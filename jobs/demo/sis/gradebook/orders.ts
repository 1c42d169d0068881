/** Refusals on order: which record gets one. */
import type { Objection } from "./error-shapes.ts";
import type { RefusalRule } from "./options.ts";
import type { RecordKind, SentRecord } from "./records.ts";

export interface Orders {
  /** Gives a function that lifts the rule. */
  add(rule: RefusalRule): () => void;
  /** The refusal that this record gets, if any; counts it. */
  take(kind: RecordKind, body: SentRecord): Objection | undefined;
}

const CODES: Record<number, Objection["code"]> = {
  401: "unauthorisedrequest",
  403: "unauthorisedrequest",
  404: "unknownobject",
};

export function listOrders(): Orders {
  const rules = new Set<RefusalRule & { left: number }>();
  return {
    add(rule) {
      const listed = { ...rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.add(listed);
      return () => {
        rules.delete(listed);
      };
    },
    take(kind, body) {
      for (const rule of rules) {
        if (rule.left <= 0 || (rule.kind ?? kind) !== kind || rule.match?.(body) === false) continue;
        rule.left--;
        const { status, words, shape } = rule;
        return { status, code: CODES[status] ?? "invaliddata", words, shape };
      }
      return undefined;
    },
  };
}
