/**
 * Compressed files, read to their end once: DuckDB takes one that was cut off for a shorter one, and a shorter one
 * would be lost work.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** Whether all of a gzip file is there and as it was written. */
export function isWhole(file: string): Promise<boolean> {
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  return gunzip(file, nowhere);
}

/** Writes what a gzip file holds, readable by its owner alone; false when the file is not whole. */
export function unpack(file: string, to: string): Promise<boolean> {
  return gunzip(file, createWriteStream(to, { mode: 0o600 }));
}

async function gunzip(file: string, to: Writable): Promise<boolean> {
  try {
    await pipeline(
      createReadStream(file, { highWaterMark: 1 << 18 }),
      createGunzip({ chunkSize: 1 << 18 }),
      to,
    );
    return true;
  } catch (error) {
    if (isZlibFault(error)) return false;
    throw error;
  }
}

function isZlibFault(error: unknown): boolean {
  return error instanceof Error && /^Z_/.test(String((error as NodeJS.ErrnoException).code));
}
