/** Where records depart from the standard, whether or not a night minds. Pure. */
import { idText, listOf } from "../loose-values.ts";
import type { OneRosterVersion } from "../spoken-version.ts";
import { type CaseBook, type Cases, openCaseBook } from "./cases.ts";
import { type RecordRules, rulesOf, type StandardRecord } from "./standard.ts";

type Members = Record<string, unknown>;
type Note = (what: string) => void;

/** What departs, in words, with how many records; the most frequent first. */
export function departuresOf(
  type: StandardRecord,
  version: OneRosterVersion,
  records: readonly unknown[],
): [what: string, cases: Cases][] {
  const rules = rulesOf(type, version);
  const book = openCaseBook();
  const seen = new Set<string>();
  for (const record of records) examine(record, rules, version, book, seen);
  return book.all();
}

function examine(
  record: unknown,
  rules: RecordRules,
  version: OneRosterVersion,
  book: CaseBook,
  seen: Set<string>,
): void {
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    book.note("is not a JSON object", undefined);
    return;
  }
  const members = record as Members;
  const noted = new Set<string>();
  // One record with several references that are odd in the same way is one case.
  const note: Note = (what) => {
    if (!noted.has(what)) book.note(what, members.sourcedId);
    noted.add(what);
  };
  const id = idText(members.sourcedId);
  if (id !== undefined && seen.has(id)) note("sourcedId comes more than once");
  if (id !== undefined) seen.add(id);
  idForm(members.sourcedId, note);

  for (const name of rules.required) if (isMissing(members[name])) note(`${name} is missing or empty`);
  for (const [name, words] of Object.entries(rules.words)) wordForm(name, members[name], words, note);
  for (const name of rules.days) dayForm(name, members[name], note);
  for (const name of rules.refs) refForm(name, members[name], note);
  for (const name of rules.lists) listForm(name, members[name], note);
  for (const name of rules.flags) flagForm(name, members[name], version, note);
  const { metadata } = members;
  if (metadata != null && (typeof metadata !== "object" || Array.isArray(metadata)))
    note("metadata is not an object");
}

function isMissing(value: unknown): boolean {
  if (value == null) return true;
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) && listOf(value).length === 0;
}

function idForm(value: unknown, note: Note): void {
  if (typeof value === "number") note("an id is a number, not text");
  if (typeof value === "string" && value !== value.trim()) note("an id has spaces around it");
}

function wordForm(name: string, value: unknown, words: readonly string[], note: Note): void {
  if (isMissing(value)) return;
  if (typeof value !== "string") {
    note(`${name} is not text`);
    return;
  }
  if (words.includes(value) || value.startsWith("ext:")) return;
  const plain = value.trim().toLowerCase();
  if (name === "status" && plain === "inactive")
    note("status inactive is OneRoster 1.0's word for tobedeleted");
  else if (words.some((word) => word.toLowerCase() === plain))
    note(`${name} is in another case, or has spaces around it`);
  else note(`${name} is none of ${words.join(", ")}`);
}

function dayForm(name: string, value: unknown, note: Note): void {
  if (isMissing(value)) return;
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return;
  const hasTime = typeof value === "string" && /^\s*\d{4}-\d{2}-\d{2}[T ]/.test(value);
  note(hasTime ? `${name} has a time, where a day belongs` : `${name} is not a day as YYYY-MM-DD`);
}

function refForm(name: string, value: unknown, note: Note): void {
  if (value == null) return;
  const { sourcedId, href } = typeof value === "object" ? (value as Members) : {};
  if (isMissing(sourcedId)) {
    note(`${name} is no reference with a sourcedId`);
    return;
  }
  idForm(sourcedId, note);
  if (typeof href !== "string" || !/^https?:\/\//i.test(href)) note("an href is not an absolute address");
}

function listForm(name: string, value: unknown, note: Note): void {
  if (value == null || Array.isArray(value)) return;
  note(`${name} is not a list`);
}

/** JSON's own true and false in 1.1; in 1.2 the words "true" and "false". */
function flagForm(name: string, value: unknown, version: OneRosterVersion, note: Note): void {
  if (isMissing(value)) return;
  const fits = version === "1.2" ? value === "true" || value === "false" : typeof value === "boolean";
  if (!fits)
    note(
      version === "1.2"
        ? `${name} is not "true" or "false" as text`
        : `${name} is not true or false, but text or a number`,
    );
}

/**
 * `never sent: sms, phone; in some only: email (97 %)`, and in how many records one is null rather than left out; empty
 * where every record has all of them.
 */
export function optionalWords(
  type: StandardRecord,
  version: OneRosterVersion,
  records: readonly unknown[],
): string {
  const shares = rulesOf(type, version).optional.map((name) => {
    const having = records.filter((record) => !isMissing((record as Members)[name])).length;
    return { name, share: having / records.length };
  });
  const { optional } = rulesOf(type, version);
  const nulls = records.filter((record) =>
    optional.some((name) => (record as Members)[name] === null),
  ).length;
  const never = shares.filter(({ share }) => share === 0).map(({ name }) => name);
  const some = shares
    .filter(({ share }) => share > 0 && share < 1)
    .map(({ name, share }) => `${name} (${share < 0.01 ? "<1" : Math.floor(share * 100)} %)`);
  return [
    ...(never.length > 0 ? [`never sent: ${never.join(", ")}`] : []),
    ...(some.length > 0 ? [`in some only: ${some.join(", ")}`] : []),
    ...(nulls > 0 ? [`null instead of left out: ${nulls.toLocaleString("en")}`] : []),
  ].join("; ");
}
