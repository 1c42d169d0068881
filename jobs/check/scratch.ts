/** A folder of a check's own in the state folder: what it puts there is gone when it has ended. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Scratch {
  folder: string;
  /** Removes it, and the state folder where it was made for it and holds nothing else. */
  remove: () => void;
}

const PREFIX = ".check-";
/** No check takes so long. */
const LEFT_OVER_MS = 86_400_000;

/** @throws the system's error where the state folder cannot be made or written */
export function openScratch(state: string): Scratch {
  const made = mkdirSync(state, { recursive: true, mode: 0o700 });
  const folder = join(state, `${PREFIX}${randomBytes(6).toString("hex")}`);
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    if (made !== undefined) removeEmpty(state, made);
  };
  try {
    removeLeftovers(state);
    mkdirSync(folder, { mode: 0o700 });
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Of checks that were killed: it may be people's data. */
function removeLeftovers(state: string): void {
  for (const name of readdirSync(state).filter((name) => name.startsWith(PREFIX))) {
    const folder = join(state, name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY };
    if (Date.now() - mtimeMs > LEFT_OVER_MS) rmSync(folder, { recursive: true, force: true });
  }
}

/** From a folder up to one of those above it; never what somebody has put something into meanwhile. */
function removeEmpty(folder: string, last: string): void {
  try {
    for (let at = folder; at.length >= last.length; at = dirname(at)) rmdirSync(at);
  } catch {
    return;
  }
}
