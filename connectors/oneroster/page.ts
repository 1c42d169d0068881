/** One page of a collection, read without believing anything of it. Pure: worker threads call it. */
import { markupWords, saysFailure, wordsOfStatus } from "./error-words.ts";
import { hashIds } from "./id-set.ts";
import { idText } from "./loose-values.ts";
import type { PageProblem } from "./sink.ts";
import { type OneRosterVersion, versionOfUsers } from "./spoken-version.ts";

export type PageRead =
  | {
      /** As sent; null members are left out. */
      records: unknown[];
      /** Members of the array, null ones too. */
      received: number;
      /** hashIds of the records that have a sourcedId. */
      ids: Uint32Array<ArrayBuffer>;
      /** The version of OneRoster that users, where these are users, are written in. */
      speaks?: OneRosterVersion;
      problem?: undefined;
    }
  | {
      records?: undefined;
      received: 0;
      ids: Uint32Array<ArrayBuffer>;
      speaks?: undefined;
      problem: PageProblem;
    };

/**
 * What a collection's array may be called: its own name, or the key that OneRoster gives its kind.
 * Providers differ on students, teachers, schools, terms and gradingPeriods.
 */
const SPEC_KEYS: Record<string, string> = {
  students: "users",
  teachers: "users",
  schools: "orgs",
  terms: "academicSessions",
  gradingPeriods: "academicSessions",
};

/**
 * @param body JSON text in UTF-8
 * @param endpoint path under the OneRoster root: `users`, `schools/S1/classes` (its last part names the envelope)
 */
export function readPage(body: Uint8Array, endpoint: string): PageRead {
  const text = new TextDecoder().decode(body);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return nothing(whyNotJson(text));
  }

  const name = endpoint.slice(endpoint.lastIndexOf("/") + 1);
  const members = envelope(json, name);
  if (members === undefined) return nothing(noEnvelope(json, name));
  if (saysFailure(json as object)) return nothing(refusal(json as object));

  const records = members.filter((member) => member != null);
  const ids: string[] = [];
  for (const record of records) {
    const id = idText((record as { sourcedId?: unknown }).sourcedId);
    if (id !== undefined) ids.push(id);
  }
  const speaks = (SPEC_KEYS[name] ?? name) === "users" ? versionOfUsers(records) : undefined;
  const said = { records, received: members.length, ids: hashIds(ids) };
  return speaks === undefined ? said : { ...said, speaks };
}

function envelope(json: unknown, name: string): unknown[] | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  for (const key of [name, SPEC_KEYS[name]]) {
    const found = key === undefined ? undefined : (json as Record<string, unknown>)[key];
    if (Array.isArray(found)) return found as unknown[];
  }
  return undefined;
}

function nothing(problem: PageProblem): PageRead {
  return { received: 0, ids: new Uint32Array(0), problem };
}

function whyNotJson(text: string): PageProblem {
  const start = text.trimStart();
  if (start === "") return { kind: "truncated", detail: "an empty body" };
  if (start.startsWith("<")) {
    const title = whole(markupWords(start));
    return {
      kind: "not-json",
      detail: `an HTML page instead of JSON${title === undefined ? "" : ` (“${title}”)`}`,
    };
  }
  if (/^[{[]/.test(start)) return { kind: "truncated", detail: "JSON that breaks off or is damaged" };
  return { kind: "not-json", detail: "text that is not JSON" };
}

/** What came with it is what the SIS had until it failed. */
function refusal(json: object): PageProblem {
  const words = whole(wordsOfStatus(json));
  return {
    kind: "says-failure",
    detail: `an answer that says it has failed${words === undefined ? "" : ` (${words})`}`,
  };
}

function noEnvelope(json: unknown, name: string): PageProblem {
  const wanted = `no "${name}" array`;
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { kind: "no-envelope", detail: `${wanted}: the JSON is not an object` };
  }
  const keys = Object.keys(json);
  const found = keys.length === 0 ? "an empty object" : `only ${keys.slice(0, 8).join(", ")}`;
  const words = whole(wordsOfStatus(json));
  return { kind: "no-envelope", detail: `${wanted}, ${found}${words === undefined ? "" : ` (${words})`}` };
}

/** Words that were cut are left out: this thread knows no secrets, and half of one could not be told any more. */
function whole(words: string | undefined): string | undefined {
  return words?.endsWith("…") === true ? undefined : words;
}
