/** Some of a district's records: all of a small collection, and of a large one its beginning, middle and end. */
import { matchesFilter, parseFilter } from "../filter.ts";
import { idText } from "../loose-values.ts";
import type { RecordType } from "../records.ts";
import { type EndpointProbe, type ProbeDeps, totalOf } from "./endpoint.ts";
import { fetchSamplePage, promised, type SamplePage } from "./sample-page.ts";
import type { Opening } from "../first-page.ts";

export type Answered = EndpointProbe & { opening: Opening };

/** A collection of no more pages is read whole. */
const WHOLE_PAGES = 8;
/** Schools have hundreds of endpoints: of more than this a few stand for all. */
const WHOLE_ENDPOINTS = 12;

export interface Sample {
  type: RecordType;
  /** As sent, those that the filter lets through. */
  records: unknown[];
  /** Whether these are all that there are. */
  isWhole: boolean;
  /** How many there are; undefined where the SIS does not say. */
  total: number | undefined;
  /** The endpoint that was looked at first, and its first page. */
  probe: Answered;
  first: SamplePage;
}

/**
 * @param probes endpoints of one kind of record that answered, at least one
 * @param until milliseconds since 1970: no page is asked for after it
 * @throws Failure source.… of a page that is not to be had; the signal's reason
 */
export async function readSample(
  probes: readonly [Answered, ...Answered[]],
  deps: ProbeDeps,
  until: number,
): Promise<Sample> {
  const few = probes.length <= WHOLE_ENDPOINTS;
  const chosen = few ? probes : spread(probes);
  const sent = new Map<string, unknown[]>();
  let first: SamplePage | undefined;
  let isWhole = few;
  for (const probe of chosen) {
    if (first !== undefined && deps.ports.now() >= until) {
      isWhole = false;
      break;
    }
    const read = await readPages(probe, deps, until);
    first ??= read.pages[0];
    sent.set(
      probe.endpoint.path,
      read.pages.flatMap(({ records }) => records),
    );
    isWhole &&= read.isWhole;
  }
  const [probe] = probes;
  if (first === undefined) throw new Error("a sample has at least one page");
  const { filter, filteredBySis } = probe.opening.asking;
  const parsed = filter === undefined ? undefined : parseFilter(filter);
  const all = withoutRepeats([...sent.values()]);
  const records =
    parsed === undefined ? all : all.filter((record) => matchesFilter(parsed, record, filteredBySis));
  const total = isWhole ? records.length : sum(probes.map(({ opening }) => totalOf(opening)));
  return { type: probe.endpoint.type, records, isWhole, total, probe, first };
}

async function readPages(
  { endpoint, opening }: Answered,
  deps: ProbeDeps,
  until: number,
): Promise<{ pages: SamplePage[]; isWhole: boolean }> {
  const { config, ports } = deps;
  const { sorted, filter, filteredBySis } = opening.asking;
  const place = { root: config.url, path: endpoint.path };
  const fetchAt = (offset: number) =>
    fetchSamplePage(
      place,
      { limit: config.pageSize, offset, sorted, filter: filteredBySis ? filter : undefined },
      deps,
    );
  const first = await fetchAt(0);
  const pages = [first];
  const total = promised(first);
  if (total !== undefined && first.received > 0 && total > first.received * WHOLE_PAGES) {
    for (const offset of [Math.floor(total / 2), total - first.received]) {
      if (ports.now() < until) pages.push(await fetchAt(offset));
    }
    return { pages, isWhole: false };
  }
  let last = first;
  for (let read = first.received; last.received > 0 && read < (total ?? Number.POSITIVE_INFINITY);) {
    if (pages.length >= WHOLE_PAGES * 2 || ports.now() >= until) return { pages, isWhole: false };
    last = await fetchAt(read);
    read += last.received;
    pages.push(last);
  }
  return { pages, isWhole: total === undefined || distinct(pages) >= total };
}

/** Whoever is in two schools is sent by both; what one endpoint sends twice is kept, for that is a fault. */
function withoutRepeats(bySource: readonly unknown[][]): unknown[] {
  const before = new Set<string>();
  return bySource.flatMap((records) => {
    const fresh = records.filter((record) => !before.has(idOf(record) ?? ""));
    for (const record of fresh) before.add(idOf(record) ?? "-");
    return fresh;
  });
}

function idOf(record: unknown): string | undefined {
  return idText((record as { sourcedId?: unknown }).sourcedId);
}

/** One after the other, an unsorted SIS may repeat some and skip others. */
function distinct(pages: readonly SamplePage[]): number {
  const ids = pages.flatMap(({ records }) => records.map(idOf));
  return new Set(ids).size;
}

function spread(probes: readonly [Answered, ...Answered[]]): Answered[] {
  const having = probes.filter(({ opening }) => opening.page.summary.received > 0);
  const from = having.length > 0 ? having : probes;
  const at = [0, Math.floor(from.length / 2), from.length - 1];
  return [...new Set(at)].flatMap((index) => from[index] ?? []);
}

function sum(totals: readonly (number | undefined)[]): number | undefined {
  return totals.reduce<number | undefined>(
    (all, one) => (all === undefined || one === undefined ? undefined : all + one),
    0,
  );
}
