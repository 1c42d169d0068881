/** Stage extract for OneRoster CSV: an export, and for its deltas what the exports before it have said. */
import { dirname, join } from "node:path";
import { type CsvSourceConfig, extractCsv } from "../../connectors/oneroster/csv/source.ts";
import type { RecordType } from "../../connectors/oneroster/records.ts";
import { readArchiveIndex } from "../../connectors/store/archive.ts";
import { readCsvState, recordCsvState } from "../run/csv-state.ts";
import { csvStateFinder } from "./csv-last-state.ts";
import type { Counted, Extraction } from "./extract.ts";
import { nightFolders } from "./folders.ts";
import { keepPages } from "./page-keeper.ts";

/** @throws Failure source.… */
export async function extractFromCsv(
  source: CsvSourceConfig,
  { run, ports, workers, notes }: Extraction,
): Promise<Counted[]> {
  const folders = nightFolders(run.folder);
  const state = dirname(dirname(run.folder));
  const { id: institution } = run.manifest.institution;
  const last = readCsvState(state, institution);
  // It died after its last page: what it has read is the state already, and must not be read onto itself.
  if (typeof last === "object" && last.run === run.id) return archived(folders.extract);

  const pages = keepPages(folders, [], workers, notes);
  const findState = csvStateFinder(state, institution, (words) => {
    run.log.info({ stage: "extract" }, words);
  });
  const spill = join(folders.spill, "csv");
  const { endpoints, written } = await extractCsv(
    source,
    { ...ports, findState, spill, now: Date.now },
    pages.sink,
    run.signal,
  );
  const { version } = source;
  recordCsvState(state, institution, { run: run.id, readAt: run.now().toISOString(), version, written });
  return endpoints;
}

function archived(folder: string): Counted[] {
  return readArchiveIndex(folder).map(({ type, pages, records }) => ({
    type: type as RecordType,
    pages: pages.length,
    records,
  }));
}
