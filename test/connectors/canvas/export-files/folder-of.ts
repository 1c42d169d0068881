/** A folder of export files for one test file, and what was told while they were read. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "../../../../config/failure.ts";
import type { Tell } from "../../../../connectors/canvas/export-files/export-file.ts";

export interface ExportFolder {
  path: string;
  put(name: string, content: string | Buffer, modified?: string): Promise<string>;
  remove(): Promise<void>;
}

export async function exportFolder(): Promise<ExportFolder> {
  const path = await mkdtemp(join(tmpdir(), "rosterbridge-exports-"));
  return {
    path,
    async put(name, content, modified) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      if (modified !== undefined) await utimes(file, new Date(modified), new Date(modified));
      return file;
    },
    remove: () => rm(path, { recursive: true }),
  };
}

export interface Told {
  tell: Tell;
  events: { event: string; details: Record<string, unknown> }[];
}

export function listening(): Told {
  const events: Told["events"] = [];
  return { events, tell: (event, details = {}) => events.push({ event, details }) };
}

/** What an iteration fails with; fails the test when it does not. */
export async function failureOf(iteration: AsyncIterable<unknown> | Promise<unknown>): Promise<Failure> {
  try {
    await (Symbol.asyncIterator in iteration ? collected(iteration) : iteration);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("it was expected to fail, and did not");
}

export const never = new AbortController().signal;

export async function collected<T>(iteration: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of iteration) all.push(one);
  return all;
}
