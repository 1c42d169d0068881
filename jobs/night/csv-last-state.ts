/** What the CSV exports before this one have said: the archive of the run that read the last of them. */
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { Failure } from "../../config/failure.ts";
import type { FindState, LastState } from "../../connectors/oneroster/csv/source.ts";
import type { RecordType } from "../../connectors/oneroster/records.ts";
import { archivedPages, type ArchivedEndpoint, readArchiveIndex } from "../../connectors/store/archive.ts";
import { readCsvState } from "../run/csv-state.ts";
import { nightFolders } from "./folders.ts";

/** @param say told which state it is, when it is asked for */
export function csvStateFinder(state: string, institution: string, say: (words: string) => void): FindState {
  return () => {
    const last = readCsvState(state, institution);
    if (last === undefined) return "nothing has been read before it";
    if (last === "unreadable") return "the note of what was read before it cannot be read";
    const { run, readAt, version, written } = last;
    const folder = nightFolders(join(state, "runs", run)).extract;
    const lost = `what run ${run} has read is gone or damaged`;
    const index = indexOf(folder);
    if (index === undefined) return lost;
    say(`changes are applied to what run ${run} read (${readAt})`);
    return { version, written, records: (type) => recordsIn(folder, index, type, lost) };
  };
}

function indexOf(folder: string): ArchivedEndpoint[] | undefined {
  try {
    return readArchiveIndex(folder);
  } catch {
    return undefined;
  }
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
