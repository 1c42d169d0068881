/** Hands records to the sink as pages in the envelope of OneRoster REST: whoever keeps pages need not know of CSV. */
import type { RecordType } from "../records.ts";
import type { EndpointReport, PageSink, PageSummary } from "../sink.ts";
import { createTally, type OrgBrief } from "../tally.ts";
import type { RawRecord } from "./raw-record.ts";

export interface Fed {
  report: EndpointReport;
  orgs: OrgBrief[];
}

/** Enough for a thread to be worth it, little enough that some of them are no burden on memory. */
const PAGE_RECORDS = 1000;
/** Pages that the threads have while the next are being made. */
const AHEAD = 4;

/** @param progress told the number of records so far */
export async function feed(
  type: RecordType,
  records: AsyncIterable<RawRecord> | Iterable<RawRecord>,
  sink: PageSink,
  progress: (pages: number, records: number) => void,
): Promise<Fed> {
  const tally = createTally();
  const reading: Promise<PageSummary>[] = [];
  let index = 0;

  async function keepNext(): Promise<void> {
    const page = await reading.shift();
    if (page === undefined) return;
    if (page.problem !== undefined) throw new Error(`a page of our own making holds ${page.problem.detail}`);
    tally.add(page);
    await sink.keep(page);
    progress(tally.pages, tally.unique);
  }

  function send(page: RawRecord[]): void {
    const { buffer: body } = new TextEncoder().encode(JSON.stringify({ [type]: page }));
    const read = sink.read({
      type,
      endpoint: type,
      attempt: 1,
      index: index++,
      body,
      filter: undefined,
      filteredBySis: false,
    });
    // Whoever takes it from the queue hears of its error; until then it must not end the process.
    read.catch(() => undefined);
    reading.push(read);
  }

  let page: RawRecord[] = [];
  for await (const record of records) {
    page.push(record);
    if (page.length < PAGE_RECORDS) continue;
    send(page);
    page = [];
    if (reading.length > AHEAD) await keepNext();
  }
  if (page.length > 0) send(page);
  while (reading.length > 0) await keepNext();

  const warnings =
    tally.repeated > 0 ? [`${tally.repeated} records of ${type} have a sourcedId that had come before`] : [];
  const report = {
    type,
    endpoint: type,
    pages: tally.pages,
    records: tally.unique,
    total: undefined,
    warnings,
  };
  await sink.done(report);
  return { report, orgs: tally.orgs };
}
