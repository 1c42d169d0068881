/** Orgs, sessions, courses and classes out of the archive: small enough to hold, and each needs all of another. */
import { zstdDecompressSync } from "node:zlib";
import { readPage } from "../../connectors/oneroster/page.ts";
import { readRecord } from "../../connectors/oneroster/read-record.ts";
import type { Reject, RosterRecords } from "../../connectors/oneroster/records.ts";
import { archivedPages, type ArchivedEndpoint } from "../../connectors/store/archive.ts";
import { keepMatching } from "./filtering.ts";
import { note, type Notes } from "./notes.ts";

export type SmallType = "orgs" | "academicSessions" | "courses" | "classes";

export interface SmallCollection<T extends SmallType> {
  /** Gone ones too: what refers to them must be told apart from what refers to nothing. */
  records: RosterRecords[T][];
  rejects: Reject[];
}

/** The newest copy of each record of a type, in the order of their sourcedIds. */
export function readSmallCollection<T extends SmallType>(
  folder: string,
  index: readonly ArchivedEndpoint[],
  type: T,
  notes: Notes,
): SmallCollection<T> {
  const newest = new Map<string, Copy<T>>();
  const nameless: Reject[] = [];
  for (const endpoint of index.filter((entry) => entry.type === type)) {
    for (const raw of archivedRecords(folder, endpoint)) {
      const { record, reject, leniences } = readRecord(type, raw);
      for (const { field, reason, sourcedId } of leniences ?? []) note(notes, type, field, reason, sourcedId);
      const id = record?.sourcedId ?? reject?.sourcedId ?? "";
      if (id === "" && reject !== undefined) {
        nameless.push(reject);
        continue;
      }
      const copy = { modified: record?.dateLastModified ?? "", content: JSON.stringify(raw), record, reject };
      const known = newest.get(id);
      if (known === undefined || isNewer(copy, known)) newest.set(id, copy);
    }
  }
  const ordered = [...newest.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, copy]) => copy);
  return {
    records: ordered.flatMap(({ record }) => (record === undefined ? [] : [record])),
    rejects: [...ordered.flatMap(({ reject }) => (reject === undefined ? [] : [reject])), ...nameless],
  };
}

interface Copy<T extends SmallType> {
  modified: string;
  content: string;
  record: RosterRecords[T] | undefined;
  reject: Reject | undefined;
}

/** Of equally new copies the content decides, so that it does not matter which page came first. */
function isNewer(one: Copy<SmallType>, other: Copy<SmallType>): boolean {
  if (one.modified !== other.modified) return one.modified > other.modified;
  return one.content < other.content;
}

function* archivedRecords(folder: string, endpoint: ArchivedEndpoint): Generator {
  for (const frame of archivedPages(folder, endpoint)) {
    const page = readPage(zstdDecompressSync(new Uint8Array(frame)), endpoint.endpoint);
    if (page.problem !== undefined)
      throw new Error(`${endpoint.name} of the archive: ${page.problem.detail}`);
    yield* keepMatching(page.records, endpoint.filter, endpoint.filteredBySis);
  }
}
