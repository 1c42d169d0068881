/** Where records depart from the standard, whether or not a night minds. Pure. */
import { createIdSet, hashIds } from "../id-set.ts";
import { idText, listOf } from "../loose-values.ts";
import { type Cases, openCaseBook } from "./cases.ts";
import type { RecordRules } from "./standard.ts";

type Members = Record<string, unknown>;
type Note = (what: string) => void;

/** What departs, in words, with how many records; the most frequent first. */
export type Departures = [what: string, cases: Cases][];

export function departuresOf(rules: RecordRules, records: readonly unknown[]): Departures {
  const book = openDepartures(rules);
  for (const record of records) book.add(record);
  return book.all();
}

export interface DepartureBook {
  add: (record: unknown) => void;
  all: () => Departures;
}

/** For more records than are kept: each is looked at and forgotten, but for its id. */
export function openDepartures(rules: RecordRules): DepartureBook {
  const book = openCaseBook();
  const seen = createIdSet();
  return {
    add(record) {
      if (typeof record !== "object" || record === null || Array.isArray(record)) {
        book.note("is not a JSON object", undefined);
        return;
      }
      const members = record as Members;
      const id = idText(members.sourcedId);
      const isRepeated = id !== undefined && seen.add(hashIds([id])) === 0;
      const noted = new Set<string>();
      // One record with several references that are odd in the same way is one case.
      const note: Note = (what) => {
        if (!noted.has(what)) book.note(what, members.sourcedId);
        noted.add(what);
      };
      if (isRepeated) note("sourcedId comes more than once");
      examine(members, rules, note);
    },
    all: book.all,
  };
}

function examine(members: Members, rules: RecordRules, note: Note): void {
  idForm(members.sourcedId, note);

  for (const name of rules.required)
    if (isMissing(members[name])) note(`${rules.nameOf(name)} is missing or empty`);
  for (const [name, words] of Object.entries(rules.words)) wordForm(name, members[name], words, note);
  for (const name of rules.days) dayForm(name, members[name], note);
  for (const name of rules.refs) refForm(name, members[name], rules, note);
  for (const name of rules.lists) listForm(name, members[name], note);
  for (const name of rules.flags) flagForm(name, members[name], rules, note);
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

function refForm(name: string, value: unknown, { hasHrefs }: RecordRules, note: Note): void {
  if (value == null) return;
  const { sourcedId, href } = typeof value === "object" ? (value as Members) : {};
  if (isMissing(sourcedId)) {
    note(`${name} is no reference with a sourcedId`);
    return;
  }
  idForm(sourcedId, note);
  if (hasHrefs && (typeof href !== "string" || !/^https?:\/\//i.test(href)))
    note("an href is not an absolute address");
}

function listForm(name: string, value: unknown, note: Note): void {
  if (value == null || Array.isArray(value)) return;
  note(`${name} is not a list`);
}

function flagForm(name: string, value: unknown, { booleans }: RecordRules, note: Note): void {
  if (isMissing(value)) return;
  if (booleans === "text" && value !== "true" && value !== "false")
    note(`${name} is not "true" or "false" as text`);
  if (booleans === "real" && typeof value !== "boolean")
    note(`${name} is not true or false, but text or a number`);
}

export function optionalWords(rules: RecordRules, records: readonly unknown[]): string {
  const shares = openOptionals(rules);
  for (const record of records) shares.add(record);
  return shares.words();
}

export interface OptionalsBook {
  add: (record: unknown) => void;
  /**
   * `never sent: sms, phone; in some only: email (97 %)`, and in how many records one is null rather than left out; empty
   * where every record has all of them.
   */
  words: () => string;
}

/** For more records than are kept. */
export function openOptionals({ optional, nameOf }: RecordRules): OptionalsBook {
  const having = new Map(optional.map((member) => [member, 0]));
  let [all, nulls] = [0, 0];
  return {
    add(record) {
      const members = record as Members;
      all++;
      if (optional.some((member) => members[member] === null)) nulls++;
      for (const [member, count] of having) if (!isMissing(members[member])) having.set(member, count + 1);
    },
    words() {
      const shares = [...having].map(([member, count]) => ({ name: nameOf(member), share: count / all }));
      const never = shares.filter(({ share }) => share === 0).map(({ name }) => name);
      const some = shares
        .filter(({ share }) => share > 0 && share < 1)
        .map(({ name, share }) => `${name} (${share < 0.01 ? "<1" : Math.floor(share * 100)} %)`);
      return [
        ...(never.length > 0 ? [`never sent: ${never.join(", ")}`] : []),
        ...(some.length > 0 ? [`in some only: ${some.join(", ")}`] : []),
        ...(nulls > 0 ? [`null instead of left out: ${nulls.toLocaleString("en")}`] : []),
      ].join("; ");
    },
  };
}
