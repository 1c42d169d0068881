/** Where an export lies: a folder of CSVs, or a zip of them. */
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openZip } from "../../formats/zip.ts";
import { changedWhileRead, damaged, foundTwice, noExport, noManifest, zipUnusable } from "./failures.ts";

export interface CsvFile {
  /** As the export writes it, for people: `Users.csv`. */
  name: string;
  /** ISO 8601. */
  modified: string;
  /** @throws Failure source.export-damaged */
  read(): AsyncIterable<Buffer>;
}

export interface CsvExport {
  path: string;
  /** By their names in lower case, without `.csv`. */
  files: ReadonlyMap<string, CsvFile>;
  /** What a person should know of it. */
  notes: string[];
  /** @throws Failure source.export-changed when anything was written since it was opened */
  proveUnchanged(): Promise<void>;
  close(): void;
}

/** CSVs of a district are 10 to 50 times smaller in a zip; 1000 times smaller is what a bomb is. */
const LIMITS = { maxBytes: 32 * 1024 ** 3, maxRatio: 200 };
const CHUNK_BYTES = 256 * 1024;

/** @throws Failure source.no-export, source.no-manifest, source.export-damaged, source.export-files */
export async function openExport(path: string): Promise<CsvExport> {
  const place = await stat(path).catch((error: unknown) => {
    throw noExport(path, error);
  });
  return place.isDirectory() ? openFolder(path) : openZipped(path);
}

async function openFolder(path: string): Promise<CsvExport> {
  const entries = await readdir(path).catch((error: unknown) => {
    throw noExport(path, error);
  });
  const files = new Map<string, CsvFile>();
  const marks: [string, string][] = [];
  for (const name of entries.filter(isCsv).sort()) {
    const file = join(path, name);
    const mark = await markOf(file);
    marks.push([file, mark]);
    add(files, name, new Date(Number(mark.split(" ")[0])), () => bytesOf(file, name));
  }
  if (!files.has("manifest")) throw noManifest(path);
  return { path, files, notes: [], proveUnchanged: () => proveUnchanged(marks), close: () => undefined };
}

/** The folder of the zip that the manifest is in is the export; the standard wants it at the root. */
async function openZipped(path: string): Promise<CsvExport> {
  const mark = await markOf(path);
  const zip = await openZip(path, LIMITS, (why, cause) => zipUnusable(path, why, cause));
  try {
    const manifests = zip.files.filter((file) => baseName(file.path).toLowerCase() === "manifest.csv");
    const [manifest, other] = manifests;
    if (manifest === undefined) throw noManifest(path);
    if (other !== undefined) throw foundTwice(manifest.path, other.path);
    const root = manifest.path.slice(0, -baseName(manifest.path).length);
    const files = new Map<string, CsvFile>();
    for (const file of zip.files) {
      const name = file.path.slice(root.length);
      if (file.path.startsWith(root) && isCsv(name)) add(files, name, file.modified, () => file.read());
    }
    const notes = root === "" ? [] : [`the files are in a folder of the zip (${root}), not at its root`];
    return {
      path,
      files,
      notes,
      proveUnchanged: () => proveUnchanged([[path, mark]]),
      close: () => {
        zip.close();
      },
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function add(files: Map<string, CsvFile>, name: string, modified: Date, read: CsvFile["read"]): void {
  const key = name.slice(0, -".csv".length).toLowerCase();
  const known = files.get(key);
  if (known !== undefined) throw foundTwice(known.name, name);
  files.set(key, { name, modified: modified.toISOString(), read });
}

/** Hidden ones are shadows that other programs leave. */
function isCsv(name: string): boolean {
  return /^[^./\\][^/\\]*\.csv$/i.test(name);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function* bytesOf(file: string, name: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw damaged(name, "it cannot be opened", error);
  }
}

/** Milliseconds of its last change, and its size. */
async function markOf(file: string): Promise<string> {
  const { mtimeMs, size } = await stat(file).catch((error: unknown) => {
    throw noExport(file, error);
  });
  return `${Math.floor(mtimeMs)} ${size}`;
}

async function proveUnchanged(marks: readonly [string, string][]): Promise<void> {
  for (const [file, mark] of marks) {
    const now = await markOf(file).catch(() => undefined);
    if (now !== mark) throw changedWhileRead(file);
  }
}

/** An export is made every night; one that is older than a long weekend is one that somebody forgot. */
const STALE_DAYS = 4;
const DAY_MS = 86_400_000;

/** When the newest file was written, ISO 8601, and in words that it is long ago. */
export function ageOf({ files }: CsvExport, now: number): { written: string; warning: string | undefined } {
  const written =
    [...files.values()]
      .map(({ modified }) => modified)
      .toSorted()
      .at(-1) ?? "";
  const days = Math.floor((now - Date.parse(written)) / DAY_MS);
  const warning =
    days >= STALE_DAYS ? `the newest file was written ${days} days ago (${written})` : undefined;
  return { written, warning };
}
