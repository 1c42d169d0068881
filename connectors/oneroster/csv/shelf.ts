/**
 * Items by a key, more than memory holds: spread over files by a hash of the key, and given back file by file, so that
 * all items of one key come together and one file's worth of them is in memory.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashIds } from "../id-set.ts";

export interface Shelf<T> {
  add(key: string, item: T): void;
  /** The items of one file after the other, each in the order in which they were added. */
  parts(): Generator<T[]>;
  remove(): void;
}

/** Eight million enrollments are 40 MB in each. */
const FILES = 64;
const BUFFERED_CHARACTERS = 16 * 1024;

/** @param folder that holds nothing else; it is made, 0700, and removed again */
export function openShelf<T>(folder: string): Shelf<T> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = Array.from({ length: FILES }, (_, number) => {
    const path = join(folder, `${number}.ndjson`);
    return { path, handle: openSync(path, "wx", 0o600), waiting: "" };
  });
  const flush = (file: (typeof files)[number]) => {
    writeFileSync(file.handle, file.waiting);
    file.waiting = "";
  };
  let isOpen = true;
  const close = () => {
    if (isOpen) for (const { handle } of files) closeSync(handle);
    isOpen = false;
  };

  return {
    add(key, item) {
      const file = files[(hashIds([key])[0] ?? 0) % FILES];
      if (file === undefined) return;
      file.waiting += `${JSON.stringify(item)}\n`;
      if (file.waiting.length > BUFFERED_CHARACTERS) flush(file);
    },
    *parts() {
      files.forEach(flush);
      close();
      for (const { path } of files) {
        const lines = readFileSync(path, "utf8").split("\n");
        rmSync(path);
        yield lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
      }
    },
    remove() {
      close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
