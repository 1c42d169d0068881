/** The same answer with other ids or other dates. */
import type { Answer } from "../../sis/answers.ts";

/** No text value can look like this: the quotes in it are escaped. */
const NUMERIC_ID = /"((?:\w+_)?id)":(\d+)/g;

/** Ids as text, for a client that accepts `application/json+canvas-string-ids`. Source: Canvas API docs. */
export function withStringIds(answer: Answer): Answer {
  return { ...answer, body: Buffer.from(answer.body.toString("utf8").replaceAll(NUMERIC_ID, '"$1":"$2"')) };
}

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z$/;
const OFFSET_HOURS = 7;

/** The same instants as a zone seven hours west of Greenwich has them. */
export function withZonedDates(answer: Answer): Answer {
  const json: unknown = JSON.parse(answer.body.toString("utf8"), (_, value: unknown) => {
    if (typeof value !== "string" || !INSTANT.test(value)) return value;
    const local = new Date(Date.parse(value) - OFFSET_HOURS * 3_600_000).toISOString();
    return `${local.slice(0, 19)}-0${OFFSET_HOURS}:00`;
  });
  return { ...answer, body: Buffer.from(JSON.stringify(json)) };
}
