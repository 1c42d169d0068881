/** The OneRoster endpoints: which answer a request that was let in gets. */
import type { District } from "../district/raw-records.ts";
import { type Answer, htmlAnswer, jsonAnswer, refusal } from "./answers.ts";
import type { Listing } from "./endpoints.ts";
import { linkHeader } from "./links.ts";
import { type PageQuery, readPageQuery } from "./page-query.ts";
import { stackPages } from "./pages.ts";
import type { Quirk } from "./quirks.ts";

export interface RosterRequest {
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

export interface RosterService {
  answer(request: RosterRequest): Answer;
  warm(pageSize: number): Buffer[];
}

const RATE_LIMIT_EVERY = 8;

export function openRosterService(
  district: District,
  quirks: ReadonlySet<Quirk>,
  maxPageSize = Number.POSITIVE_INFINITY,
): RosterService {
  const shelf = stackPages(district, quirks, maxPageSize);
  let requests = 0;
  let shifts = 0;

  function answer(request: RosterRequest): Answer {
    requests++;
    if (quirks.has("rate-limited") && requests % RATE_LIMIT_EVERY === 0) return coolDown(requests);
    if (quirks.has("bad-row-fails-collection") && request.path === "/enrollments") {
      return refusal(500, "targetreadfailure", "Sequence contains more than one matching element");
    }
    const found = shelf.find(request.path);
    if (found === undefined) return refusal(404, "unknownobject", `there is no ${request.path}`);
    if ("list" in found) return list(request, found.list);

    const query = readPageQuery(found.one.collection, onlyFields(request.query));
    if ("refused" in query) return query.refused;
    return jsonAnswer(200, shelf.single(found.one, found.record, query.fields));
  }

  function list(request: RosterRequest, listing: Listing): Answer {
    const query = readPageQuery(listing.collection, request.query);
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

  function page(request: RosterRequest, listing: Listing, query: PageQuery): Answer {
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

  return { answer, warm: (pageSize) => shelf.all(pageSize) };
}

/** Of a single object, only `fields` may be asked; the rest is not looked at. */
function onlyFields(query: URLSearchParams): URLSearchParams {
  const fields = query.get("fields");
  return new URLSearchParams(fields === null ? {} : { fields });
}

/** Retry-After by turns in seconds and as a date, both a second or two from now. */
function coolDown(turn: number): Answer {
  const inSeconds = turn % (2 * RATE_LIMIT_EVERY) !== 0;
  const retryAfter = inSeconds ? "1" : new Date(Date.now() + 1000).toUTCString();
  return htmlAnswer(429, "Too many requests", { "retry-after": retryAfter });
}
