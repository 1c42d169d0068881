/** Whether the SIS gives pages as large as the config asks for, and how long the largest takes it. */
import { type EndpointProbe, pagesOf, type ProbeDeps, totalOf } from "./endpoint.ts";
import { asFinding, bad, count, doubtful, good, type ProbeStep } from "./step.ts";
import type { Opening } from "../first-page.ts";
import type { Page } from "../page-fetch.ts";

const NAME = "page size";
/** From this share of the time-out on, a slower night runs into it. */
const NEARLY_TOO_SLOW = 0.5;

type Answered = EndpointProbe & { opening: Opening };

/** Asks the largest collection for one page of `source.pageSize`; undefined where none of them answered. */
export async function probePageSize(
  probes: readonly EndpointProbe[],
  deps: ProbeDeps,
): Promise<ProbeStep | undefined> {
  const largest = probes
    .filter((probe): probe is Answered => probe.opening !== undefined)
    .toSorted((one, other) => sizeOf(other) - sizeOf(one))[0];
  if (largest === undefined) return undefined;
  const { config, ports, signal } = deps;
  const { path } = largest.endpoint;
  const startedAt = ports.now();
  try {
    const page = await fetchPage(largest, deps, 0, config.pageSize);
    const ms = ports.now() - startedAt;
    const { received } = page.summary;
    if (received < config.pageSize && (await hasMore(largest, received, deps))) {
      const message = `${path}: ${count(received, "record")} came where ${config.pageSize.toLocaleString("en")} were asked for and there are more`;
      return doubtful(NAME, ms, message, shortHint(received));
    }
    const words = `${path}: ${count(received, "record")} in one page`;
    const share = ms / (config.timeoutSeconds * 1000);
    if (share < NEARLY_TOO_SLOW) return good(NAME, ms, words);
    const slow = `${words}, which took ${Math.round(share * 100)} % of source.timeoutSeconds`;
    return doubtful(NAME, ms, slow, "Lower source.pageSize, or raise source.timeoutSeconds.");
  } catch (error) {
    return bad(NAME, ports.now() - startedAt, asFinding(error, signal));
  }
}

/** Of collections without a total, enrollments are the most. */
function sizeOf({ endpoint, opening }: Answered): number {
  return totalOf(opening) ?? (endpoint.type === "enrollments" ? 1 : 0);
}

async function hasMore(probe: Answered, received: number, deps: ProbeDeps): Promise<boolean> {
  const total = totalOf(probe.opening);
  if (total !== undefined) return received < total;
  const next = await fetchPage(probe, deps, received, 1);
  return next.summary.received > 0;
}

function fetchPage(
  { endpoint, opening }: Answered,
  deps: ProbeDeps,
  at: number,
  pageSize: number,
): Promise<Page> {
  return pagesOf(endpoint, deps, pageSize).fetch(opening.asking, { attempt: 1, index: 0, at }, deps.signal);
}

function shortHint(received: number): string {
  const advice = received === 0 ? "Lower source.pageSize" : `Set source.pageSize: ${received}`;
  return `${advice}, to ask no more often than it takes. A night is complete in either case.`;
}
