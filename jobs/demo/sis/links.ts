/** The Link header of a page: RFC 8288, rel next, prev, first and last, as OneRoster 1.1 section 3.4.1 has it. */
import type { Quirk } from "./quirks.ts";

export interface PagePlace {
  /** Absolute address of the collection, without a query. */
  address: string;
  query: URLSearchParams;
  limit: number;
  offset: number;
  /** Records on this page, and in the whole list. */
  given: number;
  listed: number;
}

export function linkHeader(place: PagePlace, quirks: ReadonlySet<Quirk>): string {
  const { limit, offset, given, listed } = place;
  const links: [rel: string, offset: number][] = [];
  if (offset + given < listed) links.push(["next", offset + given]);
  else if (quirks.has("link-last-is-current")) links.push(["next", offset]);
  if (offset > 0) links.push(["prev", Math.max(0, offset - limit)]);
  links.push(["first", 0], ["last", Math.floor(Math.max(0, listed - 1) / limit) * limit]);

  return links
    .map(([rel, target]) => {
      const url = pageUrl(place, target, quirks.has("link-other-host"));
      return `${quirks.has("link-without-brackets") ? url : `<${url}>`}; rel="${rel}"`;
    })
    .join(", ");
}

function pageUrl({ address, query, limit }: PagePlace, offset: number, otherHost: boolean): string {
  const url = new URL(address);
  if (otherHost) url.host = "sis-app-03.internal:8080";
  const rest = [...query].filter(([name]) => name !== "limit" && name !== "offset");
  const pairs = [["limit", String(limit)], ["offset", String(offset)], ...rest];
  url.search = pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return url.href;
}
