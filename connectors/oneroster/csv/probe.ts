/** What a night would meet at an export of CSVs, found out by reading it: nothing is kept. */
import type { RosterSample, SisStep } from "../probe.ts";
import { asFinding, bad, count, doubtful, good, type ProbeStep } from "../probe/step.ts";
import { UNREADABLE } from "../record-shapes.ts";
import { type FindState, gapNotes, requireWhole, stateFor } from "./last-state.ts";
import { modeIn, readManifest } from "./manifest.ts";
import { ageOf, type CsvExport, openExport } from "./place.ts";
import { type CsvSourceConfig, filesNotRead } from "./source.ts";
import { AS_IT_IS, surveyExport } from "./survey.ts";
import { type FileDeps, fromFile } from "./table-records.ts";
import { type Table, tablesOf } from "./tables.ts";

export interface CsvProbePorts {
  findState: FindState;
  now: () => number;
  /** A folder for what does not fit in memory, removed again; undefined where there is none to be had. */
  spill: string | undefined;
  /** How many records of a kind are kept for further questions. */
  mostKept?: number;
}

/**
 * Each finding when it is known: the export, its manifest, what deltas are applied to, every file that a night would read,
 * and what its records are like. Goes on after a failure as far as that makes sense.
 * @returns records of the roster, for further questions; undefined where none are to be had
 * @throws the signal's reason
 */
export async function* probeCsv(
  config: CsvSourceConfig,
  ports: CsvProbePorts,
  signal: AbortSignal,
): AsyncGenerator<SisStep, RosterSample | undefined> {
  const opened = await step("export", ports, signal, () => openExport(config.path));
  if (opened.value === undefined) {
    yield ofSis(opened.failed);
    return undefined;
  }
  const source = opened.value;
  try {
    yield ofSis(exportStep(source, ports.now()));
    return yield* probeFiles(source, config, ports, signal);
  } finally {
    source.close();
  }
}

async function* probeFiles(
  source: CsvExport,
  config: CsvSourceConfig,
  ports: CsvProbePorts,
  signal: AbortSignal,
): AsyncGenerator<SisStep, RosterSample | undefined> {
  const { version } = config;
  const read = await step("manifest", ports, signal, () => readManifest(source, version, signal));
  if (read.value === undefined) {
    yield ofSis(read.failed);
    return undefined;
  }
  const manifest = read.value;
  const notes = [...manifest.notes, ...filesNotRead(source, manifest, version)];
  yield ofSis(withNotes("manifest", null, `OneRoster ${version}`, notes));
  const last = await step("last state", ports, signal, () => {
    const found = stateFor(source, manifest, version, ports.findState);
    if (found === undefined) requireWhole(manifest, version);
    return { found };
  });
  const state = last.value?.found;
  if (last.value === undefined) yield ofSis(last.failed);
  else if (state !== undefined)
    yield ofSis(
      withNotes(
        "last state",
        null,
        "there, for the changes to be applied to",
        gapNotes(source, manifest, version, state),
      ),
    );

  const files = { source, manifest, version, signal, written: {} };
  const readable = new Set<Table>();
  const told = new Set<string>();
  for (const table of tablesOf(version)) {
    const counted = await step(table, ports, signal, () => countRows(table, files));
    if (counted.value !== undefined) readable.add(table);
    for (const words of counted.value?.notes ?? []) told.add(words);
    yield ofSis(counted.value === undefined ? counted.failed : tableStep(table, counted.value, counted.ms));
  }
  if (ports.spill === undefined) {
    yield { section: "records", ...doubtful("records", null, NO_ROOM, "Mend the state folder first.") };
    return undefined;
  }
  const deps = { ...files, state, spill: ports.spill, note: () => undefined };
  return yield* surveyExport(deps, { ...ports, config, readable, told });
}

const NO_ROOM = "not looked at: the state folder cannot be written, and some of it would have to lie there";

function ofSis(step: ProbeStep): SisStep {
  return { section: "sis", ...step };
}

interface Counted {
  mode: string;
  rows: number;
  unreadable: number;
  /** Why the first of them cannot be read. */
  example: string | undefined;
  notes: string[];
}

async function countRows(table: Table, files: Omit<FileDeps, "note">): Promise<Counted> {
  const mode = modeIn(files.manifest, table);
  const counted: Counted = { mode, rows: 0, unreadable: 0, example: undefined, notes: [] };
  if (mode === "absent") return counted;
  const note = (words: string) => counted.notes.push(words);
  for await (const { [UNREADABLE]: reason } of fromFile(table, { ...files, note })) {
    counted.rows++;
    if (typeof reason !== "string") continue;
    counted.unreadable++;
    counted.example ??= reason;
  }
  if (mode === "bulk" && counted.rows === 0) note("it is said to be complete, and holds nothing");
  return counted;
}

function tableStep(table: Table, { mode, rows, unreadable, example, notes }: Counted, ms: number): ProbeStep {
  const words = mode === "absent" ? "absent" : `${count(rows, "row")}, ${mode}`;
  const all =
    example === undefined ? notes : [`${count(unreadable, "row")} cannot be read (${example})`, ...notes];
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
  return doubtful(name, ms, [words, ...notes].join("\n"), AS_IT_IS);
}

type Step<T> = { value: T; ms: number; failed?: undefined } | { value?: undefined; failed: ProbeStep };

async function step<T>(
  name: string,
  { now }: Pick<CsvProbePorts, "now">,
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
