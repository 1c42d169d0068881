/** One record of the gradebook by its sourcedId. */
import type { Client, Reading } from "../client.ts";
import type { Answer } from "../http.ts";
import { AnswerFailure, notOneRoster } from "../source-failures.ts";
import { isMembers, type Members, type RecordKind } from "./records.ts";
import { failureWords, jsonOf } from "./stored-answer.ts";

/**
 * The record as the SIS has it, out of its envelope or without one; undefined where the SIS answers 404.
 * @throws Failure source.…
 */
export async function readSingle(
  url: URL,
  kind: RecordKind,
  { client, signal }: { client: Client; signal: AbortSignal },
): Promise<Members | undefined> {
  const read = ({ body }: Answer): Promise<Reading<Members>> => Promise.resolve(readBody(body, url, kind));
  try {
    return await client.get(url, read, { signal });
  } catch (error) {
    if (error instanceof AnswerFailure && error.status === 404) return undefined;
    throw error;
  }
}

function readBody(body: ArrayBuffer, url: URL, kind: RecordKind): Reading<Members> {
  const json = jsonOf(body);
  if (json === undefined) return { trouble: { kind: "body", detail: "JSON that breaks off or is none" } };
  const record = isMembers(json) ? (json[kind] ?? json) : undefined;
  if (isMembers(record) && record.sourcedId != null) return { value: record };
  const words = failureWords(json);
  const said = words === undefined ? "" : ` (${words})`;
  throw notOneRoster({ method: "GET", url }, `no "${kind}" with a sourcedId${said}`);
}
