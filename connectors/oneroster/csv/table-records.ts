/** The records of one kind, page by page: straight from their file, or merged with what was known before. */
import { join } from "node:path";
import type { RecordType } from "../records.ts";
import { readHeader } from "./header.ts";
import type { FileTimes, LastState } from "./last-state.ts";
import { type Manifest, modeIn } from "./manifest.ts";
import { idOf, type Merged, take } from "./merge.ts";
import type { CsvExport } from "./place.ts";
import { rawRecord, type RawRecord } from "./raw-record.ts";
import { readRows } from "./rows.ts";
import { openShelf } from "./shelf.ts";
import type { CsvVersion, Table } from "./tables.ts";
import { joinUsers, partRow, rowsOfUser, USER_PARTS, userRow, type UserRow } from "./users.ts";

export interface TableDeps {
  source: CsvExport;
  manifest: Manifest;
  version: CsvVersion;
  state: LastState | undefined;
  /** A folder for what does not fit in memory; it is removed again. */
  spill: string;
  signal: AbortSignal;
  note: (message: string) => void;
  /** Takes up when the file of a table was written. */
  written: FileTimes;
}

/** What one file can be read with. */
export type FileDeps = Omit<TableDeps, "state" | "spill">;

/** @throws Failure source.… */
export function recordsOf(type: RecordType, deps: TableDeps): AsyncIterable<RawRecord> | Iterable<RawRecord> {
  if (type === "users" && deps.version === "1.2") return users(deps);
  switch (modeIn(deps.manifest, type)) {
    case "bulk":
      return fromFile(type, deps);
    case "delta":
      return merged(type, deps);
    case "absent":
      return known(type, deps);
  }
}

/** Nothing is said of it: what was known stays. */
function* known(type: RecordType, { state, written }: TableDeps): Generator<RawRecord> {
  const last = state?.written[type];
  if (last !== undefined) written[type] = last;
  for (const page of state?.records(type) ?? []) yield* page;
}

/** The rows of one file; none where there is no such file. @throws Failure source.… */
export async function* fromFile(table: Table, deps: FileDeps): AsyncGenerator<RawRecord> {
  const { source, manifest, version, signal, note, written } = deps;
  const file = source.files.get(table.toLowerCase());
  if (file === undefined) return;
  const mode = modeIn(manifest, table);
  const rows = readRows(file, signal);
  const first = await rows.next();
  const header = readHeader(file.name, first.done === true ? [] : first.value.cells, {
    table,
    version,
    mode,
  });
  header.notes.forEach(note);
  for await (const row of rows) yield rawRecord(file.name, row, header, mode);
  written[table] = file.modified;
}

async function* merged(type: RecordType, deps: TableDeps): AsyncGenerator<RawRecord> {
  const shelf = openShelf<RawRecord>(join(deps.spill, type));
  try {
    for (const page of deps.state?.records(type) ?? []) {
      for (const one of page) if (idOf(one) !== "") shelf.add(idOf(one), one);
    }
    for await (const one of fromFile(type, deps)) shelf.add(idOf(one), one);
    let outdated = 0;
    for (const part of shelf.parts()) {
      const all: Merged = { records: new Map(), outdated: 0 };
      for (const one of part) {
        if (idOf(one) === "") yield one;
        else take(all, idOf(one), one);
      }
      yield* all.records.values();
      outdated += all.outdated;
    }
    noteOutdated(type, outdated, deps);
  } finally {
    shelf.remove();
  }
}

async function* users(deps: TableDeps): AsyncGenerator<RawRecord> {
  const { state, manifest, written } = deps;
  const shelf = openShelf<UserRow>(join(deps.spill, "users"));
  const isReplaced = (table: Table) => modeIn(manifest, table) === "bulk";
  try {
    for (const page of state?.records("users") ?? []) {
      for (const user of page) {
        if (idOf(user) === "") continue;
        for (const row of rowsOfUser(user)) if (!isReplaced(row.table)) shelf.add(row.of, row);
      }
    }
    for (const table of ["users", ...USER_PARTS] as const) {
      if (modeIn(manifest, table) === "absent") {
        const last = state?.written[table];
        if (last !== undefined) written[table] = last;
        continue;
      }
      for await (const record of fromFile(table, deps)) {
        const row = table === "users" ? userRow(record) : partRow(table, record);
        shelf.add(row.of, row);
      }
    }
    let [outdated, orphans] = [0, 0];
    for (const part of shelf.parts()) {
      const joined = joinUsers(part);
      yield* joined.users;
      outdated += joined.outdated;
      orphans += joined.orphans;
    }
    noteOutdated("users", outdated, deps);
    if (orphans > 0)
      deps.note(
        `${orphans} rows of roles.csv and userProfiles.csv are of users whom users.csv does not have`,
      );
  } finally {
    shelf.remove();
  }
}

function noteOutdated(type: RecordType, outdated: number, { note }: TableDeps): void {
  if (outdated > 0) note(`${outdated} changes of ${type} are older than what is known, and were not taken`);
}
