/** Reads a collection of the gradebook completely, or fails: a line item that was overlooked would be made twice. */
import { Failure } from "../../../config/failure.ts";
import type { Client, Reading } from "../client.ts";
import { collectionUrl } from "../collection-url.ts";
import { openEndpoint, type RunMemory } from "../first-page.ts";
import type { Answer } from "../http.ts";
import { idText } from "../loose-values.ts";
import { readPage } from "../page.ts";
import type { Page, PageFetch } from "../page-fetch.ts";
import { nextPage, totalOf } from "../page-headers.ts";
import type { SourcePorts } from "../ports.ts";
import { readInOrder } from "../read-in-order.ts";
import type { PageSummary } from "../sink.ts";
import { notOneRoster } from "../source-failures.ts";
import { createTally } from "../tally.ts";
import { isMembers, type Members } from "./records.ts";

export interface CollectionDeps {
  client: Client;
  ports: SourcePorts;
  /** Records to ask for in a page. */
  pageSize: number;
  /** Shared by all: what one collection has taught of the SIS holds for the others. */
  memory: RunMemory;
  signal: AbortSignal;
}

export interface CollectionPlace {
  root: string;
  /** Under the root, ids percent-encoded. */
  path: string;
  /** OneRoster filter, for the SIS to apply. */
  filter?: string;
}

/**
 * Every record once, the newest of those that came twice. What does not fit what the SIS promised is read a
 * second time; paging by offset is no snapshot (OneRoster 1.1 §3.4.1).
 * @throws AnswerFailure for an answer that was no page, Failure source.incomplete when it does not fit even then
 */
export async function readCollection(place: CollectionPlace, deps: CollectionDeps): Promise<Members[]> {
  const { ports, signal, memory } = deps;
  let before: string | undefined;
  for (let number = 1; ; number++) {
    const { fetch, recordsOf } = pagesOf(place, deps);
    const { asking, page: first } = await openEndpoint({ fetch }, undefined, memory, signal);
    const isAbsurd = first.total === 0 && first.summary.received > 0;
    const total = isAbsurd ? undefined : first.total;
    const records: Members[] = [];
    const attempt = {
      tally: createTally(total),
      total,
      before,
      signal,
      fetch: (at: number | URL, index: number) => fetch(asking, { attempt: number, index, at }, signal),
      keep(summary: PageSummary) {
        records.push(...recordsOf(summary));
        return Promise.resolve();
      },
    };
    const reason = await readInOrder(attempt, first);
    if (reason === undefined) return newestOfEach(records);
    if (number > 1) throw incomplete(place.path, reason);
    before = attempt.tally.content;
    ports.log({
      level: "warn",
      endpoint: place.path,
      message: `/${place.path}: ${reason}; read again`,
    });
  }
}

function pagesOf({ root, path, filter }: CollectionPlace, { client, pageSize }: CollectionDeps) {
  const read = new Map<PageSummary, Members[]>();
  const fetch: PageFetch["fetch"] = ({ sorted }, { at }, signal) => {
    const asked = { limit: pageSize, offset: Number(at), sorted, filter };
    const url = at instanceof URL ? at : collectionUrl(root, path, asked);
    return client.get(url, (answer) => Promise.resolve(readAnswer(answer, url)), { signal });
  };

  function readAnswer({ body, header }: Answer, url: URL): Reading<Page> {
    const page = readPage(new Uint8Array(body), path);
    const { problem, received, ids } = page;
    if (problem?.kind === "no-envelope") throw notOneRoster({ method: "GET", url }, problem.detail);
    if (problem !== undefined) {
      const kind = problem.kind === "truncated" ? "body" : problem.kind;
      return { trouble: { kind, detail: problem.detail } };
    }
    const summary: PageSummary = { received, ids, filteredOut: 0 };
    read.set(summary, page.records.filter(isMembers));
    const total = totalOf(header("x-total-count"));
    return { value: { summary, url, total, next: nextPage(header("link"), url) } };
  }

  return { fetch, recordsOf: (summary: PageSummary) => read.get(summary) ?? [] };
}

function newestOfEach(records: Members[]): Members[] {
  const newest = new Map<unknown, Members>();
  for (const record of records) {
    // Records without an id cannot be told apart, and all of them are passed on.
    const id = idText(record.sourcedId) ?? record;
    const before = newest.get(id);
    if (before === undefined || modified(record) >= modified(before)) newest.set(id, record);
  }
  return [...newest.values()];
}

function modified({ dateLastModified }: Members): string {
  return typeof dateLastModified === "string" ? dateLastModified : "";
}

function incomplete(path: string, reason: string): Failure {
  return new Failure("source.incomplete", `/${path}: ${reason}`, {
    hint: "Either somebody works in this gradebook while it is read, or the SIS's paging repeats and skips some. Run again at a quieter hour; if it stays, tell the SIS's support.",
  });
}
