/** Canvas's pages: `per_page` up to 100, and a Link header whose addresses are opaque. Source: Canvas API, Pagination. */

export interface PageRequest {
  /** Absolute, without a query. */
  address: string;
  query: URLSearchParams;
  /** Most records a page. */
  maximum: number;
  /** Numbers of pages, or the place after the last record of the page before. */
  by: "number" | "bookmark";
}

export interface Page<T> {
  records: T[];
  link: string;
}

const DEFAULT_PER_PAGE = 10;
/** Apache takes 8 KB of headers; Canvas leaves links out, the next one last, rather than send more than this. */
const MAX_LINK_CHARACTERS = 6 * 1024;
const PRIORITY = ["next", "last", "prev", "current", "first"] as const;
const ORDER = ["current", "next", "prev", "first", "last"] as const;
const LEFT_OUT = new Set(["page", "per_page", "access_token", "api_key"]);

type Rel = (typeof ORDER)[number];

/**
 * One page of a list sorted by id. Undefined where `page` names none, which Canvas answers with 404.
 */
export function pageOf<T extends { id: number }>(
  all: readonly T[],
  request: PageRequest,
): Page<T> | undefined {
  const perPage = lengthOf(request);
  return request.by === "number" ? numbered(all, request, perPage) : bookmarked(all, request, perPage);
}

function lengthOf({ query, maximum }: PageRequest): number {
  const wanted = query.get("per_page");
  const asked = wanted === null ? DEFAULT_PER_PAGE : Number.parseInt(wanted, 10) || 0;
  return Math.min(Math.max(asked, 1), maximum);
}

function numbered<T>(all: readonly T[], request: PageRequest, perPage: number): Page<T> | undefined {
  const wanted = request.query.get("page") ?? "1";
  if (!/^[1-9]\d*$/.test(wanted)) return undefined;
  const page = Number(wanted);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const targets: Partial<Record<Rel, string>> = { current: wanted, first: "1", last: String(last) };
  if (page < last) targets.next = String(page + 1);
  if (page > 1) targets.prev = String(page - 1);
  const records = all.slice((page - 1) * perPage, page * perPage);
  return { records, link: linkOf(request, targets, perPage) };
}

function bookmarked<T extends { id: number }>(
  all: readonly T[],
  request: PageRequest,
  perPage: number,
): Page<T> | undefined {
  const current = request.query.get("page") ?? "first";
  const after = placeOf(current);
  if (after === undefined) return undefined;
  const rest = all.filter(({ id }) => id > after);
  const records = rest.slice(0, perPage);
  const targets: Partial<Record<Rel, string>> = { current, first: "first" };
  if (rest.length > perPage) targets.next = bookmarkAfter(records.at(-1)?.id ?? 0);
  return { records, link: linkOf(request, targets, perPage) };
}

function bookmarkAfter(id: number): string {
  return `bookmark:${Buffer.from(JSON.stringify([id])).toString("base64url")}`;
}

/** The id that the bookmark names; undefined for what is no bookmark. */
function placeOf(page: string): number | undefined {
  if (page === "first" || page === "1") return 0;
  const encoded = /^bookmark:([\w-]+)$/.exec(page)?.[1];
  const id = /^\[(\d+)\]$/.exec(Buffer.from(encoded ?? "", "base64url").toString("utf8"))?.[1];
  return id === undefined ? undefined : Number(id);
}

function linkOf(request: PageRequest, targets: Partial<Record<Rel, string>>, perPage: number): string {
  const kept = [...request.query]
    .filter(([name]) => !LEFT_OUT.has(name))
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .sort();
  const links = new Map<Rel, string>();
  let characters = 0;
  for (const rel of PRIORITY) {
    const page = targets[rel];
    if (page === undefined) continue;
    const url = `${request.address}?${[...kept, `page=${page}`, `per_page=${perPage}`].join("&")}`;
    characters += url.length;
    if (characters > MAX_LINK_CHARACTERS) break;
    links.set(rel, `<${url}>; rel="${rel}"`);
  }
  return ORDER.flatMap((rel) => links.get(rel) ?? []).join(",");
}
