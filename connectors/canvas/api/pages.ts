/** A list of Canvas's, page by page, as its Link headers lead (RFC 8288); their addresses are not to be made up. */
import type { CanvasClient } from "./client.ts";
import { incomplete, notCanvas } from "./failures.ts";

/** @throws Failure when a page is no list, or a Link leads in a circle or away from Canvas */
export async function* pagesOf(
  client: CanvasClient,
  first: URL,
  signal: AbortSignal,
): AsyncGenerator<{ url: URL; entries: unknown[] }> {
  const asked = new Set<string>();
  for (let url: URL | undefined = first; url !== undefined;) {
    asked.add(url.href);
    const { json, link } = await client.get(url, signal);
    if (!Array.isArray(json)) throw notCanvas(url, "gave JSON that is not a list");
    const next = nextOf(link, url);
    if (next !== undefined && asked.has(next.href)) {
      throw incomplete(url, "has a Link to a page that was read before, so the rest of it cannot be had");
    }
    yield { url, entries: json as unknown[] };
    url = next;
  }
}

function nextOf(link: string | null, from: URL): URL | undefined {
  const target = /<([^>]*)>\s*;[^,<]*\brel="?next"?/i.exec(link ?? "")?.[1];
  if (target === undefined) return undefined;
  const url = URL.parse(target.trim(), from.href);
  if (url?.origin === from.origin) return url;
  // Ending here would lose the rest, and following would show the token to somebody else.
  throw incomplete(
    from,
    `has a Link to its next page at ${url?.origin ?? "no valid address"} instead of ${from.origin}`,
  );
}
