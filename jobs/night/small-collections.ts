/** Orgs, sessions, courses and classes: small enough to hold, and each needs all of another. */
import { existsSync, readFileSync } from "node:fs";
import type { Reject, RosterRecords } from "../../connectors/oneroster/records.ts";
import type { ArchivedEndpoint } from "../../connectors/store/archive.ts";
import type { SmallDraft } from "./draft-records.ts";
import { draftsOf } from "./folders.ts";

export type SmallType = "orgs" | "academicSessions" | "courses" | "classes";

export interface SmallCollection<T extends SmallType> {
  /** Gone ones too: what refers to them must be told apart from what refers to nothing. */
  records: RosterRecords[T][];
  rejects: Reject[];
}

interface Copy<T extends SmallType> extends SmallDraft<T> {
  /** The draft as it is written. */
  line: string;
}

/** The newest copy of each record of a type, in the order of their sourcedIds. */
export function readSmallCollection<T extends SmallType>(
  folder: string,
  index: readonly ArchivedEndpoint[],
  type: T,
): SmallCollection<T> {
  const newest = new Map<string, Copy<T>>();
  const nameless: Reject[] = [];
  for (const { name } of index.filter((endpoint) => endpoint.type === type)) {
    for (const line of linesOf(draftsOf(folder, name).rows)) {
      const copy = { line, ...(JSON.parse(line) as SmallDraft<T>) };
      const id = copy.record?.sourcedId ?? copy.reject?.sourcedId ?? "";
      const known = newest.get(id);
      if (id === "" && copy.reject !== undefined) nameless.push(copy.reject);
      else if (known === undefined || isNewer(copy, known)) newest.set(id, copy);
    }
  }
  const ordered = [...newest].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, copy]) => copy);
  return {
    records: ordered.flatMap(({ record }) => (record === undefined ? [] : [record])),
    rejects: [...ordered.flatMap(({ reject }) => (reject === undefined ? [] : [reject])), ...nameless],
  };
}

/** Of equally new copies the content decides, so that it does not matter which page came first. */
function isNewer<T extends SmallType>(one: Copy<T>, other: Copy<T>): boolean {
  const [modified, than] = [one.record?.dateLastModified ?? "", other.record?.dateLastModified ?? ""];
  return modified === than ? one.line < other.line : modified > than;
}

function linesOf(file: string): string[] {
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}
