/** Drafts: made while they are extracted, and made again when they are missing or outdated. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { archiveDamaged, archivedPages, type ArchivedEndpoint } from "../../connectors/store/archive.ts";
import { replaceFile } from "../run/files.ts";
import { appendDrafts } from "./drafts.ts";
import { draftsOf, type NightFolders } from "./folders.ts";
import { addNotes, type Notes } from "./notes.ts";
import type { PageWorkerData } from "./page-worker.ts";
import type { PageWorkers } from "./workers.ts";
import { changedSince, type Sizes, sizesIn } from "./written.ts";
import type { RecordType } from "../../connectors/oneroster/records.ts";

interface Drafted {
  /** The options that the drafts were made under. */
  options: PageWorkerData;
  notes: [string, unknown][];
  sizes: Sizes;
}

/** Says that every draft of the archive is there, made under these options. */
export function sealDrafts(folders: NightFolders, options: PageWorkerData, notes: Notes): void {
  const drafted: Drafted = { options, notes: [...notes], sizes: sizesIn(folders.map) };
  replaceFile(join(folders.map, "drafted.json"), JSON.stringify(drafted));
}

/** Makes the drafts anew unless all are there, made under the same options; gives their notes. */
export async function ensureDrafts(
  folders: NightFolders,
  index: readonly ArchivedEndpoint[],
  options: PageWorkerData,
  workers: PageWorkers,
): Promise<Notes> {
  const known = readDrafted(folders);
  if (known !== undefined && JSON.stringify(known.options) === JSON.stringify(options)) {
    return new Map(known.notes) as Notes;
  }
  rmSync(folders.map, { recursive: true, force: true });
  mkdirSync(folders.map, { recursive: true, mode: 0o700 });
  const notes: Notes = new Map();
  for (const endpoint of index) {
    const type = endpoint.type as RecordType;
    const files = draftsOf(folders.map, endpoint.name);
    const { endpoint: path, filter, filteredBySis } = endpoint;
    for (const body of archivedPages(folders.extract, endpoint)) {
      const reply = await workers.work({ type, endpoint: path, body, archived: true, filter, filteredBySis });
      const { problem } = reply.summary;
      if (problem !== undefined) {
        throw archiveDamaged(join(folders.extract, `${endpoint.name}.json.zst`), `holds ${problem.detail}`);
      }
      appendDrafts(files, reply.drafts);
      addNotes(notes, reply.notes);
    }
  }
  sealDrafts(folders, options, notes);
  return notes;
}

function readDrafted(folders: NightFolders): Drafted | undefined {
  try {
    const drafted = JSON.parse(readFileSync(join(folders.map, "drafted.json"), "utf8")) as Drafted;
    return changedSince(folders.map, drafted.sizes) === undefined ? drafted : undefined;
  } catch {
    // Not there, damaged, or of a version that noted less.
    return undefined;
  }
}
