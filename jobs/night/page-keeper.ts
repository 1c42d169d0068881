/** Keeps pages as they come: each endpoint has its own file in the archive, and its own drafts. */
import type { EndpointReport, PageSink, PageSummary, RawPage } from "../../connectors/oneroster/source.ts";
import { createArchive, type ArchivedEndpoint, type EndpointWriter } from "../../connectors/store/archive.ts";
import { appendDrafts, removeDrafts } from "./drafts.ts";
import { draftsOf, type NightFolders } from "./folders.ts";
import { addNotes, type Notes } from "./notes.ts";
import type { PageReply } from "./page-worker.ts";
import type { PageWorkers } from "./workers.ts";

/** One endpoint while it is read. */
interface Kept {
  writer: EndpointWriter;
  notes: Notes;
  filter: string | null;
  filteredBySis: boolean;
}

export interface PageKeeper {
  sink: PageSink;
  /** What was kept from before of endpoints that were not asked this time is no part of the roster. */
  forgetOthers(endpoints: readonly EndpointReport[]): void;
}

/** @param complete what an earlier reading has left, and what may be good still */
export function keepPages(
  folders: NightFolders,
  complete: readonly ArchivedEndpoint[],
  workers: PageWorkers,
  notes: Notes,
): PageKeeper {
  const archive = createArchive(folders.extract, complete);
  const before = new Map(complete.map((endpoint) => [endpoint.endpoint, endpoint]));
  const endpoints = new Map<string, Kept>();
  const read = new WeakMap<PageSummary, { page: RawPage; reply: PageReply }>();

  function forget(endpoint: string): void {
    const old = before.get(endpoint);
    if (old !== undefined) archive.forget(old);
    before.delete(endpoint);
  }

  function begin({ type, endpoint, filter, filteredBySis }: Omit<RawPage, "body">): Kept {
    const writer = archive.begin(type, endpoint);
    const kept: Kept = { writer, notes: new Map(), filter: filter ?? null, filteredBySis };
    endpoints.set(endpoint, kept);
    return kept;
  }

  const sink: PageSink = {
    kept(endpoint) {
      const found = before.get(endpoint);
      if (found?.total == null) return undefined;
      return { pages: found.pages.length, records: found.records, total: found.total };
    },
    async read(page) {
      const { type, endpoint, body, filteredBySis } = page;
      const filter = page.filter ?? null;
      const reply = await workers.work({ type, endpoint, body, archived: false, filter, filteredBySis });
      read.set(reply.summary, { page, reply });
      return reply.summary;
    },
    keep(summary) {
      const { page, reply } = read.get(summary) ?? {};
      if (page === undefined || reply?.frame === undefined)
        throw new Error("a page was kept that was not read");
      forget(page.endpoint);
      const kept = endpoints.get(page.endpoint) ?? begin(page);
      kept.writer.add(reply.frame);
      appendDrafts(draftsOf(folders.map, kept.writer.name), reply.drafts);
      addNotes(kept.notes, reply.notes);
      return Promise.resolve();
    },
    restart(endpoint) {
      forget(endpoint);
      const kept = endpoints.get(endpoint);
      if (kept !== undefined) {
        kept.writer.abandon();
        removeDrafts(draftsOf(folders.map, kept.writer.name));
        endpoints.delete(endpoint);
      }
      return Promise.resolve();
    },
    done({ type, endpoint, records, total }) {
      const kept =
        endpoints.get(endpoint) ??
        begin({ type, endpoint, attempt: 1, index: 0, filter: undefined, filteredBySis: false });
      const { writer, filter, filteredBySis } = kept;
      writer.done({ records, total: total ?? null, filter, filteredBySis });
      addNotes(notes, kept.notes);
      return Promise.resolve();
    },
  };
  return {
    sink,
    forgetOthers(endpoints) {
      const read = new Set(endpoints.map(({ endpoint }) => endpoint));
      for (const endpoint of [...before.keys()]) if (!read.has(endpoint)) forget(endpoint);
    },
  };
}
