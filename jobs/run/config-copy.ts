/** The config that a run began with, kept in its folder: what it says, never a secret's value. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config/schema.ts";
import { replaceFile } from "./files.ts";

export function keepConfig(folder: string, config: Config): void {
  try {
    replaceFile(fileIn(folder), `${JSON.stringify(config, null, 2)}\n`);
  } catch {
    // On a full disk: the run's own stages say so, in better words.
  }
}

/** The keys, dotted, that say something else now than when the run began; empty when that is not known. */
export function changedKeys(folder: string, config: Config): string[] {
  let before: unknown;
  try {
    before = JSON.parse(readFileSync(fileIn(folder), "utf8"));
  } catch {
    return [];
  }
  return differing(before, JSON.parse(JSON.stringify(config)), "");
}

function differing(before: unknown, after: unknown, path: string): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isMapping(before) || !isMapping(after)) return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .sort()
    .flatMap((key) => differing(before[key], after[key], path === "" ? key : `${path}.${key}`));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fileIn(folder: string): string {
  return join(folder, "config.json");
}
