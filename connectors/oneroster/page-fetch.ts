/** Gets single pages of one endpoint and has them parsed; a page that is damaged is got again. */
import type { RestSourceConfig } from "../../config/schema.ts";
import type { Client, Reading, Slot } from "./client.ts";
import { collectionUrl } from "./collection-url.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Answer } from "./http.ts";
import { nextPage, totalOf } from "./page-headers.ts";
import type { PageSink, PageSummary } from "./sink.ts";
import { notOneRoster, requestWords } from "./source-failures.ts";
import { demandVersion } from "./spoken-version.ts";

export interface Page {
  summary: PageSummary;
  /** Where it came from. */
  url: URL;
  /** X-Total-Count, when it is a number. */
  total: number | undefined;
  /** Target of Link rel="next" on the same origin. */
  next: URL | undefined;
}

/** How an endpoint is asked, once it is known what it understands. */
export interface Asking {
  sorted: boolean;
  filter: string | undefined;
  /** Whether the filter is sent, or only applied here. */
  filteredBySis: boolean;
}

/** Where a page stands: the attempt at reading the endpoint, its index there, and its offset or address. */
export interface Place {
  attempt: number;
  index: number;
  at: number | URL;
}

export interface PageFetch {
  fetch: (asking: Asking, place: Place, signal: AbortSignal) => Promise<Page>;
}

export function createPageFetch(
  endpoint: Endpoint,
  config: Pick<RestSourceConfig, "url" | "pageSize" | "version">,
  { client, sink, slot }: { client: Client; sink: PageSink; slot: Slot },
): PageFetch {
  return {
    fetch({ sorted, filter, filteredBySis }, { attempt, index, at }, signal) {
      const sent = filteredBySis ? filter : undefined;
      const url =
        at instanceof URL
          ? at
          : collectionUrl(config.url, endpoint.path, {
              limit: config.pageSize,
              offset: at,
              sorted,
              filter: sent,
            });

      async function read(answer: Answer): Promise<Reading<Page>> {
        const { type, path } = endpoint;
        const raw = { type, endpoint: path, attempt, index, body: answer.body, filter, filteredBySis };
        const summary = await sink.read(raw);
        const { problem } = summary;
        if (problem?.kind === "no-envelope") throw notOneRoster({ method: "GET", url }, problem.detail);
        if (problem !== undefined) {
          return {
            trouble: { kind: problem.kind === "truncated" ? "body" : problem.kind, detail: problem.detail },
          };
        }
        // One page is enough to tell, and a single record on a last one is not.
        if (index === 0) demandVersion(requestWords({ method: "GET", url }), summary.speaks, config.version);
        return {
          value: {
            summary,
            url,
            total: totalOf(answer.header("x-total-count")),
            next: nextPage(answer.header("link"), url),
          },
        };
      }

      return client.get(url, read, { signal, slot });
    },
  };
}
