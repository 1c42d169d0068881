/** Stage extract: the whole roster, page by page, into the archive; users and enrollments drafted on the way. */
import { mkdirSync, rmSync } from "node:fs";
import type { RestSourceConfig } from "../../config/schema.ts";
import type { RecordType } from "../../connectors/oneroster/records.ts";
import {
  connectOneRoster,
  REAL_PORTS,
  type EndpointReport,
  type PageSink,
  type PageSummary,
  type RawPage,
} from "../../connectors/oneroster/source.ts";
import {
  createArchive,
  readArchiveIndex,
  type ArchivedEndpoint,
  type EndpointWriter,
} from "../../connectors/store/archive.ts";
import type { Run } from "../run/run.ts";
import { appendDrafts, removeDrafts } from "./drafts.ts";
import { addNotes, type Notes } from "./notes.ts";
import { draftsOf, nightFolders, type NightFolders } from "./folders.ts";
import type { PageReply } from "./page-worker.ts";
import type { PageWorkers } from "./workers.ts";

/** In the order in which people think of them, and the manifest lists them. */
const RECORD_TYPES: readonly RecordType[] = [
  "orgs",
  "academicSessions",
  "courses",
  "classes",
  "users",
  "enrollments",
];

/**
 * Gives what was read leniently of users and enrollments.
 * @throws Failure source.… when anything cannot be had completely
 */
export async function extract(run: Run, source: RestSourceConfig, workers: PageWorkers): Promise<Notes> {
  const notes: Notes = new Map();
  const folders = nightFolders(run.folder);
  const kept = run.resumed ? completeEndpoints(folders.extract) : [];
  rmSync(folders.map, { recursive: true, force: true });
  mkdirSync(folders.map, { recursive: true, mode: 0o700 });
  const pages = keepPages(folders, kept, workers, notes);
  const progress = followProgress(run);

  const sis = connectOneRoster(source, {
    ...REAL_PORTS,
    scrub: run.scrub,
    log: ({ level, message, endpoint }) => {
      run.log[level]({ stage: "extract", endpoint }, message);
    },
    progress,
  });
  const report = await sis.extract(pages.sink, run.signal);
  pages.forgetOthers(report.endpoints);

  const none = () => ({ records: 0, rejected: 0, pages: 0, gone: 0, leftOut: {} });
  run.manifest.extracted = Object.fromEntries(RECORD_TYPES.map((type) => [type, none()]));
  for (const { type, pages, records } of report.endpoints) {
    const entry = (run.manifest.extracted[type] ??= {
      records: 0,
      rejected: 0,
      pages: 0,
      gone: 0,
      leftOut: {},
    });
    entry.records += records;
    entry.pages += pages;
  }
  const sum = (count: (entry: { records: number; pages: number }) => number) =>
    Object.values(run.manifest.extracted).reduce((all, entry) => all + count(entry), 0);
  const records = sum((entry) => entry.records);
  run.log.info(
    { stage: "extract", records, extracted: run.manifest.extracted },
    `extract: ${records.toLocaleString("en")} records in ${sum((entry) => entry.pages).toLocaleString("en")} pages`,
  );
  return notes;
}

/** One endpoint while it is read. */
interface Kept {
  writer: EndpointWriter;
  notes: Notes;
  filter: string | null;
  filteredBySis: boolean;
}

interface PageKeeper {
  sink: PageSink;
  /** What was kept from before of endpoints that were not asked this time is no part of the roster. */
  forgetOthers(endpoints: readonly EndpointReport[]): void;
}

/** What an extract that died has read to its end. */
function completeEndpoints(folder: string): ArchivedEndpoint[] {
  try {
    return readArchiveIndex(folder);
  } catch {
    // It died before the first one was complete.
    return [];
  }
}

/** Keeps pages as they come: each endpoint has its own file in the archive, and its own drafts. */
function keepPages(
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

/** One line for all endpoints: records so far, of as many as the SIS has promised for every endpoint begun. */
function followProgress(
  run: Run,
): (progress: { endpoint: string; records: number; total: number | undefined }) => void {
  const endpoints = new Map<string, { records: number; total: number | undefined }>();
  return ({ endpoint, records, total }) => {
    endpoints.set(endpoint, { records, total });
    let done = 0;
    let all: number | undefined = 0;
    for (const one of endpoints.values()) {
      done += one.records;
      all = all === undefined || one.total === undefined ? undefined : all + one.total;
    }
    run.progress({ stage: "extract", unit: "records", done, total: all });
  };
}
