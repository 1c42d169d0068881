/** Files that are whole or not there at all, and folders that only their owner can read: they hold student data. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Makes the folder and its missing parents, 0700. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Replaces a file so that a reader, or a crash, sees the old text or the new one and nothing between.
 * The folder is synced as well: without that a rename may be lost with the power.
 */
export function replaceFile(file: string, text: string): void {
  const temporary = `${file}.new`;
  try {
    rmSync(temporary, { force: true });
    const handle = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  sync(dirname(file));
}

/**
 * Brings what was written in a folder to the disk: what is noted as done must be there after a power cut as well.
 * @param since milliseconds since 1970; what is older is left alone
 */
export function syncTree(folder: string, since: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    try {
      if (entry.isDirectory()) syncTree(path, since);
      else if (entry.isFile() && statSync(path).mtimeMs >= since) sync(path);
    } catch (error) {
      // What was only there for a moment.
      if (systemCode(error) !== "ENOENT") throw error;
    }
  }
  sync(folder);
}

/** A file, or the names in a folder. */
function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** `ENOENT`, `ENOSPC`, … of a system error; undefined for every other value. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : systemCode(error.cause);
}

/** How long files are together; one that is not there has no length. */
export function bytesOf(files: readonly string[]): number {
  return files.reduce((all, file) => all + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}
