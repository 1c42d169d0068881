/** A sink that keeps everything in memory, in this thread. */
import { matchesFilter, parseFilter } from "../../../connectors/oneroster/filter.ts";
import { readPage } from "../../../connectors/oneroster/page.ts";
import { readRecord } from "../../../connectors/oneroster/read-record.ts";
import type { RecordType } from "../../../connectors/oneroster/records.ts";
import type { EndpointReport, PageSink, PageSummary, RawPage } from "../../../connectors/oneroster/source.ts";

interface Kept {
  type: RecordType;
  index: number;
  records: Record<string, unknown>[];
}

export interface RecordSink extends PageSink {
  /** sourcedIds kept of an endpoint, in the order of its pages. */
  ids: (endpoint: string) => string[];
  /** sourcedIds kept of a type, sorted and without repeats. */
  idsOf: (type: RecordType) => string[];
  /** Records kept of a type, as sent. */
  recordsOf: (type: RecordType) => unknown[];
  reports: EndpointReport[];
  restarts: string[];
  /** Bodies handed over and not yet kept. */
  mostInHand: number;
}

export function createRecordSink(): RecordSink {
  const kept = new Map<string, Kept[]>();
  const parsed = new WeakMap<PageSummary, { endpoint: string; kept: Kept }>();
  const reports: EndpointReport[] = [];
  const restarts: string[] = [];
  let inHand = 0;

  const sink: RecordSink = {
    mostInHand: 0,
    reports,
    restarts,
    async read({ type, endpoint, index, body, filter, filteredBySis }: RawPage) {
      inHand++;
      sink.mostInHand = Math.max(sink.mostInHand, inHand);
      const page = readPage(new Uint8Array(body), endpoint);
      // As a worker thread would have it: whoever reads a body twice finds nothing.
      structuredClone(body, { transfer: [body] });
      if (page.problem !== undefined) {
        inHand--;
        return { received: 0, ids: page.ids, filteredOut: 0, problem: page.problem };
      }
      const wanted = filter === undefined ? undefined : parseFilter(filter);
      const records = page.records.filter(
        (record) => wanted === undefined || matchesFilter(wanted, record, filteredBySis),
      ) as Record<string, unknown>[];
      const summary: PageSummary = {
        received: page.received,
        ids: page.ids,
        filteredOut: page.records.length - records.length,
        ...(page.speaks !== undefined && { speaks: page.speaks }),
      };
      if (type === "orgs") {
        summary.orgs = records.flatMap((raw) => {
          const { record } = readRecord("orgs", raw);
          return record === undefined
            ? []
            : [{ sourcedId: record.sourcedId, type: record.type, gone: record.gone }];
        });
      }
      parsed.set(summary, { endpoint, kept: { type, index, records } });
      return summary;
    },
    async keep(summary) {
      inHand--;
      const page = parsed.get(summary);
      if (page === undefined) throw new Error("kept a page that was not read");
      kept.set(page.endpoint, [...(kept.get(page.endpoint) ?? []), page.kept]);
    },
    async restart(endpoint) {
      restarts.push(endpoint);
      kept.delete(endpoint);
    },
    async done(report) {
      reports.push(report);
    },
    recordsOf: (type) =>
      [...kept.values()]
        .flat()
        .filter((page) => page.type === type)
        .flatMap(({ records }) => records),
    ids: (endpoint) => idsIn(kept.get(endpoint) ?? []),
    idsOf: (type) =>
      [...new Set(idsIn([...kept.values()].flat().filter((page) => page.type === type)))].sort(),
  };
  return sink;
}

function idsIn(pages: Kept[]): string[] {
  return pages
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ records }) => records.map((record) => String(record.sourcedId).trim()));
}
