/** What Canvas said of its graded work, section by section, compressed: `snapshot/sections.json.zst`. */
import { join } from "node:path";
import type { SectionGrades } from "../canvas/records.ts";
import { countFrames, createFrames, readFrames, type FramesWriter } from "./frames.ts";

/** Begins a snapshot anew; it can be read once it is done. */
export function createSnapshot(folder: string): FramesWriter<SectionGrades> {
  return createFrames<SectionGrades>(fileIn(folder));
}

/** @throws Failure internal.file-damaged */
export function readSnapshot(folder: string): Generator<SectionGrades> {
  return readFrames(fileIn(folder)) as Generator<SectionGrades>;
}

/** How many sections it has. @throws Failure internal.file-damaged */
export function countSections(folder: string): number {
  return countFrames(fileIn(folder));
}

function fileIn(folder: string): string {
  return join(folder, "sections.json.zst");
}
