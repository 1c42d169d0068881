/** The files of a folder, as they were when it was looked at: one that changes afterwards is not read as if it had not. */
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { ExportFile } from "./export-file.ts";
import { changedWhileRead, damaged, noFolder } from "./failures.ts";

export interface LocalFile extends ExportFile {
  path: string;
  bytes: number;
}

export interface FolderFiles {
  /** Those with one of the endings, in the order of their names. */
  files: LocalFile[];
  /** Names of all others. */
  others: string[];
}

/**
 * What lies in a folder and the folders in it; what is hidden does not count.
 *
 * @param endings in lower case, such as ".csv"
 * @throws Failure source.no-folder
 */
export async function exportFiles(folder: string, endings: readonly string[]): Promise<FolderFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw noFolder(folder, error);
  });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !isHidden(name))
    .sort();
  const fits = (name: string) => endings.some((ending) => name.toLowerCase().endsWith(ending));
  return {
    files: await Promise.all(names.filter(fits).map((name) => localFile(join(folder, name), name))),
    others: names.filter((name) => !fits(name)),
  };
}

/** Also the shadows that macOS leaves beside the files of a zip. */
export function isHidden(path: string): boolean {
  return path.split(/[\\/]/).some((part) => part.startsWith(".") || part === "__MACOSX");
}

export async function localFile(path: string, name: string): Promise<LocalFile> {
  const { size, mtime, mtimeMs } = await stat(path).catch((error: unknown) => {
    throw damaged(name, "it cannot be opened", error);
  });
  return { name, path, bytes: size, modified: mtime, read: () => unchanged(path, name, size, mtimeMs) };
}

async function* unchanged(
  path: string,
  name: string,
  bytes: number,
  modifiedMs: number,
): AsyncGenerator<Buffer> {
  let read = 0;
  try {
    for await (const chunk of createReadStream(path, {
      highWaterMark: 256 * 1024,
    }) as AsyncIterable<Buffer>) {
      read += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw damaged(name, "it cannot be opened", error);
  }
  const now = await stat(path).catch(() => undefined);
  if (read !== bytes || now?.size !== bytes || now.mtimeMs !== modifiedMs) throw changedWhileRead(name);
}
