/** What a night would meet at an export of CSVs, found out by reading it once: nothing is kept. */
import type { ProbeStep } from "../probe.ts";
import { asFinding, bad, count, doubtful, good } from "../probe/step.ts";
import { type FindState, requireWhole, stateFor } from "./last-state.ts";
import { readHeader } from "./header.ts";
import { type Manifest, modeIn, readManifest } from "./manifest.ts";
import { ageOf, type CsvExport, openExport } from "./place.ts";
import { rawRecord } from "./raw-record.ts";
import { readRows } from "./rows.ts";
import type { CsvSourceConfig } from "./source.ts";
import { type Table, tablesOf } from "./tables.ts";
import { UNREADABLE } from "../record-shapes.ts";

export interface CsvProbePorts {
  findState: FindState;
  now: () => number;
}

/**
 * Each finding when it is known: the export, its manifest, what deltas are applied to, and every file that a night
 * would read. Goes on after a failure as far as that makes sense.
 * @throws the signal's reason
 */
export async function* probeCsv(
  config: CsvSourceConfig,
  ports: CsvProbePorts,
  signal: AbortSignal,
): AsyncGenerator<ProbeStep> {
  const opened = await step("export", ports, signal, () => openExport(config.path));
  if (opened.value === undefined) {
    yield opened.failed;
    return;
  }
  const source = opened.value;
  try {
    yield exportStep(source, ports.now());
    yield* probeFiles(source, config, ports, signal);
  } finally {
    source.close();
  }
}

async function* probeFiles(
  source: CsvExport,
  { version }: CsvSourceConfig,
  ports: CsvProbePorts,
  signal: AbortSignal,
): AsyncGenerator<ProbeStep> {
  const read = await step("manifest", ports, signal, () => readManifest(source, version, signal));
  if (read.value === undefined) {
    yield read.failed;
    return;
  }
  const manifest = read.value;
  yield withNotes("manifest", null, `OneRoster ${version}`, manifest.notes);
  const state = await step("last state", ports, signal, () => {
    const found = stateFor(source, manifest, version, ports.findState);
    if (found === undefined) requireWhole(manifest, version);
    return { found };
  });
  if (state.value === undefined) yield state.failed;
  else if (state.value.found !== undefined)
    yield good("last state", null, "there, for the changes to be applied to");
  for (const table of tablesOf(version)) {
    const counted = await step(table, ports, signal, () =>
      countRows(source, manifest, table, version, signal),
    );
    yield counted.value === undefined ? counted.failed : tableStep(table, counted.value, counted.ms);
  }
}

interface Counted {
  mode: string;
  rows: number;
  unreadable: string[];
  notes: string[];
}

async function countRows(
  source: CsvExport,
  manifest: Manifest,
  table: Table,
  version: CsvSourceConfig["version"],
  signal: AbortSignal,
): Promise<Counted> {
  const mode = modeIn(manifest, table);
  const file = source.files.get(table.toLowerCase());
  if (mode === "absent" || file === undefined) return { mode: "absent", rows: 0, unreadable: [], notes: [] };
  const rows = readRows(file, signal);
  const first = await rows.next();
  const cells = first.done === true ? [] : first.value.cells;
  const header = readHeader(file.name, cells, { table, version, mode });
  const counted: Counted = { mode, rows: 0, unreadable: [], notes: header.notes };
  for await (const row of rows) {
    counted.rows++;
    const { [UNREADABLE]: reason } = rawRecord(file.name, row, header, mode);
    if (typeof reason === "string") counted.unreadable.push(reason);
  }
  return counted;
}

function tableStep(table: Table, { mode, rows, unreadable, notes }: Counted, ms: number): ProbeStep {
  const words = mode === "absent" ? "absent" : `${count(rows, "row")}, ${mode}`;
  const [example] = unreadable;
  const all =
    example === undefined
      ? notes
      : [`${count(unreadable.length, "row")} cannot be read (${example})`, ...notes];
  return withNotes(table, ms, words, all);
}

function exportStep(source: CsvExport, now: number): ProbeStep {
  const { written, warning } = ageOf(source, now);
  if (warning === undefined)
    return withNotes("export", null, `${source.path}, written ${written}`, source.notes);
  return doubtful("export", null, `${source.path}: ${warning}`, "See why the SIS has not exported since.");
}

function withNotes(name: string, ms: number | null, words: string, notes: readonly string[]): ProbeStep {
  if (notes.length === 0) return good(name, ms, words);
  const hint = "It is read all the same; tell the SIS's support if it is not meant so.";
  return doubtful(name, ms, [words, ...notes].join("\n"), hint);
}

type Step<T> = { value: T; ms: number; failed?: undefined } | { value?: undefined; failed: ProbeStep };

async function step<T>(
  name: string,
  { now }: CsvProbePorts,
  signal: AbortSignal,
  work: () => T | Promise<T>,
): Promise<Step<T>> {
  const startedAt = now();
  try {
    return { value: await work(), ms: now() - startedAt };
  } catch (error) {
    return { failed: bad(name, now() - startedAt, asFinding(error, signal)) };
  }
}
