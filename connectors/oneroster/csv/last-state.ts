/** What the exports before this one have said, all together: what a delta is applied to. */
import type { RecordType } from "../records.ts";
import { absentFiles, noState, olderThanState } from "./failures.ts";
import { type Manifest, modeIn } from "./manifest.ts";
import type { CsvExport } from "./place.ts";
import { type CsvVersion, DISPENSABLE, type Table, tablesOf } from "./tables.ts";

/** When the file of each table that was read last was written: ISO 8601. */
export type FileTimes = Partial<Record<Table, string>>;

export interface LastState {
  version: CsvVersion;
  written: FileTimes;
  /** The records of a kind, some at a time, as the sink was given them. @throws Failure when they cannot be had */
  records(type: RecordType): Iterable<Record<string, unknown>[]>;
}

/** @returns the state, or in words why there is none */
export type FindState = () => LastState | string;

/**
 * The state that the deltas of an export are applied to; undefined for one that has none, for it is complete by itself.
 * @throws Failure source.no-state, source.older-export
 */
export function stateFor(
  { files }: Pick<CsvExport, "files">,
  manifest: Manifest,
  version: CsvVersion,
  find: FindState,
): LastState | undefined {
  const deltas = tablesOf(version).filter((table) => modeIn(manifest, table) === "delta");
  if (deltas.length === 0) return undefined;
  const names = deltas.map((table) => `${table}.csv`);
  const state = find();
  if (typeof state === "string") throw noState(names, state);
  if (state.version !== version)
    throw noState(names, `what was read before was OneRoster ${state.version}, not ${version}`);
  for (const table of deltas) {
    const file = files.get(table.toLowerCase());
    const last = state.written[table];
    if (file !== undefined && last !== undefined && file.modified < last)
      throw olderThanState(file.name, file.modified, last);
  }
  return state;
}

/** A SIS exports every night; who reads fewer of its deltas than that should know it. */
const GAP_DAYS = 4;
const DAY_MS = 86_400_000;

/**
 * That a delta was never read nobody can see from the next one; that there was time for some can be told, as after a
 * pause in the summer.
 */
export function gapNotes(
  { files }: Pick<CsvExport, "files">,
  manifest: Manifest,
  version: CsvVersion,
  state: LastState,
): string[] {
  const gaps = tablesOf(version)
    .filter((table) => modeIn(manifest, table) === "delta")
    .map((table) => {
      const [now, last] = [files.get(table.toLowerCase())?.modified, state.written[table]];
      return now === undefined || last === undefined ? 0 : (Date.parse(now) - Date.parse(last)) / DAY_MS;
    });
  const days = Math.floor(Math.max(0, ...gaps));
  return days < GAP_DAYS
    ? []
    : [
        `the changes (delta) were written ${days} days after what was read last: if the SIS has exported in between, ` +
          "those changes are missing, and it should export everything once (bulk)",
      ];
}

/** Without anything known before, what the export does not have nobody has. @throws Failure source.missing-file */
export function requireWhole(manifest: Manifest, version: CsvVersion): void {
  const absent = tablesOf(version).filter(
    (table) => modeIn(manifest, table) === "absent" && !DISPENSABLE.includes(table),
  );
  if (absent.length > 0) throw absentFiles(absent);
}
