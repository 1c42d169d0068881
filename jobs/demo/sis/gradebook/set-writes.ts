/** POST of a set of new records: OneRoster 1.2, postLineItemsForClass and postResultsForLineItem. All or nothing, or one by one. */
import type { Answer } from "../answers.ts";
import type { Objection } from "./error-shapes.ts";
import { type Ground, invalid } from "./line-item-rules.ts";
import { COLLECTION_OF } from "./listings.ts";
import { isObject } from "./members.ts";
import type { RecordKind, SentRecord } from "./records.ts";
import type { Storing } from "./storing.ts";
import type { Stored, WriteAnswers } from "./write-answers.ts";

/** @param parent the class of line items, the line item of results: each must name it too */
export type PostSet = (kind: RecordKind, parent: string, json: unknown) => Answer | Objection;

const PARENT: Record<RecordKind, string> = { lineItem: "class", result: "lineItem" };

export function openSetWrites({ book, options }: Ground, storing: Storing, answers: WriteAnswers): PostSet {
  function whyRefused(
    kind: RecordKind,
    parent: string,
    body: SentRecord,
    ids: ReadonlySet<string>,
  ): Objection | undefined {
    const id = body["sourcedId"];
    if (typeof id !== "string" || id === "") return invalid(`${kind}.sourcedId is required in a set`);
    if (ids.has(id)) return invalid("the set has this sourcedId twice");
    const isTaken = (book.renamed(kind, id) ?? book.table(kind).believed(id)) !== undefined;
    if (isTaken) return { status: 409, code: "invaliddata", words: "this sourcedId is taken" };
    const objection = storing.whyRefused(kind, body, undefined);
    if (objection !== undefined) return objection;
    const named = body[PARENT[kind]] as { sourcedId: string };
    return named.sourcedId === parent
      ? undefined
      : invalid(`${kind}.${PARENT[kind]} must be the ${PARENT[kind]} of the path`);
  }

  return function post(kind, parent, json) {
    const bodies = isObject(json) ? json[COLLECTION_OF[kind]] : undefined;
    if (!Array.isArray(bodies) || bodies.length === 0 || !bodies.every(isObject)) {
      const words = `the body must be { "${COLLECTION_OF[kind]}": [ … ] }`;
      return { status: 400, code: "invaliddata", words };
    }
    const ids = new Set<string>();
    const taken: SentRecord[] = [];
    const stored: Stored[] = [];
    for (const body of bodies) {
      const objection = whyRefused(kind, parent, body, ids);
      if (objection !== undefined) {
        return { ...objection, words: `${String(body["sourcedId"])}: ${objection.words}` };
      }
      ids.add(String(body["sourcedId"]));
      if (options.sets === "one-by-one") stored.push(store(kind, body));
      else taken.push(body);
    }
    return answers.set([...stored, ...taken.map((body) => store(kind, body))]);
  };

  function store(kind: RecordKind, body: SentRecord): Stored {
    const allocates = options.endpoints === "modified" || options.renames === true;
    const supplied = String(body["sourcedId"]);
    const own = allocates ? book.allocate(kind) : supplied;
    if (allocates) book.rename(kind, supplied, own);
    return { kind, record: storing.store(kind, body, own), created: true, supplied };
  }
}
