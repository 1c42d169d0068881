/** Every request to the gradebook other than GET: which record it is about, and what becomes of it. */
import type { Answer } from "../answers.ts";
import { type Objection, objectionAnswer } from "./error-shapes.ts";
import { type Ground, unknown } from "./line-item-rules.ts";
import { kindOf } from "./listings.ts";
import { isObject } from "./members.ts";
import type { RecordKind } from "./records.ts";
import { openSetWrites } from "./set-writes.ts";
import { openSingleWrites } from "./single-writes.ts";
import type { Silence, Storing } from "./storing.ts";
import type { WriteAnswers } from "./write-answers.ts";

export interface WriteRequest {
  method: string;
  /** Under the OneRoster root. */
  path: string;
  contentType: string | undefined;
  /** The body as JSON; undefined when it is none. */
  json: unknown;
}

const NAMES: Record<RecordKind, string> = { lineItem: "LineItem", result: "Result" };

export function openWriting(
  ground: Ground,
  storing: Storing,
  answers: WriteAnswers,
  silence: Silence,
): (request: WriteRequest) => Answer {
  const { options, book, register } = ground;
  const single = openSingleWrites(ground, storing, answers, silence);
  const postSet = openSetWrites(ground, storing, answers);

  return function write(request) {
    const { method, path } = request;
    const [, first, id, nested, ...rest] = path.split("/").map(decodeURIComponent);
    const kind = kindOf(nested ?? first);
    const operation = `${method.toLowerCase()}${kind === undefined ? "Category" : NAMES[kind]}`;
    const outcome = rest.length > 0 ? noSuchPath(path) : decide(request, kind, { first, id, nested });
    if ("body" in outcome) return outcome;
    return objectionAnswer(outcome, operation, outcome.shape ?? options.errorShape ?? "status-info");
  };

  function decide(
    { method, path, contentType, json }: WriteRequest,
    kind: RecordKind | undefined,
    { first, id, nested }: { first: string | undefined; id: string | undefined; nested: string | undefined },
  ): Answer | Objection {
    if (first === "categories") {
      const words = "Grading categories are the district's: they cannot be created, changed or deleted";
      return { status: 403, code: "unauthorisedrequest", words };
    }
    if (kind === undefined) return noSuchPath(path);
    if (method === "DELETE" && nested === undefined && id !== undefined) return single.remove(kind, id);
    const isSet = method === "POST" && nested !== undefined && options.bulk === true;
    if (!isSet && (method !== "PUT" || nested !== undefined)) {
      return { status: 405, code: "invaliddata", words: `${path} does not take ${method}` };
    }
    if (contentType?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
      return { status: 415, code: "invaliddata", words: "the body must be application/json" };
    }
    if (isSet) return whyNoParent(first, id, kind) ?? postSet(kind, id ?? "", json);
    const body = isObject(json) ? json[kind] : undefined;
    if (!isObject(body)) {
      return { status: 400, code: "invaliddata", words: `the body must be { "${kind}": { … } }` };
    }
    return single.put(kind, id, body);
  }

  function whyNoParent(first: string | undefined, id = "", kind: RecordKind): Objection | undefined {
    if (first === "classes" && kind === "lineItem") {
      return register.class(id) === undefined ? unknown(`Class ${id} not found`) : undefined;
    }
    if (first === "lineItems" && kind === "result") {
      return book.lineItems.believed(id) === undefined ? unknown(`lineItem ${id} not found`) : undefined;
    }
    return noSuchPath(`${String(first)}/${id}`);
  }
}

function noSuchPath(path: string): Objection {
  return unknown(`there is no ${path}`);
}
