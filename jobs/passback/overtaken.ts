/** A grades run must not send what a newer one has already overtaken. */
import { Failure } from "../../config/failure.ts";
import type { PastRun } from "../run/history.ts";

/** @throws Failure usage.stale-run */
export function refuseOvertaken(past: PastRun, from: string, all: readonly PastRun[]): void {
  const newer = overtakenBy(past, from, all);
  if (newer === undefined) return;
  throw new Failure(
    "usage.stale-run",
    `Run ${past.manifest.run} is stale: the newer run ${newer.manifest.run} has sent grades since, and this one would put older ones back. Nothing was touched.`,
    { hint: "`rosterbridge grades` makes a new run with what Canvas says now." },
  );
}

/**
 * The newer run that has sent grades, where this is one of grades.
 *
 * @param from the stage to begin with; the first one asks Canvas anew, and so overtakes all
 */
export function overtakenBy(
  { manifest }: PastRun,
  from: string,
  all: readonly PastRun[],
): PastRun | undefined {
  if (manifest.job !== "grades" || from === manifest.stages[0]?.name) return undefined;
  return all.find(
    ({ manifest: other }) => other.job === "grades" && other.run > manifest.run && hasPosted(other),
  );
}

function hasPosted({ stages }: PastRun["manifest"]): boolean {
  return stages.some(({ name, startedAt }) => name === "post" && startedAt !== null);
}
