/** A request that was let in, and what is needed to answer it. */
import type { Answer } from "../../sis/answers.ts";
import type { CanvasQuirk } from "../quirks.ts";
import type { School } from "../school.ts";
import type { WorkState } from "../work/state.ts";

export interface ApiCall {
  /** Scheme, host and port. */
  origin: string;
  query: URLSearchParams;
  state: WorkState;
  /** Whether the account's SIS features are on. */
  sisExport: boolean;
  maxPageSize: number;
  quirks: ReadonlySet<CanvasQuirk>;
}

/** `ref` is what the path says in the place of the id. */
export type Endpoint = (call: ApiCall, ref: string) => Answer;

/** All values of a list parameter, written as Rails takes it: `name[]=…&name[]=…`, or `name=…` once. */
export function listed(query: URLSearchParams, name: string): string[] {
  const many = query.getAll(`${name}[]`);
  return many.length > 0 ? many : query.getAll(name);
}

/** Rails' idea of true. */
export function isTrue(query: URLSearchParams, name: string): boolean {
  return /^(true|1|on|yes|t)$/i.test(query.get(name) ?? "");
}

type Kind = "account" | "course" | "section" | "user";

/**
 * What an id of a path names: Canvas's own number, `sis_course_id:…` and the like, `self` for the root account.
 * Source: Canvas API, SIS IDs.
 */
export function find(school: School, kind: "account", ref: string): ReturnType<School["accounts"]["find"]>;
export function find(school: School, kind: "course", ref: string): ReturnType<School["courses"]["find"]>;
export function find(school: School, kind: "section", ref: string): ReturnType<School["sections"]["find"]>;
export function find(school: School, kind: "user", ref: string): ReturnType<School["users"]["find"]>;
export function find(school: School, kind: Kind, ref: string): unknown {
  const shelf = {
    account: school.accounts,
    course: school.courses,
    section: school.sections,
    user: school.users,
  }[kind];
  const prefix = `sis_${kind}_id:`;
  if (ref.startsWith(prefix)) return shelf.find(ref.slice(prefix.length));
  if (kind === "account" && (ref === "self" || ref === "default")) return shelf.find(1);
  return /^\d+$/.test(ref) ? shelf.find(Number(ref)) : undefined;
}
