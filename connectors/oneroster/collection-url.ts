/** The address of one page of a collection. */
import { percentEncode } from "./percent.ts";

export interface PageQuery {
  limit: number;
  offset: number;
  /** Whether to ask for the order of sourcedIds, without which pages repeat and skip records. */
  sorted: boolean;
  filter: string | undefined;
}

/** Spaces become %20, never "+", which some servers read as a plus and which OAuth 1.0a signs differently. */
export function collectionUrl(root: string, path: string, query: PageQuery): URL {
  const url = new URL(root);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  const parameters: [string, string][] = [
    ["limit", String(query.limit)],
    ["offset", String(query.offset)],
  ];
  if (query.sorted) parameters.push(["sort", "sourcedId"], ["orderBy", "asc"]);
  if (query.filter !== undefined) parameters.push(["filter", query.filter]);
  url.search = parameters.map(([name, value]) => `${name}=${percentEncode(value)}`).join("&");
  return url;
}
