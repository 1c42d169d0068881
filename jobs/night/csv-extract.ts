/** Stage extract for OneRoster CSV: an export, and for its deltas what the exports before it have said. */
import { dirname, join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { Failure } from "../../config/failure.ts";
import {
  type CsvSourceConfig,
  extractCsv,
  type FindState,
  type LastState,
} from "../../connectors/oneroster/csv/source.ts";
import type { RecordType } from "../../connectors/oneroster/records.ts";
import { archivedPages, type ArchivedEndpoint, readArchiveIndex } from "../../connectors/store/archive.ts";
import { readCsvState, recordCsvState } from "../run/csv-state.ts";
import type { Run } from "../run/run.ts";
import type { Counted, Extraction } from "./extract.ts";
import { nightFolders } from "./folders.ts";
import { keepPages } from "./page-keeper.ts";

/** @throws Failure source.… */
export async function extractFromCsv(
  source: CsvSourceConfig,
  { run, ports, workers, notes }: Extraction,
): Promise<Counted[]> {
  const folders = nightFolders(run.folder);
  const { id: institution } = run.manifest.institution;
  const state = stateFolder(run);
  const last = readCsvState(state, institution);
  // It died after its last page: what it has read is the state already, and must not be read onto itself.
  if (typeof last === "object" && last.run === run.id) return archived(folders.extract);

  const pages = keepPages(folders, [], workers, notes);
  const spill = join(folders.spill, "csv");
  const { endpoints, written } = await extractCsv(
    source,
    { ...ports, findState: stateFinder(run), spill },
    pages.sink,
    run.signal,
  );
  const { version } = source;
  recordCsvState(state, institution, { run: run.id, readAt: run.now().toISOString(), version, written });
  return endpoints;
}

function stateFinder(run: Run): FindState {
  return () => {
    const state = stateFolder(run);
    const last = readCsvState(state, run.manifest.institution.id);
    if (last === undefined) return "nothing has been read before it";
    if (last === "unreadable") return "the note of what was read before it cannot be read";
    const folder = nightFolders(join(state, "runs", last.run)).extract;
    const lost = `what run ${last.run} has read is gone or damaged`;
    let index: ArchivedEndpoint[];
    try {
      index = readArchiveIndex(folder);
    } catch {
      return lost;
    }
    run.log.info({ stage: "extract" }, `changes are applied to what run ${last.run} read (${last.readAt})`);
    const { version, written } = last;
    return { version, written, records: (type) => recordsIn(folder, index, type, lost) };
  };
}

/** @param lost why a state that cannot be read is none */
function* recordsIn(
  folder: string,
  index: readonly ArchivedEndpoint[],
  type: RecordType,
  lost: string,
): ReturnType<LastState["records"]> {
  for (const endpoint of index.filter((one) => one.type === type)) {
    for (const page of pagesOf(folder, endpoint, lost)) yield page[type] ?? [];
  }
}

type Page = Record<string, Record<string, unknown>[]>;

function* pagesOf(folder: string, endpoint: ArchivedEndpoint, lost: string): Generator<Page> {
  try {
    for (const frame of archivedPages(folder, endpoint)) {
      yield JSON.parse(zstdDecompressSync(new Uint8Array(frame)).toString()) as Page;
    }
  } catch (error) {
    throw new Failure("source.no-state", `The export has only what changed, and ${lost}.`, {
      hint: "Have the SIS export everything once (bulk), and run with that; after it deltas will do.",
      cause: error,
    });
  }
}

function archived(folder: string): Counted[] {
  return readArchiveIndex(folder).map(({ type, pages, records }) => ({
    type: type as RecordType,
    pages: pages.length,
    records,
  }));
}

function stateFolder(run: Run): string {
  return dirname(dirname(run.folder));
}
