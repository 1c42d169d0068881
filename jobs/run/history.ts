/** The runs that a state folder holds. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../config/failure.ts";
import { isLocked } from "./lock.ts";
import { readManifest, type Job, type Manifest, type RunStatus } from "./manifest.ts";

export interface PastRun {
  folder: string;
  manifest: Manifest;
  /** A run that says it is running while nothing runs was killed, or its machine was. */
  state: RunStatus | "died";
}

/** Newest first; folders without a readable manifest are not runs. */
export function pastRuns(state: string, institution: string): PastRun[] {
  const runs = join(state, "runs");
  if (!existsSync(runs)) return [];
  const locked = new Map<Job, boolean>();
  const isRunning = (job: Job) => {
    const known = locked.get(job) ?? isLocked(state, institution, job);
    locked.set(job, known);
    return known;
  };
  return readdirSync(runs)
    .sort()
    .reverse()
    .flatMap((id) => {
      const folder = join(runs, id);
      const manifest = manifestIn(folder);
      if (manifest === undefined) return [];
      const died = manifest.status === "running" && !isRunning(manifest.job);
      return [{ folder, manifest, state: died ? ("died" as const) : manifest.status }];
    });
}

/** @throws Failure usage.unknown-run */
export function pastRun(state: string, institution: string, id: string): PastRun {
  const found = pastRuns(state, institution).find(({ manifest }) => manifest.run === id);
  if (found !== undefined) return found;
  throw new Failure("usage.unknown-run", `There is no run ${id} in ${join(state, "runs")}.`, {
    hint: "`rosterbridge runs` lists them.",
  });
}

function manifestIn(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    return undefined;
  }
}
