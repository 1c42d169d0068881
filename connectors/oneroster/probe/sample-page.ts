/** One page of any collection, with all that a report says of it. */
import type { Client, Reading } from "../client.ts";
import { collectionUrl, type PageQuery } from "../collection-url.ts";
import type { Answer } from "../http.ts";
import { readPage } from "../page.ts";
import { nextPage, totalOf } from "../page-headers.ts";
import type { SourcePorts } from "../ports.ts";
import { notOneRoster } from "../source-failures.ts";

export interface SamplePage {
  /** As sent, without null members. */
  records: unknown[];
  /** Members of the array, whatever they are. */
  received: number;
  /** X-Total-Count, where it is a number. */
  total: number | undefined;
  /** Whether a Link header leads to a next page. */
  hasNext: boolean;
  /** The members of the JSON around the records. */
  keys: string[];
  /** How long it took, in milliseconds. */
  ms: number;
}

export interface SampleDeps {
  client: Client;
  ports: SourcePorts;
  signal: AbortSignal;
}

/**
 * @param place root: of the service; path: under it, ids percent-encoded
 * @param query descending: from the other end of the order
 * @throws Failure source.…, or the signal's reason
 */
export async function fetchSamplePage(
  { root, path }: { root: string; path: string },
  query: PageQuery & { descending?: boolean },
  { client, ports, signal }: SampleDeps,
): Promise<SamplePage> {
  const url = collectionUrl(root, path, query);
  if (query.descending === true) url.search = url.search.replace("orderBy=asc", "orderBy=desc");
  const startedAt = ports.now();

  function read({ body, header }: Answer): Reading<SamplePage> {
    const bytes = new Uint8Array(body);
    const { records, received, problem } = readPage(bytes, path);
    if (problem?.kind === "no-envelope") throw notOneRoster({ method: "GET", url }, problem.detail);
    if (problem !== undefined) {
      return {
        trouble: { kind: problem.kind === "truncated" ? "body" : problem.kind, detail: problem.detail },
      };
    }
    const total = totalOf(header("x-total-count"));
    const hasNext = nextPage(header("link"), url) !== undefined;
    const keys = Object.keys(JSON.parse(new TextDecoder().decode(bytes)) as object);
    return { value: { records, received, total, hasNext, keys, ms: ports.now() - startedAt } };
  }

  return client.get(url, (answer) => Promise.resolve(read(answer)), { signal });
}

/** What the SIS promises; undefined where it does not, or where the promise cannot be meant. */
export function promised({ total, received }: Pick<SamplePage, "total" | "received">): number | undefined {
  return total === 0 && received > 0 ? undefined : total;
}
