/** Reads one endpoint completely, or fails: what is not complete is never a roster. */
import pLimit from "p-limit";
import { Failure } from "../../config/failure.ts";
import type { RestSourceConfig } from "../../config/schema.ts";
import type { Attempt } from "./attempt.ts";
import type { Client } from "./client.ts";
import { type Endpoint, filterOf } from "./endpoints.ts";
import { whyFilterIsDoubted } from "./filter-doubt.ts";
import { openEndpoint, type RunMemory } from "./first-page.ts";
import { type Asking, createPageFetch, type Page } from "./page-fetch.ts";
import type { SourcePorts } from "./ports.ts";
import { readInOrder } from "./read-in-order.ts";
import { readInParallel } from "./read-in-parallel.ts";
import type { EndpointReport, PageSink } from "./sink.ts";
import { createTally, type OrgBrief } from "./tally.ts";

export interface ReadingDeps {
  config: RestSourceConfig;
  client: Client;
  sink: PageSink;
  ports: SourcePorts;
  memory: RunMemory;
  signal: AbortSignal;
}

export interface EndpointReading {
  report: EndpointReport;
  orgs: OrgBrief[];
}

/**
 * Pages are read side by side where the SIS sorts them and says how many records there are; what does not
 * fit then is read again in order, and only what does not fit even then fails.
 * @throws Failure source.…
 */
export async function readEndpoint(endpoint: Endpoint, deps: ReadingDeps): Promise<EndpointReading> {
  const { config, client, sink, ports, memory, signal } = deps;
  const { type, path } = endpoint;
  const pages = createPageFetch(endpoint, config, { client, sink, slot: pLimit(config.pageConcurrency) });
  const opening = await openEndpoint(pages, filterOf(endpoint, config.filters), memory, signal);
  const warnings: string[] = [];
  opening.warnings.forEach(warn);
  let { asking, page: first } = opening;

  // Orgs are few, and which schools there are is wanted of their records.
  const kept = type === "orgs" ? undefined : sink.kept?.(path);
  if (kept !== undefined && kept.total === first.total) {
    ports.log({
      level: "info",
      endpoint: path,
      message: `/${path}: kept from before, still ${kept.total} records`,
    });
    return { report: { ...kept, type, endpoint: path, warnings }, orgs: [] };
  }
  if (kept !== undefined) await sink.restart(path, type);

  let before: string | undefined;
  for (let number = 1; ; number++) {
    const attempt = begin(number, asking, first);
    const reason = await (number === 1 ? readFast(attempt, asking, first) : readInOrder(attempt, first));
    if (reason === undefined) {
      const doubt = await whyFilterIsDoubted(asking, attempt, pages, signal);
      if (doubt === undefined) return finish(attempt, asking);
      warn(`${doubt}; read again without the filter`);
      asking = { ...asking, filteredBySis: false };
      await sink.restart(path, type);
      first = await pages.fetch(asking, { attempt: number + 1, index: 0, at: 0 }, signal);
      before = undefined;
      number = 0;
      continue;
    }

    before = attempt.tally.content;
    if (number > 1 && !asking.filteredBySis) throw incomplete(path, reason);
    // A total that counts what the filter left out never fits: without the filter it may.
    if (number > 1) asking = { ...asking, filteredBySis: false };
    warn(`${reason}; read again one page after the other${number > 1 ? ", without the filter" : ""}`);
    await sink.restart(path, type);
    first = await pages.fetch(asking, { attempt: number + 1, index: 0, at: 0 }, signal);
  }

  function begin(number: number, asking: Asking, first: Page): Attempt {
    const isAbsurd = first.total === 0 && first.summary.received > 0;
    if (isAbsurd && number === 1)
      warn("the SIS promises 0 records and sends some; its total was not believed");
    const total = isAbsurd ? undefined : first.total;
    const tally = createTally(total);
    return {
      tally,
      total,
      before,
      signal,
      fetch: (at, index, pageSignal = signal) =>
        pages.fetch(asking, { attempt: number, index, at }, pageSignal),
      async keep(page) {
        await sink.keep(page);
        ports.progress?.({ endpoint: path, pages: tally.pages, records: tally.unique, total });
      },
    };
  }

  function readFast(attempt: Attempt, asking: Asking, first: Page): Promise<string | undefined> {
    const { total } = attempt;
    const { pageConcurrency } = config;
    const isStable = asking.sorted && total !== undefined && first.summary.received > 0;
    return isStable && pageConcurrency > 1
      ? readInParallel(attempt, first, { total, pageConcurrency })
      : readInOrder(attempt, first);
  }

  async function finish({ tally, total }: Attempt, asking: Asking): Promise<EndpointReading> {
    if (tally.filteredOut > 0 && asking.filteredBySis) {
      warn(`${tally.filteredOut} records came against the filter ${asking.filter ?? ""} and were left out`);
    }
    const report = { type, endpoint: path, pages: tally.pages, records: tally.unique, total, warnings };
    await sink.done(report);
    return { report, orgs: tally.orgs };
  }

  function warn(message: string): void {
    warnings.push(message);
    ports.log({ level: "warn", endpoint: path, message });
  }
}

function incomplete(path: string, reason: string): Failure {
  return new Failure("source.incomplete", `/${path}: ${reason}`, {
    hint: "Either its records change while they are read, or the SIS's paging repeats and skips some. Run again at a quieter hour; if it stays, tell the SIS's support.",
  });
}
