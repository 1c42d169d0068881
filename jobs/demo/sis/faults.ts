/** Faults on order: what each makes of the right answer. */
import { type Answer, htmlAnswer, jsonAnswer, refusal } from "./answers.ts";
import type { Fault, FaultRule } from "./options.ts";

/** How the bytes of an answer go out. */
export type Manner = "whole" | "reset" | "truncate" | "truncate-chunked" | "hang";

/**
 * Whether a request is carried out under a rule. A SIS that answers a write with an error has not stored anything;
 * when the connection broke, it may have.
 */
export function takesEffect(rule: FaultRule | undefined, isWrite: boolean): boolean {
  if (rule === undefined || !isWrite) return true;
  return rule.stored ?? typeof rule.answer === "string";
}

/** The answer that goes out in place of the right one, and how. */
export function spoil(right: Answer, fault: Fault | undefined): { answer: Answer; manner: Manner } {
  if (fault === undefined || fault === "repeat-page") return { answer: right, manner: "whole" };
  if (fault === "html") return { answer: htmlAnswer(200, "Please sign in"), manner: "whole" };
  if (fault === "no-envelope")
    return { answer: jsonAnswer(200, { message: "ok" }, right.headers), manner: "whole" };
  if (fault === "cut-json") {
    const half = right.body.subarray(0, Math.floor(right.body.length / 2));
    return { answer: { ...right, body: half }, manner: "whole" };
  }
  if (typeof fault === "string") return { answer: right, manner: fault };
  if ("total" in fault) {
    return {
      answer: { ...right, headers: { ...right.headers, "x-total-count": String(fault.total) } },
      manner: "whole",
    };
  }
  return { answer: ordered(fault), manner: "whole" };
}

function ordered({ status, body, headers, contentType }: Extract<Fault, { status: number }>): Answer {
  if (body === undefined)
    return refusal(status, "targetreadfailure", "as it was told to answer", { ...headers });
  return {
    status,
    headers: { "content-type": contentType ?? "application/json", ...headers },
    body: Buffer.from(body),
  };
}
