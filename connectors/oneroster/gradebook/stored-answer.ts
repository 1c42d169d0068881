/**
 * What a SIS that has taken a record says of it: nothing at all, the record, the ids that it gave (OneRoster 1.2's
 * sourcedIdPairs, which some send as one object), or, with a good status, that it has not taken it.
 */
import { wordsOfStatus } from "../error-words.ts";
import type { Answer } from "../http.ts";
import { idText } from "../loose-values.ts";
import { SETS } from "./addresses.ts";
import { isMembers, type Members, type RecordKind } from "./records.ts";

/** Undefined for no body, and for one that is not JSON: then only the status counts. */
export function jsonOf(body: ArrayBuffer): unknown {
  if (body.byteLength === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** The words with which a body of a good status says that nothing was stored; undefined when it says no such thing. */
export function failureWords(json: unknown, scrub?: (text: string) => string): string | undefined {
  if (!isMembers(json)) return undefined;
  const isRefusal = statusesOf(json).some(saysFailure) || (!holdsRecord(json) && hasError(json));
  return isRefusal ? (wordsOfStatus(json, scrub) ?? "failure") : undefined;
}

function statusesOf(json: Members): Members[] {
  const set = json.statusInfoSet ?? json.imsx_statusInfoSet ?? json.imsx_StatusInfo ?? json.imsx_statusInfo;
  return [set ?? json].flat().filter(isMembers);
}

function saysFailure({ imsx_codeMajor: major, imsx_severity: severity }: Members): boolean {
  return wordOf(major) === "failure" || wordOf(major) === "unsupported" || wordOf(severity) === "error";
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}

function hasError({ error }: Members): boolean {
  return isMembers(error) || (typeof error === "string" && error.trim() !== "");
}

function holdsRecord(json: Members): boolean {
  return ["sourcedId", "lineItem", "result"].some((name) => json[name] != null);
}

/** The sourcedId under which the SIS has stored one record, wherever it says so; null when it does not. */
export function allocatedId(kind: RecordKind, json: unknown, header: Answer["header"]): string | null {
  const [pair] = isMembers(json) ? pairsOf(json) : [];
  return pair?.allocated ?? recordId(kind, json) ?? idInLocation(kind, header("location")) ?? null;
}

/** What the SIS calls each record of a set, by the sourcedId that was supplied. */
export function allocatedIds(
  kind: RecordKind,
  json: unknown,
  supplied: readonly string[],
): Map<string, string> {
  const ids = new Map<string, string>();
  if (!isMembers(json)) return ids;
  const wanted = new Set(supplied);
  for (const pair of pairsOf(json)) {
    if (wanted.has(pair.supplied)) ids.set(pair.supplied, pair.allocated);
  }
  // Instead of pairs, some give back what they have stored, under our ids.
  const echoed = json[SETS[kind]];
  for (const record of Array.isArray(echoed) ? (echoed as unknown[]) : []) {
    const id = isMembers(record) ? idText(record.sourcedId) : undefined;
    if (id !== undefined && wanted.has(id) && !ids.has(id)) ids.set(id, id);
  }
  return ids;
}

function pairsOf(json: Members): { supplied: string; allocated: string }[] {
  const given = json.sourcedIdPairs ?? json.sourcedIdPair;
  return [given].flat().flatMap((pair) => {
    if (!isMembers(pair)) return [];
    const allocated = idText(pair.allocatedSourcedId);
    return allocated === undefined ? [] : [{ supplied: idText(pair.suppliedSourcedId) ?? "", allocated }];
  });
}

function recordId(kind: RecordKind, json: unknown): string | undefined {
  if (!isMembers(json)) return undefined;
  const set: unknown = json[SETS[kind]];
  const only: unknown = Array.isArray(set) && set.length === 1 ? set[0] : undefined;
  for (const holder of [json[kind], only, json]) {
    const id = isMembers(holder) ? idText(holder.sourcedId) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The last part of the address, where it stands under the records' own collection. */
function idInLocation(kind: RecordKind, location: string | undefined): string | undefined {
  const path = location === undefined ? undefined : URL.parse(location, "http://sis.invalid")?.pathname;
  const [, collection, id] = /\/([^/]+)\/([^/]+)\/?$/.exec(path ?? "") ?? [];
  if (collection !== SETS[kind] || id === undefined) return undefined;
  try {
    return idText(decodeURIComponent(id));
  } catch {
    return undefined;
  }
}
