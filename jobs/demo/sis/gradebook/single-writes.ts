/** PUT and DELETE of one line item or result, in the standard and in the modified way. */
import { type Answer, emptyAnswer } from "../answers.ts";
import type { Objection } from "./error-shapes.ts";
import { type Ground, invalid, unknown } from "./line-item-rules.ts";
import type { RecordKind, SentRecord } from "./records.ts";
import type { Silence, Storing } from "./storing.ts";
import type { WriteAnswers } from "./write-answers.ts";

export interface SingleWrites {
  /** @param id of the path; undefined: PUT to the collection itself */
  put(kind: RecordKind, id: string | undefined, body: SentRecord): Answer | Objection;
  remove(kind: RecordKind, id: string): Answer | Objection;
}

export function openSingleWrites(
  ground: Ground,
  storing: Storing,
  answers: WriteAnswers,
  silence: Silence,
): SingleWrites {
  const { book, options } = ground;
  const { endpoints = "standard", creation = "no-id", deletion = "gone" } = options;

  function put(kind: RecordKind, id: string | undefined, body: SentRecord): Answer | Objection {
    if (endpoints === "standard") return id === undefined ? noSuchMethod(kind) : putOwn(kind, id, body);
    if (id !== undefined && book.table(kind).believed(id) !== undefined) return replace(kind, id, body);
    const creates = creation === "no-id" ? id === undefined : creation === "placeholder" && id !== undefined;
    if (creates) return create(kind, id ?? "", body);
    return id === undefined ? noSuchMethod(kind) : unknown(`${kind} ${id} not found`);
  }

  /** The client's sourcedId: creates or replaces, as OneRoster 1.1 has it. */
  function putOwn(kind: RecordKind, id: string, body: SentRecord): Answer | Objection {
    if (body["sourcedId"] !== id) return otherId(kind);
    const renamed = book.renamed(kind, id);
    const held = renamed ?? id;
    const created = book.table(kind).believed(held) === undefined;
    if (created && options.updatesOnly === true) return unknown(`${kind} ${id} not found`);
    const objection = storing.whyRefused(kind, body, created ? undefined : held);
    if (objection !== undefined) return objection;

    const isNewName = created && options.renames === true;
    const own = isNewName ? book.allocate(kind) : held;
    if (isNewName) book.rename(kind, id, own);
    const record = storing.store(kind, body, own);
    const stored = { kind, record, created, supplied: id };
    return isNewName || renamed !== undefined ? answers.allocated(stored) : answers.plain(stored);
  }

  function replace(kind: RecordKind, id: string, body: SentRecord): Answer | Objection {
    if (body["sourcedId"] != null && body["sourcedId"] !== id) return otherId(kind);
    const objection = storing.whyRefused(kind, body, id);
    if (objection !== undefined) return objection;
    return answers.plain({ kind, record: storing.store(kind, body, id), created: false, supplied: id });
  }

  function create(kind: RecordKind, supplied: string, body: SentRecord): Answer | Objection {
    if (body["sourcedId"] != null) {
      return invalid(`${kind}.sourcedId must not be sent: this SIS allocates it`);
    }
    const objection = storing.whyRefused(kind, body, undefined);
    if (objection !== undefined) return objection;
    const record = storing.store(kind, body, book.allocate(kind));
    return answers.allocated({ kind, record, created: true, supplied });
  }

  function remove(kind: RecordKind, id: string): Answer | Objection {
    const record = book.table(kind).records.get(id);
    if (record === undefined) return unknown(`${kind} ${id} not found`);
    if (deletion === "refused") {
      return { status: 403, code: "deletefailure", words: "Deleting is not allowed" };
    }
    if (silence.storesNothing) return emptyAnswer(204);
    if (deletion === "gone") book.remove(kind, id);
    else storing.store(kind, { ...record, status: "tobedeleted" }, id);
    return emptyAnswer(204);
  }

  return { put, remove };
}

function otherId(kind: RecordKind): Objection {
  return invalid(`${kind}.sourcedId must be the id of the path`);
}

function noSuchMethod(kind: RecordKind): Objection {
  return { status: 405, code: "invaliddata", words: `PUT wants the sourcedId of the ${kind} in the path` };
}
