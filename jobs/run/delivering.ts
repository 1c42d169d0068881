/**
 * A delivery under way: which package the gateway may show from now on, written down before it can. What is still open
 * when its run has ended may have reached Canvas without being recorded, so the next night must not be compared with an
 * older one. The baseline naming its run closes it, whether or not the file is gone already.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config/schema.ts";
import { readBaseline } from "./baseline.ts";
import { replaceFile } from "./files.ts";

export interface Delivering {
  run: string;
  /** Instant. */
  since: string;
  /** What its rows mean: those of one mode are misread in another. */
  mode: Config["delivery"]["mode"];
  package: { file: string; sha256: string };
}

/** The delivery that may have arrived and is not recorded; "unreadable" where nobody can tell which it is. */
export function openDelivery(state: string, institution: string): Delivering | "unreadable" | undefined {
  const noted = readNote(deliveringFile(state, institution));
  if (typeof noted !== "object") return noted;
  return readBaseline(state, institution)?.run === noted.run ? undefined : noted;
}

/** The newest night that Canvas may have: the one whose delivery is open, or else the baseline. */
export function newestNight(state: string, institution: string): string | null {
  const open = openDelivery(state, institution);
  return (typeof open === "object" ? open : readBaseline(state, institution))?.run ?? null;
}

/**
 * Opens a delivery, on the disk when this returns.
 * @returns takes it back: what was open before is so again
 */
export function beginDelivery(state: string, institution: string, delivering: Delivering): () => void {
  const file = deliveringFile(state, institution);
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  replaceFile(file, `${JSON.stringify(delivering, null, 2)}\n`);
  return () => {
    if (before === undefined) rmSync(file, { force: true });
    else replaceFile(file, before);
  };
}

/** To be called once the baseline names the run; another run's stays open. */
export function endDelivery(state: string, institution: string, run: string): void {
  const noted = readNote(deliveringFile(state, institution));
  if (typeof noted === "object" && noted.run === run)
    rmSync(deliveringFile(state, institution), { force: true });
}

function readNote(file: string): Delivering | "unreadable" | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const read = JSON.parse(readFileSync(file, "utf8")) as Partial<Delivering> | null;
    const isWhole = typeof read?.run === "string" && typeof read.package?.sha256 === "string";
    return isWhole ? (read as Delivering) : "unreadable";
  } catch {
    return "unreadable";
  }
}

export function deliveringFile(state: string, institution: string): string {
  return join(state, `${institution}-delivering.json`);
}
