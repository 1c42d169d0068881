/** The files of a zip, read where they are: nothing of it is written to the disk. */
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";

export interface ZipLimits {
  /** Of all files of the zip together, unpacked. */
  maxBytes: number;
  /** How many times larger a file may become by unpacking; small ones may be of anything. */
  maxRatio: number;
}

export interface ZippedFile {
  /** Its path in the zip, with slashes. */
  path: string;
  /** In the time that the zip states; its zone is that of whoever packed it. */
  modified: Date;
  /** Its bytes; to be read before the zip is closed. */
  read(): AsyncIterable<Buffer>;
}

export interface OpenedZip {
  files: ZippedFile[];
  close(): void;
}

/** Makes the error of a zip that is of no use. @param why part of a sentence: "it is not a complete zip" */
export type ZipFault = (why: string, cause?: unknown) => Error;

const SMALL_BYTES = 1024 * 1024;

/**
 * @throws what `fault` makes: of no zip, a broken one, one with names that climb out of it or come twice, a locked one,
 *   or one that would unpack to far too much; reading a file, of a broken one
 */
export async function openZip(path: string, limits: ZipLimits, fault: ZipFault): Promise<OpenedZip> {
  const zip = await openPromise(path, { autoClose: false }).catch((error: unknown) => {
    throw fault(`it is not a complete zip (${words(error)})`, error);
  });
  // Without a listener an error of the file would end the process.
  zip.on("error", () => undefined);
  try {
    const entries = await listed(zip, fault);
    requireBearable(entries, limits, fault);
    requireOnce(entries, fault);
    return {
      files: entries.map((entry) => ({
        path: entry.fileName,
        modified: entry.getLastModDate(),
        read: () => unpacked(zip, entry, fault),
      })),
      close: () => {
        zip.close();
      },
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** Also refuses names that climb out, are absolute or hold a NUL: the library does. */
async function listed(zip: ZipFile, fault: ZipFault): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) if (!entry.fileName.endsWith("/")) entries.push(entry);
  } catch (error) {
    throw fault(`what is in the zip cannot be listed (${words(error)})`, error);
  }
  return entries;
}

function requireBearable(entries: readonly Entry[], limits: ZipLimits, fault: ZipFault): void {
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (total > limits.maxBytes) throw fault(`its files would unpack to ${total} bytes`);
  for (const entry of entries) {
    const { fileName, uncompressedSize, compressedSize } = entry;
    if (uncompressedSize > SMALL_BYTES && uncompressedSize > compressedSize * limits.maxRatio) {
      throw fault(`${fileName} would grow from ${compressedSize} to ${uncompressedSize} bytes`);
    }
    if (entry.isEncrypted()) throw fault(`${fileName} is locked with a password`);
  }
}

/** Programs differ in which of two they take, so neither is what its writer meant. */
function requireOnce(entries: readonly Entry[], fault: ZipFault): void {
  const seen = new Set<string>();
  for (const { fileName } of entries) {
    const name = fileName.toLowerCase();
    if (seen.has(name)) throw fault(`it holds ${fileName} twice`);
    seen.add(name);
  }
}

async function* unpacked(zip: ZipFile, entry: Entry, fault: ZipFault): AsyncGenerator<Buffer> {
  let sum = 0;
  try {
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw fault(`${entry.fileName} in it is broken (${words(error)})`, error);
  }
  // The library compares sizes only.
  if (sum !== entry.crc32)
    throw fault(`the checksum of ${entry.fileName} is not the one that the zip states`);
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
