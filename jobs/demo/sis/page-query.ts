/** limit, offset, sort, orderBy, filter and fields of a collection request. Source: OneRoster 1.1, section 3.4. */
import { type Answer, refusal } from "./answers.ts";
import type { Fields } from "./fields.ts";
import { type Matches, readFilter } from "./filters.ts";

export interface PageQuery {
  limit: number;
  offset: number;
  sort: string | undefined;
  descending: boolean;
  fields: string[] | undefined;
  filter: Matches | undefined;
}

const DEFAULT_LIMIT = 100;

/** The query, or the 400 that it deserves. */
export function readPageQuery(
  { collection, has }: Fields,
  query: URLSearchParams,
): PageQuery | { refused: Answer } {
  const limit = query.get("limit") ?? String(DEFAULT_LIMIT);
  const offset = query.get("offset") ?? "0";
  if (!/^[1-9]\d*$/.test(limit)) return { refused: refusal(400, "invaliddata", "limit must be 1 or more") };
  if (!/^\d+$/.test(offset)) return { refused: refusal(400, "invaliddata", "offset must be 0 or more") };

  const sort = query.get("sort") ?? undefined;
  if (sort !== undefined && !has(sort)) {
    return { refused: refusal(400, "invalid_sort_field", `${collection} cannot be sorted by ${sort}`) };
  }
  const orderBy = query.get("orderBy") ?? "asc";
  if (orderBy !== "asc" && orderBy !== "desc") {
    return { refused: refusal(400, "invaliddata", "orderBy must be asc or desc") };
  }
  const text = query.get("filter");
  const filter = text === null ? undefined : readFilter(has, text);
  if (text !== null && filter === undefined) {
    return { refused: refusal(400, "invalid_filter_field", "the filter is not understood") };
  }
  const fields = query.get("fields")?.split(",");
  const unknown = fields?.find((field) => !has(field) || field.includes("."));
  if (unknown !== undefined) {
    return { refused: refusal(400, "invalid_selection_field", `${collection} have no ${unknown}`) };
  }
  return {
    limit: Number(limit),
    offset: Number(offset),
    sort,
    descending: orderBy === "desc",
    fields,
    filter,
  };
}
