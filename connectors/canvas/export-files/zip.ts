/** The CSVs of a zip, read where they are: nothing of it is written to the disk. */
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import type { ExportFile } from "./export-file.ts";
import { damaged } from "./failures.ts";
import { isHidden, type LocalFile } from "./folder.ts";

export interface ZipLimits {
  /** Of all files of the zip together, unpacked. */
  maxBytes: number;
  /** How many times larger a file may become by unpacking; small ones may be of anything. */
  maxRatio: number;
}

/** A report is about 20 times smaller in a zip; 1000 times smaller is what a bomb is. */
const LIMITS: ZipLimits = { maxBytes: 2 * 1024 ** 3, maxRatio: 200 };
const SMALL_BYTES = 1024 * 1024;

/**
 * Each CSV of a zip, to be read before the next is asked for.
 *
 * @throws Failure source.export-damaged: no zip, a broken one, one with names that climb out of it, a locked one, or
 *   one that would unpack to far too much
 */
export async function* zippedFiles(zip: LocalFile, limits: ZipLimits = LIMITS): AsyncGenerator<ExportFile> {
  const opened = await openPromise(zip.path, { autoClose: false }).catch((error: unknown) => {
    throw damaged(zip.name, `it is not a complete zip (${words(error)})`, error);
  });
  // Without a listener an error of the file would end the process.
  opened.on("error", () => undefined);
  try {
    const entries = await listed(opened, zip.name);
    requireBearable(entries, zip.name, limits);
    for (const entry of entries.filter(isCsv)) {
      const name = `${zip.name}/${entry.fileName}`;
      yield { name, modified: zip.modified, read: () => unpacked(opened, entry, name) };
    }
  } finally {
    opened.close();
  }
}

async function listed(zip: ZipFile, name: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (error) {
    throw damaged(name, `what is in the zip cannot be listed (${words(error)})`, error);
  }
  return entries;
}

function requireBearable(entries: readonly Entry[], name: string, { maxBytes, maxRatio }: ZipLimits): void {
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (total > maxBytes) throw damaged(name, `its files have ${total} bytes, more than any report has`);
  for (const entry of entries) {
    const { fileName, uncompressedSize, compressedSize } = entry;
    if (uncompressedSize > SMALL_BYTES && uncompressedSize > compressedSize * maxRatio) {
      throw damaged(name, `${fileName} would grow from ${compressedSize} to ${uncompressedSize} bytes`);
    }
    if (entry.isEncrypted()) throw damaged(name, `${fileName} is locked with a password`);
  }
}

function isCsv({ fileName }: Entry): boolean {
  return fileName.toLowerCase().endsWith(".csv") && !isHidden(fileName);
}

async function* unpacked(zip: ZipFile, entry: Entry, name: string): AsyncGenerator<Buffer> {
  let sum = 0;
  try {
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw damaged(name, `the zip is broken (${words(error)})`, error);
  }
  // The library compares sizes only.
  if (sum !== entry.crc32) throw damaged(name, "its checksum is not the one that the zip states");
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
