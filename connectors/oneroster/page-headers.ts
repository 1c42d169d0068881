/** What the headers of a page say of its collection: how much there is, and where the next page is. */
import { nextLink } from "./link.ts";

/** X-Total-Count, when it is a number. */
export function totalOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\s*\d+\s*$/.test(header) ? Number(header) : undefined;
}

/** Target of Link rel="next" on the same origin and path: our credentials go nowhere else, whatever a header says. */
export function nextPage(header: string | undefined, from: URL): URL | undefined {
  const link = nextLink(header);
  const url = link === undefined ? null : URL.parse(link, from.href);
  return url !== null && url.origin === from.origin && url.pathname === from.pathname ? url : undefined;
}
