/**
 * What the SIS said, page by page as it said it, compressed: `extract/users-001.json.zst` and so on, one file an
 * endpoint, each page a zstd frame of its own (`zstd -dc` reads the whole file), and `extract/index.json`, which
 * names the endpoints that are complete. An endpoint that is not in the index was not read to its end.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Failure } from "../../config/failure.ts";

export interface ArchivedPage {
  offset: number;
  bytes: number;
}

export interface ArchivedEndpoint {
  type: string;
  endpoint: string;
  /** Its files in this folder, and those made of it elsewhere, begin with this name. */
  name: string;
  /** Different records, as the SIS counts them. */
  records: number;
  total: number | null;
  /** A filter that the SIS may not have applied itself, to apply whenever the pages are read. */
  filter: string | null;
  filteredBySis: boolean;
  pages: ArchivedPage[];
}

export interface EndpointWriter {
  readonly name: string;
  add(frame: Uint8Array): void;
  /** Seals the endpoint: from now on it is in the index. */
  done(endpoint: Pick<ArchivedEndpoint, "records" | "total" | "filter" | "filteredBySis">): void;
  /** Gives the file up, as it is read again from its start or not at all. */
  abandon(): void;
}

const INDEX = "index.json";

export interface Archive {
  begin(type: string, endpoint: string): EndpointWriter;
  /** Takes an endpoint that was kept out of the archive again. */
  forget(endpoint: ArchivedEndpoint): void;
}

/**
 * Starts an archive. What the folder held is gone, but for the endpoints to keep of an earlier reading.
 */
export function createArchive(folder: string, kept: readonly ArchivedEndpoint[] = []): Archive {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keptFiles = new Set(kept.map(({ name }) => `${name}.json.zst`));
  for (const file of readdirSync(folder)) {
    if (!keptFiles.has(file)) rmSync(join(folder, file), { recursive: true, force: true });
  }
  let index = [...kept];
  if (index.length > 0) writeIndex(folder, index);
  const numbers = new Map<string, number>();
  for (const { type, name } of kept) {
    numbers.set(type, Math.max(numbers.get(type) ?? 0, Number(name.slice(type.length + 1))));
  }

  return {
    forget(endpoint) {
      index = index.filter(({ name }) => name !== endpoint.name);
      writeIndex(folder, index);
      rmSync(join(folder, `${endpoint.name}.json.zst`), { force: true });
    },
    begin(type, endpoint) {
      const number = (numbers.get(type) ?? 0) + 1;
      numbers.set(type, number);
      const name = `${type}-${String(number).padStart(3, "0")}`;
      const file = join(folder, `${name}.json.zst`);
      const handle = openSync(file, "wx", 0o600);
      const pages: ArchivedPage[] = [];
      let offset = 0;
      return {
        name,
        add(frame) {
          writeFileSync(handle, frame);
          pages.push({ offset, bytes: frame.length });
          offset += frame.length;
        },
        done(counts) {
          // The pages must be on the disk before the index says so: what it names is never read again.
          fsyncSync(handle);
          closeSync(handle);
          index.push({ type, endpoint, name, ...counts, pages });
          writeIndex(folder, index);
        },
        abandon() {
          closeSync(handle);
          rmSync(file, { force: true });
        },
      };
    },
  };
}

/**
 * The endpoints that are complete, in the order in which they became so.
 * @throws Failure internal.archive-damaged
 */
export function readArchiveIndex(folder: string): ArchivedEndpoint[] {
  const file = join(folder, INDEX);
  try {
    const index: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!Array.isArray(index)) throw new TypeError("not a list");
    return index as ArchivedEndpoint[];
  } catch (error) {
    throw archiveDamaged(file, "cannot be read", error);
  }
}

/**
 * The compressed pages of an endpoint, in the order in which they came.
 * @throws Failure internal.archive-damaged
 */
export function* archivedPages(folder: string, endpoint: ArchivedEndpoint): Generator<ArrayBuffer> {
  const file = join(folder, `${endpoint.name}.json.zst`);
  const handle = openPages(file);
  try {
    for (const { offset, bytes } of endpoint.pages) {
      const page = new ArrayBuffer(bytes);
      if (readSync(handle, new Uint8Array(page), 0, bytes, offset) !== bytes) {
        throw archiveDamaged(file, `is shorter than ${INDEX} says`);
      }
      yield page;
    }
  } finally {
    closeSync(handle);
  }
}

function openPages(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw archiveDamaged(file, "cannot be opened", error);
  }
}

/** What the SIS said is lost or changed: no stage can go on from it. */
export function archiveDamaged(file: string, what: string, cause?: unknown): Failure {
  return new Failure("internal.archive-damaged", `What was kept of the SIS is damaged: ${file} ${what}.`, {
    hint: "`rosterbridge rerun --from extract` asks the SIS again.",
    cause,
  });
}

function writeIndex(folder: string, index: ArchivedEndpoint[]): void {
  const temporary = join(folder, `${INDEX}.new`);
  writeFileSync(temporary, JSON.stringify(index), { mode: 0o600, flush: true });
  renameSync(temporary, join(folder, INDEX));
}
