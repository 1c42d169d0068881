/** Old runs go, once there are more than `retention.runs` of them; what somebody may still need stays. */
import { lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { examineBaseline, readBaseline } from "./baseline.ts";
import { newestNight, openDelivery } from "./delivering.ts";
import { systemCode } from "./files.ts";
import { pastRuns, type PastRun } from "./history.ts";
import type { Run } from "./run.ts";

/** A folder under this name is on its way out, and no run any more. */
const LEAVING = /^\.\d{8}T\d{6}Z-(?:roster|grades)\.removed$/;
/** A folder that did not become a run: its process was killed as it began. */
const BEGUN = /^\.(\d{8})T\d{6}Z-(?:roster|grades)\.begun$/;

/**
 * Removes the run folders of this job beyond the newest so many. To be called at the end of a run of that job, while
 * its lock is held: nobody then takes up a run that is being removed.
 *
 * Never removed are the run that calls, one that is under way, the baseline's, one whose delivery is open, those in `protectedRuns`, and a held
 * one, which waits for a person, until a newer night has been delivered and nobody can accept it any more. Folders that
 * are not runs of this institution and job are not touched.
 *
 * Runs that did nothing because of a pause are counted by themselves: a summer of them would otherwise push out every
 * night of the term. What cannot be removed is a warning in the log.
 *
 * @param keep `retention.runs`
 * @param protectedRuns ids of runs that something else refers to
 * @returns the ids of the runs that were removed
 */
export async function removeOldRuns(
  run: Run,
  state: string,
  keep: number,
  protectedRuns: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  try {
    sweep(run, join(state, "runs"));
    const mine = runsOfJob(run, state);
    for (const past of mine) if (past.state === "died") removeLeftovers(run, past.folder);

    const institution = run.manifest.institution.id;
    const baseline = readBaseline(state, institution);
    const isLost = baseline === undefined && (await examineBaseline(state, institution)).kind !== "none";
    if (isLost || openDelivery(state, institution) === "unreadable") {
      run.log.warn("retention: nothing is removed, for nobody knows which run the baseline is.");
      return [];
    }
    const newest = newestNight(state, institution);
    const needed = new Set([run.id, baseline?.run, newest, ...protectedRuns]);
    const removed = [mine.filter(isPaused), mine.filter((past) => !isPaused(past))]
      .flatMap((kind) => kind.slice(keep))
      .filter((past) => !needed.has(past.manifest.run) && !isWaiting(past, newest))
      .filter(({ folder }) => remove(run, folder))
      .map(({ manifest }) => manifest.run);
    if (removed.length > 0)
      run.log.info({ removed }, `retention: the newest ${keep} runs are kept, removed ${removed.join(", ")}`);
    return removed;
  } catch (error) {
    warn(run, "retention: the state folder cannot be read, so no more is removed", error);
    return [];
  }
}

/** Newest first. A copy that somebody made of a run, under another name, is not one. */
function runsOfJob({ manifest }: Run, state: string): PastRun[] {
  return pastRuns(state, manifest.institution.id).filter(
    (past) =>
      past.manifest.job === manifest.job &&
      past.manifest.run === basename(past.folder) &&
      lstatSync(past.folder).isDirectory(),
  );
}

function isPaused({ state }: PastRun): boolean {
  return state === "paused";
}

/** Once another night is the newest than when it began, a held run is stale: nobody can accept it any more. */
function isWaiting({ state, manifest }: PastRun, newest: string | null): boolean {
  if (state === "running") return true;
  return state === "held" && (newest === null || newest === manifest.after);
}

/** Renamed first: whatever happens midway, nobody finds half a run under its name. */
function remove(run: Run, folder: string): boolean {
  const id = basename(folder);
  const leaving = join(folder, "..", `.${id}.removed`);
  try {
    renameSync(folder, leaving);
  } catch (error) {
    warn(run, `retention: run ${id} cannot be removed, and stays`, error);
    return false;
  }
  finish(run, leaving);
  return true;
}

/** What an earlier removal, or a beginning, did not come to the end of. */
function sweep(run: Run, runs: string): void {
  for (const name of readdirSync(runs)) {
    // One of today may be another institution's that is just beginning.
    const begunOn = BEGUN.exec(name)?.[1];
    const isLeftOver = begunOn !== undefined && begunOn < run.id.slice(0, 8);
    if (isLeftOver || LEAVING.test(name)) finish(run, join(runs, name));
  }
}

function finish(run: Run, leaving: string): void {
  try {
    rmSync(leaving, { recursive: true, force: true });
  } catch (error) {
    warn(run, `retention: ${leaving} cannot be removed completely; the next run tries again`, error);
  }
}

/** What a run that was killed had only for its own time; a rerun of it makes its own. */
function removeLeftovers(run: Run, folder: string): void {
  for (const name of ["spill", ".reserve", "manifest.json.new"]) {
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch (error) {
      warn(run, `retention: ${join(folder, name)}, a leftover of a killed run, cannot be removed`, error);
    }
  }
}

function warn(run: Run, words: string, error: unknown): void {
  run.log.warn(`${words} (${systemCode(error) ?? (error instanceof Error ? error.name : "unknown")}).`);
}
