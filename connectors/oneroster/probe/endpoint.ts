/** One endpoint, asked for a record as a night would ask: whether it answers, and how it wants to be asked. */
import type { Failure } from "../../../config/failure.ts";
import type { RestSourceConfig } from "../../../config/schema.ts";
import type { Client } from "../client.ts";
import { type Endpoint, filterOf } from "../endpoints.ts";
import { openEndpoint, type Opening } from "../first-page.ts";
import { createPageFetch, type PageFetch } from "../page-fetch.ts";
import type { SourcePorts } from "../ports.ts";
import { probeSink } from "./sink.ts";
import { asFinding, bad, count, good, type ProbeStep } from "./step.ts";

export interface ProbeDeps {
  config: RestSourceConfig;
  client: Client;
  ports: SourcePorts;
  signal: AbortSignal;
}

export type EndpointProbe = { endpoint: Endpoint; ms: number } & (
  { opening: Opening; failure?: undefined } | { opening?: undefined; failure: Failure }
);

/** Whether a filter is obeyed is not seen from one record. */
const FILTERED_SAMPLE = 100;

export async function probeEndpoint(endpoint: Endpoint, deps: ProbeDeps): Promise<EndpointProbe> {
  const { config, ports, signal } = deps;
  const filter = filterOf(endpoint, config.filters);
  const pageSize = filter === undefined ? 1 : Math.min(config.pageSize, FILTERED_SAMPLE);
  const startedAt = ports.now();
  const known = () => ({ endpoint, ms: ports.now() - startedAt });
  try {
    // Each endpoint is asked anew how it wants to be sorted: not all of a SIS need be alike.
    const memory = { sortRefused: false };
    const opening = await openEndpoint(pagesOf(endpoint, deps, pageSize), filter, memory, signal);
    return { ...known(), opening };
  } catch (error) {
    return { ...known(), failure: asFinding(error, signal) };
  }
}

export function pagesOf(endpoint: Endpoint, { config, client }: ProbeDeps, pageSize: number): PageFetch {
  const slot = <T>(task: () => Promise<T>) => task();
  const { url, version } = config;
  return createPageFetch(endpoint, { url, version, pageSize }, { client, sink: probeSink, slot });
}

/** What the SIS promises; undefined where it does not, or where the promise cannot be meant. */
export function totalOf({ page }: Opening): number | undefined {
  return page.total === 0 && page.summary.received > 0 ? undefined : page.total;
}

export function endpointStep({ endpoint, ms, opening, failure }: EndpointProbe): ProbeStep {
  const { path } = endpoint;
  if (failure !== undefined) return bad(path, ms, failure);
  const total = totalOf(opening);
  const isEmpty = opening.page.summary.received === 0 && (total ?? 0) === 0;
  const records = total === undefined && !isEmpty ? "gives records" : count(total ?? 0, "record");
  const doubts = isEmpty ? [EMPTY, ...doubtsOf(opening)] : doubtsOf(opening);
  if (doubts.length === 0) return good(path, ms, records);
  return {
    name: path,
    status: "warn",
    ms,
    message: [records, ...doubts.flatMap(({ what }) => what ?? [])].join("; "),
    hint: [...new Set(doubts.map(({ hint }) => hint))].join(" "),
  };
}

interface Doubt {
  /** Nothing, where the number of records says it. */
  what?: string;
  hint: string;
}

const EMPTY: Doubt = {
  hint: "Ask the SIS's support whether this key may see these records, and look at source.filters.",
};
const IN_ORDER =
  "Nothing to mend: a night reads it completely all the same, one page after the other, which takes longer.";
const FILTERED_HERE =
  "Nothing to mend: a night reads all of it and applies the filter itself, which takes longer.";

function doubtsOf(opening: Opening): Doubt[] {
  const { asking, page } = opening;
  const { filter } = asking;
  const doubts: Doubt[] = [];
  if (totalOf(opening) === undefined) {
    const what = page.total === 0 ? "it promises 0 records all the same" : "no total (X-Total-Count)";
    doubts.push({ what, hint: IN_ORDER });
  }
  if (!asking.sorted) doubts.push({ what: "sort is refused", hint: IN_ORDER });
  if (filter !== undefined && !asking.filteredBySis) {
    doubts.push({ what: `the filter ${filter} is refused, or answered with nothing`, hint: FILTERED_HERE });
  } else if (page.summary.filteredOut > 0) {
    doubts.push({ what: `the filter ${filter ?? ""} is ignored`, hint: FILTERED_HERE });
  }
  return doubts;
}
