/** Collections and single objects as GET gives them: pages, sort, filter, fields, and the quirks of all these. */
import type { RawRecord } from "../district/raw-records.ts";
import { type Answer, jsonAnswer, refusal } from "./answers.ts";
import type { Find, Listing } from "./endpoints.ts";
import { fieldsOf } from "./fields.ts";
import { linkHeader } from "./links.ts";
import type { OneRosterVersion } from "./options.ts";
import { type PageQuery, readPageQuery } from "./page-query.ts";
import { stackPages } from "./pages.ts";
import type { Quirk } from "./quirks.ts";

export interface CollectionRequest {
  /** Under the OneRoster root. */
  path: string;
  /** Absolute, without the query. */
  address: string;
  query: URLSearchParams;
  /** Others were reading the same collection meanwhile. */
  crowded: boolean;
  /** Give the records of the page before. */
  repeatPage: boolean;
}

export interface Collections {
  answer(request: CollectionRequest): Answer;
  /** A single object in its wrapper. */
  single(listing: Listing, record: RawRecord): unknown;
  /** Every page of these endpoints, sorted by sourcedId, built so that serving it costs nothing. */
  warm(endpoints: readonly string[], pageSize: number): Buffer[];
  /** What was found and built is out of date: a record has changed. */
  forget(): void;
}

export function openCollections(
  find: Find,
  {
    quirks,
    maxPageSize = Number.POSITIVE_INFINITY,
    version,
  }: { quirks: ReadonlySet<Quirk>; maxPageSize: number | undefined; version: OneRosterVersion },
): Collections {
  const shelf = stackPages(find, quirks, maxPageSize);
  let shifts = 0;

  function answer(request: CollectionRequest): Answer {
    const found = shelf.find(request.path);
    if (found === undefined) return refusal(404, "unknownobject", `there is no ${request.path}`);
    if ("list" in found) return list(request, found.list);

    const query = readPageQuery(fieldsOf(found.one.collection, version), onlyFields(request.query));
    if ("refused" in query) return query.refused;
    return jsonAnswer(200, shelf.single(found.one, found.record, query.fields));
  }

  function list(request: CollectionRequest, listing: Listing): Answer {
    const query = readPageQuery(fieldsOf(listing.collection, version), request.query);
    if ("refused" in query) return query.refused;
    const { sort, filter } = query;
    if (sort !== undefined && quirks.has("sort-400")) {
      return refusal(400, "invalid_sort_field", "sorting is not supported");
    }
    if (filter !== undefined && quirks.has("filter-400")) {
      return refusal(400, "invalid_filter_field", "filtering is not supported");
    }
    return page(request, listing, asUnderstood(query));
  }

  function asUnderstood(query: PageQuery): PageQuery {
    const unsorted = quirks.has("sort-ignored") || quirks.has("unsorted-shifting");
    const filter = quirks.has("filter-empty") && query.filter !== undefined ? () => false : query.filter;
    return {
      ...query,
      ...(unsorted ? { sort: undefined, descending: false } : {}),
      filter: quirks.has("filter-ignored") ? undefined : filter,
    };
  }

  function page(request: CollectionRequest, listing: Listing, query: PageQuery): Answer {
    const text = query.filter === undefined ? null : request.query.get("filter");
    const view = shelf.view(request.path, listing, query, text);
    const { offset, limit } = query;
    const length = shelf.lengthAt(query);
    const shift = quirks.has("unsorted-shifting") && request.crowded ? 1 + (shifts++ % 5) : 0;
    const from = request.repeatPage ? Math.max(0, offset - length) : offset;
    const given = Math.max(0, Math.min(length, view.records.length - offset));
    const place = {
      address: request.address,
      query: request.query,
      limit,
      offset,
      given,
      listed: view.records.length,
    };
    return {
      status: 200,
      headers: {
        "content-type": "application/json; charset=utf-8",
        ...(quirks.has("no-total")
          ? {}
          : { "x-total-count": quirks.has("zero-total") ? "0" : String(view.total) }),
        ...(quirks.has("no-link") ? {} : { link: linkHeader(place, quirks) }),
      },
      body: shelf.body(view, from, length, query.fields, shift),
    };
  }

  return {
    answer,
    single: (listing, record) => shelf.single(listing, record, undefined),
    warm: (endpoints, pageSize) => shelf.all(endpoints, pageSize),
    forget: () => {
      shelf.forget();
    },
  };
}

/** Of a single object, only `fields` may be asked; the rest is not looked at. */
function onlyFields(query: URLSearchParams): URLSearchParams {
  const fields = query.get("fields");
  return new URLSearchParams(fields === null ? {} : { fields });
}
