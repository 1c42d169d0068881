/**
 * Values as a file of zstd frames, one a value (`zstd -dc` gives them as JSON, one a line), that are written and read
 * one after the other: however many there are, one is in memory. The file is whole once its index is there, which is
 * written last.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Failure } from "../../config/failure.ts";

/** Zeros and names that repeat: the fastest level already takes nine tenths away. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export interface FramesWriter<T> {
  add(value: T): void;
  /** How many there are. */
  count(): number;
  /** Seals the file: from now on it can be read. */
  done(): void;
  /** Gives it up, also where it could not be sealed; what is there of it cannot be read. */
  abandon(): void;
}

/** Begins the file anew. */
export function createFrames<T>(file: string): FramesWriter<T> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(indexOf(file), { force: true });
  const handle = openSync(file, "w", 0o600);
  const lengths: number[] = [];
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(handle);
    isOpen = false;
  };
  return {
    add(value) {
      const frame = zstdCompressSync(`${JSON.stringify(value)}\n`, LEVEL);
      // Not writeSync, which may write a part and say so to nobody: so too in whatever else is written on and on.
      writeFileSync(handle, frame);
      lengths.push(frame.length);
    },
    count: () => lengths.length,
    done() {
      fsyncSync(handle);
      close();
      const temporary = `${indexOf(file)}.new`;
      writeFileSync(temporary, JSON.stringify(lengths), { mode: 0o600, flush: true });
      renameSync(temporary, indexOf(file));
    },
    abandon: close,
  };
}

export function framesAreThere(file: string): boolean {
  return existsSync(indexOf(file));
}

/** How many values a file holds. @throws Failure internal.file-damaged */
export function countFrames(file: string): number {
  return lengthsOf(file).length;
}

/** The values in the order in which they were added. @throws Failure internal.file-damaged */
export function* readFrames(file: string): Generator {
  const lengths = lengthsOf(file);
  const handle = openSync(file, "r");
  try {
    let offset = 0;
    for (const length of lengths) {
      const frame = Buffer.allocUnsafe(length);
      if (readSync(handle, frame, 0, length, offset) !== length)
        throw damaged(file, "is shorter than it was written");
      offset += length;
      yield valueOf(file, frame);
    }
  } finally {
    closeSync(handle);
  }
}

function valueOf(file: string, frame: Uint8Array): unknown {
  try {
    return JSON.parse(zstdDecompressSync(frame).toString("utf8"));
  } catch (error) {
    throw damaged(file, "is not as it was written", error);
  }
}

function lengthsOf(file: string): number[] {
  try {
    return JSON.parse(readFileSync(indexOf(file), "utf8")) as number[];
  } catch (error) {
    throw damaged(file, "has no index that can be read", error);
  }
}

function indexOf(file: string): string {
  return `${file}.index`;
}

function damaged(file: string, what: string, cause?: unknown): Failure {
  return new Failure("internal.file-damaged", `What was kept of the run is damaged: ${file} ${what}.`, {
    hint: "Make a new run with `rosterbridge grades`.",
    cause,
  });
}
