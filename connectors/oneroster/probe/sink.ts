/** Looks at pages and keeps nothing. */
import { matchesFilter, parseFilter } from "../filter.ts";
import { readPage } from "../page.ts";
import { readRecord } from "../read-record.ts";
import type { PageSink, PageSummary, RawPage } from "../sink.ts";

export const probeSink: PageSink = {
  read: (page) => Promise.resolve(summaryOf(page)),
  keep: () => Promise.resolve(),
  restart: () => Promise.resolve(),
  done: () => Promise.resolve(),
};

function summaryOf({ type, endpoint, body, filter, filteredBySis }: RawPage): PageSummary {
  const page = readPage(new Uint8Array(body), endpoint);
  const { received, ids } = page;
  if (page.problem !== undefined) return { received, ids, problem: page.problem, filteredOut: 0 };
  const { records, speaks } = page;
  const parsed = filter === undefined ? undefined : parseFilter(filter);
  const wanted = records.filter(
    (record) => parsed === undefined || matchesFilter(parsed, record, filteredBySis),
  );
  const orgs = type === "orgs" ? wanted.flatMap((raw) => readRecord("orgs", raw).record ?? []) : [];
  const said = speaks !== undefined && { speaks };
  return { received, ids, filteredOut: records.length - wanted.length, orgs, ...said };
}
