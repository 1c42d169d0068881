/** Faults on order: what each makes of the right answer. */
import { type Answer, htmlAnswer, jsonAnswer } from "../sis/answers.ts";
import type { Manner } from "../sis/faults.ts";
import { rateLimited, serverError, tokenRefused } from "./answers.ts";
import type { CanvasFault } from "./options.ts";

export interface Spoilt {
  answer: Answer;
  manner: Manner;
  delayMs: number;
}

/** What goes out in place of the right answer, how, and how late. */
export function spoil(right: Answer, fault: CanvasFault | undefined): Spoilt {
  const whole = (answer: Answer): Spoilt => ({ answer, manner: "whole", delayMs: 0 });
  if (fault === undefined) return whole(right);
  if (typeof fault === "object") {
    return "delayMs" in fault ? { ...whole(right), delayMs: fault.delayMs } : whole(ordered(fault));
  }
  switch (fault) {
    case "expired-token":
      return whole(tokenRefused("Expired"));
    case "revoked-token":
      return whole(tokenRefused("Revoked"));
    case "rate-limit-403":
      return whole(rateLimited(403));
    case "rate-limit-429":
      return whole(rateLimited(429));
    case "unavailable":
      return whole(htmlAnswer(503, "Service Temporarily Unavailable"));
    case "server-error":
      return whole(serverError());
    case "html":
      return whole(htmlAnswer(200, "Log in to Canvas"));
    case "cut-json":
      return whole({ ...right, body: right.body.subarray(0, Math.floor(right.body.length / 2)) });
    case "no-list":
      return whole(jsonAnswer(200, { message: "ok" }, right.headers));
    case "repeat-link":
      return whole(turnedBack(right));
    case "reset":
    case "truncate":
    case "hang":
      return { answer: right, manner: fault, delayMs: 0 };
  }
}

function ordered({ status, body, headers, contentType }: Extract<CanvasFault, { status: number }>): Answer {
  return {
    status,
    headers: { "content-type": contentType ?? "application/json; charset=utf-8", ...headers },
    body: Buffer.from(body ?? JSON.stringify({ errors: [{ message: "as it was told to answer" }] })),
  };
}

/** The address of the page itself in the place of the next one's. */
function turnedBack(right: Answer): Answer {
  const link = String(right.headers["link"] ?? "");
  const current = /<([^>]*)>; rel="current"/.exec(link)?.[1] ?? "";
  const others = link.split(",").filter((each) => !each.endsWith('rel="next"'));
  return {
    ...right,
    headers: { ...right.headers, link: [...others, `<${current}>; rel="next"`].join(",") },
  };
}
