/** The package of a night: one zip, the same bytes for the same data on every machine. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { ZipFile } from "yazl";
import { Failure } from "../../config/failure.ts";

export interface PackageEntry {
  /** Name at the root of the zip: `users.csv`. */
  name: string;
  /** Where its content is now. */
  path: string;
}

export interface Package {
  file: string;
  bytes: number;
  /** Hexadecimal, of the whole zip. */
  sha256: string;
}

/** Canvas refuses a zip whose files are together more than a hundred times its size (Canvas SIS import). */
const CANVAS_MAX_RATIO = 100;

/**
 * Tried in this order until Canvas takes the ratio; what is stored is always under 1:1. A roster is half a
 * percent larger at 4 than at 6, in half the time.
 */
const COMPRESSION_LEVELS = [4, 1];
const STORED = 0;

const READ_BYTES = 1024 * 1024;

/** A header is a few hundred bytes, so whatever it is followed by begins in here. */
const HEADER_BYTES = 64 * 1024;

/**
 * Writes the files into one zip, in the order given, and gives its size and sha256. The target appears
 * whole or not at all, readable by its owner alone.
 *
 * @throws {Failure} `internal.package-empty` without files, or for a file without rows: Canvas counts a
 *   file that is only a header as supplied, and ignores an empty one in silence;
 *   `internal.disk-full` when the folder of the target has no room left
 */
export async function writePackage(
  files: PackageEntry[],
  target: string,
  options: { signal?: AbortSignal } = {},
): Promise<Package> {
  if (files.length === 0) {
    throw new Failure("internal.package-empty", `There is no file to put into ${basename(target)}.`);
  }
  const entries = await Promise.all(files.map(measure));
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0);

  const temporary = join(dirname(target), `.${basename(target)}.part`);
  try {
    const written = await writeAcceptable(entries, unpacked, temporary, options.signal);
    await rename(temporary, target);
    await syncFolder(dirname(target));
    return { file: target, ...written };
  } catch (error) {
    await rm(temporary, { force: true });
    throw isDiskFull(error) ? diskFull(dirname(target), error) : error;
  }
}

interface Entry extends PackageEntry {
  size: number;
}

async function measure(file: PackageEntry): Promise<Entry> {
  const { size } = await stat(file.path);
  if (!(await hasRows(file.path))) {
    throw new Failure(
      "internal.package-empty",
      `${file.name} has no rows, so it must not be in the package.`,
    );
  }
  return { ...file, size };
}

async function hasRows(path: string): Promise<boolean> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  const endOfHeader = buffer.subarray(0, bytesRead).indexOf("\n");
  return endOfHeader >= 0 && endOfHeader + 1 < bytesRead;
}

async function writeAcceptable(
  entries: Entry[],
  unpacked: number,
  file: string,
  signal: AbortSignal | undefined,
): Promise<{ bytes: number; sha256: string }> {
  for (const level of COMPRESSION_LEVELS) {
    const written = await writeZip(entries, level, file, signal);
    if (unpacked < written.bytes * CANVAS_MAX_RATIO) return written;
  }
  return writeZip(entries, STORED, file, signal);
}

async function writeZip(
  entries: Entry[],
  compressionLevel: number,
  file: string,
  signal: AbortSignal | undefined,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  await using handle = await open(file, "w", 0o600);
  const measured = async function* () {
    for await (const chunk of zipOf(entries, compressionLevel) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  await handle.writeFile(measured(), signal && { signal });
  await handle.sync();
  return { bytes, sha256: hash.digest("hex") };
}

/** Entries are compressed one after the other, each on zlib's own thread. */
function zipOf(entries: Entry[], compressionLevel: number): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream.pipe(new PassThrough());
  zip.on("error", (error: Error) => {
    output.destroy(error);
  });
  let reading: Readable | undefined;
  // One listener for all files: of more than ten Node warns on stderr, where every line is to be a log entry.
  output.on("close", () => reading?.destroy());
  for (const { name, path, size } of entries) {
    const options = { size, compressionLevel, ...sameEverywhere() };
    zip.addReadStreamLazy(name, options, (give) => {
      const content = createReadStream(path, { highWaterMark: READ_BYTES });
      content.on("error", (error) => {
        output.destroy(error);
      });
      reading = content;
      give(null, content);
    });
  }
  zip.end();
  return output;
}

/**
 * A zip keeps local time without a zone, and yazl writes the date's local components: made from them, the
 * date gives the same bytes in every zone. Noon is an hour that no zone's clocks ever skipped.
 */
function sameEverywhere() {
  return { mtime: new Date(2000, 0, 1, 12), forceDosTimestamp: true, mode: 0o100600 };
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder);
  await handle.sync();
}

function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === "ENOSPC" || code === "EDQUOT";
}

function diskFull(folder: string, cause: unknown): Failure {
  return new Failure("internal.disk-full", `No room is left in ${folder} to write the package.`, {
    hint: "Free some space there, or point `state` at a larger disk; then `rosterbridge rerun`.",
    cause,
  });
}
