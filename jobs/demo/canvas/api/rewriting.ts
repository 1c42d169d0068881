/** The same answer with other ids or other dates. */
import type { Answer } from "../../sis/answers.ts";

/** Ids as text, for a client that accepts `application/json+canvas-string-ids`. Source: Canvas API docs. */
export function withStringIds(answer: Answer): Answer {
  return rewritten(answer, (key, value) => {
    if (typeof value === "number" && /^(?:id|.*_id)$/.test(key)) return String(value);
    return value;
  });
}

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z$/;
const OFFSET_HOURS = 7;

/** The same instants as a zone seven hours west of Greenwich has them. */
export function withZonedDates(answer: Answer): Answer {
  return rewritten(answer, (_, value) => {
    if (typeof value !== "string" || !INSTANT.test(value)) return value;
    const local = new Date(Date.parse(value) - OFFSET_HOURS * 3_600_000).toISOString();
    return `${local.slice(0, 19)}-0${OFFSET_HOURS}:00`;
  });
}

function rewritten(answer: Answer, change: (key: string, value: unknown) => unknown): Answer {
  const json: unknown = JSON.parse(answer.body.toString("utf8"));
  return { ...answer, body: Buffer.from(JSON.stringify(json, change)) };
}
