/** What became of each class, as the stage post goes along: one line of JSON a class, which a later one may replace. */
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import type { ClassOutcome } from "./plan.ts";

export interface PostedFile {
  /** @param replaces number of an earlier one that this one stands for */
  add(outcome: ClassOutcome, replaces?: number): void;
  /** Those that stand, in the order in which they were added, each with its number. */
  all(): Generator<[number, ClassOutcome]>;
  close(): void;
}

interface Place {
  offset: number;
  bytes: number;
}

/** Begins it anew. */
export function createPostedFile(file: string): PostedFile {
  const handle = openSync(file, "w+", 0o600);
  const places: Place[] = [];
  let end = 0;

  function read({ offset, bytes }: Place): ClassOutcome {
    const line = Buffer.allocUnsafe(bytes);
    readSync(handle, line, 0, bytes, offset);
    return JSON.parse(line.toString("utf8")) as ClassOutcome;
  }

  return {
    add(outcome, replaces = places.length) {
      const line = Buffer.from(`${JSON.stringify(outcome)}\n`);
      writeFileSync(handle, line);
      places[replaces] = { offset: end, bytes: line.length };
      end += line.length;
    },
    *all() {
      for (const [number, place] of places.entries()) yield [number, read(place)];
    },
    close() {
      closeSync(handle);
    },
  };
}
