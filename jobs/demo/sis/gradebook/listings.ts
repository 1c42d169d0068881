/** Which records each gradebook path lists. Source: OneRoster 1.1 and, for the categories of a class, 1.2. */
import type { Found, Listing } from "../endpoints.ts";
import { classOf } from "./categories.ts";
import type { Ground } from "./line-item-rules.ts";
import type { GradebookRecord, RawCategory, RecordKind } from "./records.ts";

type GradebookCollection = "categories" | "lineItems" | "results";

const SINGULAR = { categories: "category", lineItems: "lineItem", results: "result" } as const;
export const COLLECTION_OF = { lineItem: "lineItems", result: "results" } as const satisfies Record<
  RecordKind,
  string
>;

/** The kind of record that a collection's name stands for; undefined for categories and all else. */
export function kindOf(collection: string | undefined): RecordKind | undefined {
  if (collection === "lineItems") return "lineItem";
  return collection === "results" ? "result" : undefined;
}

export function listingOf(
  collection: GradebookCollection,
  records: readonly (GradebookRecord | RawCategory)[],
): Listing {
  return {
    collection,
    wrapper: collection,
    singular: SINGULAR[collection],
    ownName: collection,
    records,
  };
}

/** Whether a path is one of the gradebook's, known or not. */
export function isOfGradebook(path: string): boolean {
  return /^\/(categories|lineItems|results)(\/|$)|^\/classes\/[^/]+\/(categories|lineItems|results|students\/[^/]+\/results)(\/|$)/.test(
    path,
  );
}

export function findGradebookListing(
  { book, categories, register }: Ground,
  path: string,
): Found | undefined {
  const [, first = "", id, nested, nestedId, last, ...rest] = path.split("/").map(decodeURIComponent);
  if (rest.length > 0) return undefined;
  const tables = { categories, lineItems: book.lineItems.records, results: book.results.records };

  if (nested === undefined) {
    if (!Object.hasOwn(tables, first)) return undefined;
    const collection = first as GradebookCollection;
    if (id === undefined) return { list: listingOf(collection, [...tables[collection].values()]) };
    const record = tables[collection].get(id);
    return record && { one: listingOf(collection, [record]), record };
  }
  if (first !== "classes" || id === undefined || !register.isClass(id)) return undefined;
  const lineItems = book.lineItems.of(id);
  const results = () => lineItems.flatMap((lineItem) => book.results.of(lineItem.sourcedId));

  switch ([nested, last].filter((name) => name !== undefined).join(" ")) {
    case "categories":
      return nestedId === undefined ? ofClass(categories, id) : undefined;
    case "lineItems":
      return nestedId === undefined ? { list: listingOf("lineItems", lineItems) } : undefined;
    case "results":
      return nestedId === undefined ? { list: listingOf("results", results()) } : undefined;
    case "lineItems results":
      return lineItems.some(({ sourcedId }) => sourcedId === nestedId)
        ? { list: listingOf("results", book.results.of(nestedId ?? "")) }
        : undefined;
    case "students results":
      return register.isStudent(nestedId ?? "")
        ? {
            list: listingOf(
              "results",
              results().filter(({ student }) => student.sourcedId === nestedId),
            ),
          }
        : undefined;
    default:
      return undefined;
  }
}

function ofClass(categories: ReadonlyMap<string, RawCategory>, classId: string): Found {
  const usable = [...categories.values()].filter((category) => (classOf(category) ?? classId) === classId);
  return { list: listingOf("categories", usable) };
}
