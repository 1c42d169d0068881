/** What the map stage makes of the small collections: rows of four Canvas files, and the records that gave none. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BaseRecord, Reject } from "../../connectors/oneroster/records.ts";
import { csvLine } from "../../connectors/store/csv.ts";
import { CANVAS_FILES, type CanvasRow } from "../../mappers/canvas-files.ts";
import { idOf, shown } from "./drafts.ts";

export type PlaceFile = "accounts" | "terms" | "courses" | "sections";
const PLACE_FILES: readonly PlaceFile[] = ["accounts", "terms", "courses", "sections"];

export interface PlaceFiles {
  /** A row, and of which record it was made. */
  row<F extends PlaceFile>(file: F, type: string, sourcedId: string, row: CanvasRow<F>): void;
  reject(type: string, rejects: readonly Reject[]): void;
  /** What makes a section one of those that are taught together. */
  likeness(sectionId: string, likeness: string): void;
  absent(fate: "gone" | "left-out", type: string, record: BaseRecord, reason: string): void;
  write(folder: string): void;
  /** `6 accounts, 3 terms, …` */
  counts(): string;
}

export function placeFiles(): PlaceFiles {
  const lines: Record<PlaceFile, string[]> = { accounts: [], terms: [], courses: [], sections: [] };
  const rest: string[] = [];
  const likenesses: string[] = [];
  return {
    likeness(sectionId, likeness) {
      likenesses.push(csvLine([sectionId, likeness]));
    },
    row(file, type, sourcedId, row) {
      const cells = row as Record<string, string>;
      lines[file].push(
        csvLine([type, sourcedId, ...CANVAS_FILES[file].map((column) => cells[column] ?? "")]),
      );
    },
    reject(type, rejects) {
      for (const { sourcedId, field, value, reason } of rejects) {
        rest.push(csvLine([type, idOf(sourcedId), "", "malformed", field, shown(value), shown(reason)]));
      }
    },
    absent(fate, type, { sourcedId, dateLastModified }, reason) {
      rest.push(csvLine([type, sourcedId, dateLastModified, fate, "", "", reason]));
    },
    write(folder) {
      for (const file of PLACE_FILES) {
        writeFileSync(placeFile(folder, file), lines[file].join(""), { mode: 0o600 });
      }
      writeFileSync(placeRest(folder), rest.join(""), { mode: 0o600 });
      if (likenesses.length > 0) writeFileSync(likenessFile(folder), likenesses.join(""), { mode: 0o600 });
    },
    counts: () => PLACE_FILES.map((file) => `${lines[file].length.toLocaleString("en")} ${file}`).join(", "),
  };
}

export function placeFile(folder: string, file: PlaceFile): string {
  return join(folder, `${file}.csv`);
}

/** `section_id, likeness`; not there when nothing is cross-listed by a rule. */
export function likenessFile(folder: string): string {
  return join(folder, "likeness.csv");
}

export function placeRest(folder: string): string {
  return join(folder, "rest.csv");
}
