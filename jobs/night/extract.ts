/** Stage extract: the whole roster, page by page, into the archive; users and enrollments drafted on the way. */
import { mkdirSync, rmSync } from "node:fs";
import type { RestSourceConfig, RosterConfig, SourceConfig } from "../../config/schema.ts";
import { RECORD_TYPES } from "../../connectors/oneroster/records.ts";
import {
  connectOneRoster,
  type EndpointReport,
  REAL_PORTS,
  type SourcePorts,
  type Wanted,
} from "../../connectors/oneroster/source.ts";
import { readArchiveIndex, type ArchivedEndpoint } from "../../connectors/store/archive.ts";
import type { Run } from "../run/run.ts";
import { extractFromCsv } from "./csv-extract.ts";
import { nightFolders } from "./folders.ts";
import type { Notes } from "./notes.ts";
import { keepPages } from "./page-keeper.ts";
import type { PageWorkers } from "./workers.ts";

/** How much of an endpoint there is. */
export type Counted = Pick<EndpointReport, "type" | "pages" | "records">;

/** A kind of source, reading: page by page into the run folder, and what of it is there in the end. */
export interface Extraction {
  run: Run;
  ports: Pick<SourcePorts, "log" | "progress" | "scrub">;
  workers: PageWorkers;
  notes: Notes;
}

/**
 * Gives what was read leniently of users and enrollments.
 * @throws Failure source.… when anything cannot be had completely
 */
export async function extract(
  run: Run,
  source: SourceConfig,
  roster: RosterConfig,
  workers: PageWorkers,
): Promise<Notes> {
  const notes: Notes = new Map();
  const { map } = nightFolders(run.folder);
  rmSync(map, { recursive: true, force: true });
  mkdirSync(map, { recursive: true, mode: 0o700 });
  const ports: Extraction["ports"] = {
    scrub: run.scrub,
    log: ({ level, message, endpoint }) => {
      run.log[level]({ stage: "extract", endpoint }, message);
    },
    progress: followProgress(run),
  };
  const extraction = { run, ports, workers, notes };
  const endpoints =
    source.kind === "oneroster-csv"
      ? await extractFromCsv(source, extraction)
      : await extractFromRest(source, { everybody: isEverybodyWanted(roster) }, extraction);
  record(run, endpoints);
  return notes;
}

function isEverybodyWanted({ observers, admins, users }: RosterConfig): boolean {
  return observers || Object.keys(admins.roles).length > 0 || users.include === "all";
}

async function extractFromRest(
  source: RestSourceConfig,
  wanted: Wanted,
  { run, ports, workers, notes }: Extraction,
): Promise<Counted[]> {
  const folders = nightFolders(run.folder);
  const kept = run.resumed && isOfTheSameNight(run) ? completeEndpoints(folders.extract) : [];
  const pages = keepPages(folders, kept, workers, notes);
  const sis = connectOneRoster(source, { ...REAL_PORTS, ...ports }, wanted);
  const { endpoints } = await sis.extract(pages.sink, run.signal);
  pages.forgetOthers(endpoints);
  return endpoints;
}

/** Hours; what was read longer ago is another moment of the SIS, though it hold as many records still. */
const SAME_NIGHT_HOURS = 12;

function isOfTheSameNight({ manifest, now }: Run): boolean {
  return Math.abs(now().getTime() - Date.parse(manifest.startedAt)) < SAME_NIGHT_HOURS * 3_600_000;
}

function record(run: Run, endpoints: readonly Counted[]): void {
  const none = () => ({ records: 0, rejected: 0, pages: 0, gone: 0, leftOut: {} });
  run.manifest.extracted = Object.fromEntries(RECORD_TYPES.map((type) => [type, none()]));
  for (const { type, pages, records } of endpoints) {
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
