/** grades.csv, written in two parts: what the stage match has decided, and what became of the rest. */
import { closeSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { HEADER, type Row, rowLine, type RowPlace } from "./rows.ts";

const FULL = 256 * 1024;

export interface GradesFile {
  add(place: RowPlace, rows: readonly Row[]): void;
  /** Writes out what is left, and gives the length in bytes. */
  close(): number;
}

/** @param keep bytes of the file that stay; undefined: it is begun anew */
export function openGradesFile(file: string, keep?: number): GradesFile {
  const handle = openSync(file, keep === undefined ? "w" : "a", 0o600);
  let bytes = keep ?? 0;
  let text = keep === undefined ? HEADER : "";
  if (keep !== undefined) ftruncateSync(handle, keep);

  function flush(): void {
    writeFileSync(handle, text);
    bytes += Buffer.byteLength(text);
    text = "";
  }

  return {
    add(place, rows) {
      for (const row of rows) text += rowLine(place, row);
      if (text.length >= FULL) flush();
    },
    close() {
      flush();
      closeSync(handle);
      return bytes;
    },
  };
}
