/** The runs that a state folder holds of an institution. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../config/failure.ts";
import { systemCode } from "./files.ts";
import { lockHolder } from "./lock.ts";
import { readManifest, type Manifest, type RunStatus } from "./manifest.ts";

export interface PastRun {
  folder: string;
  manifest: Manifest;
  /** A run that says it is running while nothing runs was killed, or its machine was. */
  state: RunStatus | "died";
}

/**
 * Newest first. Folders on their way in or out (a dot before the name), or without a readable manifest, are not runs,
 * and those of other institutions not ours.
 *
 * @throws Failure usage.state when this account may not look: that is not the same as that nothing has run
 */
export function pastRuns(state: string, institution: string): PastRun[] {
  const runs = join(state, "runs");
  return namesIn(runs)
    .filter((name) => !name.startsWith("."))
    .flatMap((id) => {
      const folder = join(runs, id);
      const manifest = manifestIn(folder);
      return manifest?.institution.id === institution ? [pastRunOf(state, folder, manifest)] : [];
    })
    .sort(({ manifest: a }, { manifest: b }) => byText(b.startedAt, a.startedAt) || byText(b.run, a.run));
}

function namesIn(runs: string): string[] {
  try {
    return readdirSync(runs);
  } catch (cause) {
    const code = systemCode(cause) ?? "unknown";
    if (code === "ENOENT") return [];
    throw new Failure("usage.state", `The runs in ${runs} cannot be read (${code}).`, {
      hint: "Only the account that runs the nights may: call rosterbridge as that one. Else correct `state` in the config.",
      cause,
    });
  }
}

/** Names are by the second, in which a roster and its grades may both have begun. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @throws Failure usage.unknown-run */
export function pastRun(state: string, institution: string, id: string): PastRun {
  const found = pastRuns(state, institution).find(({ manifest }) => manifest.run === id);
  if (found !== undefined) return found;
  throw new Failure(
    "usage.unknown-run",
    `There is no run ${id} of ${institution} in ${join(state, "runs")}.`,
    {
      hint: "`rosterbridge runs` lists them.",
    },
  );
}

function pastRunOf(state: string, folder: string, manifest: Manifest): PastRun {
  if (manifest.status !== "running" || isUnderWay(state, manifest))
    return { folder, manifest, state: manifest.status };
  // It may have ended between the two looks.
  const now = manifestIn(folder) ?? manifest;
  return { folder, manifest: now, state: now.status === "running" ? "died" : now.status };
}

function isUnderWay(state: string, { institution, job, run }: Manifest): boolean {
  const holder = lockHolder(state, institution.id, job);
  return holder === "unknown" || holder?.run === run;
}

function manifestIn(folder: string): Manifest | undefined {
  try {
    const manifest = readManifest(folder) as Partial<Manifest> | null;
    return manifest?.institution === undefined ? undefined : (manifest as Manifest);
  } catch {
    return undefined;
  }
}
