/** A district's roster from OneRoster CSV files: all that the mapping needs, completely, or a Failure. */
import type { SourceConfig } from "../../../config/schema.ts";
import { RECORD_TYPES } from "../records.ts";
import type { SourcePorts } from "../ports.ts";
import { schoolsToRead } from "../schools.ts";
import type { EndpointReport, PageSink } from "../sink.ts";
import type { ExtractReport } from "../source.ts";
import { feed } from "./feed.ts";
import { type FileTimes, type FindState, gapNotes, requireWhole, stateFor } from "./last-state.ts";
import { type Manifest, modeIn, readManifest } from "./manifest.ts";
import { ageOf, type CsvExport, openExport } from "./place.ts";
import { recordsOf } from "./table-records.ts";
import { tablesOf } from "./tables.ts";

export type { FileTimes, FindState, LastState } from "./last-state.ts";

export type CsvSourceConfig = Extract<SourceConfig, { kind: "oneroster-csv" }>;

export interface CsvReport extends ExtractReport {
  /** When the files that all this comes from were written. */
  written: FileTimes;
}

export interface CsvPorts extends Pick<SourcePorts, "log" | "progress" | "now"> {
  /** What a delta is applied to. */
  findState: FindState;
  /** A folder for what does not fit in memory; what it holds is removed again. */
  spill: string;
}

/**
 * Reads an export once, file after file. When it rejects, what the sink was given is void.
 * @throws Failure source.…; or the signal's reason
 */
export async function extractCsv(
  config: CsvSourceConfig,
  ports: CsvPorts,
  sink: PageSink,
  signal: AbortSignal,
): Promise<CsvReport> {
  const source = await openExport(config.path);
  try {
    return await readExport(source, config, ports, sink, signal);
  } finally {
    source.close();
  }
}

async function readExport(
  source: CsvExport,
  { version, schools }: CsvSourceConfig,
  ports: CsvPorts,
  sink: PageSink,
  signal: AbortSignal,
): Promise<CsvReport> {
  const warnings: string[] = [];
  const note = (message: string) => {
    warnings.push(message);
    ports.log({ level: "warn", message });
  };
  [...source.notes, ageOf(source, ports.now()).warning].forEach((one) => {
    if (one !== undefined) note(one);
  });
  const manifest = await readManifest(source, version, signal);
  [...manifest.notes, ...filesNotRead(source, manifest, version)].forEach(note);
  const state = stateFor(source, manifest, version, ports.findState);
  if (state === undefined) requireWhole(manifest, version);
  else gapNotes(source, manifest, version, state).forEach(note);

  const written: FileTimes = {};
  const deps = { source, manifest, version, state, spill: ports.spill, signal, note, written };
  const endpoints: EndpointReport[] = [];
  for (const type of RECORD_TYPES) {
    const progress = (pages: number, records: number) =>
      ports.progress?.({ endpoint: type, pages, records, total: undefined });
    const { report, orgs } = await feed(type, recordsOf(type, deps), sink, progress);
    report.warnings.forEach(note);
    endpoints.push(report);
    if (type === "orgs") schoolsToRead(schools, orgs);
  }
  await source.proveUnchanged();
  return { endpoints, warnings, written };
}

/** Files that are there although the manifest does not count on them, in words. */
export function filesNotRead(
  { files }: CsvExport,
  manifest: Manifest,
  version: CsvSourceConfig["version"],
): string[] {
  return tablesOf(version).flatMap((table) => {
    const file = files.get(table.toLowerCase());
    if (file === undefined || modeIn(manifest, table) !== "absent") return [];
    const why = manifest.modes.has(table.toLowerCase()) ? "says that it is absent" : "does not speak of it";
    return [`${file.name} is there and is not read: manifest.csv ${why}`];
  });
}
