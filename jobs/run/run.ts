/** A run: its folder, manifest, stages and end, the same for every job. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Failure, type ExitCode } from "../../config/failure.ts";
import { dayOf } from "../../mappers/days.ts";
import { makePrivateFolder, syncTree, systemCode } from "./files.ts";
import { asFailure } from "./unforeseen.ts";
import { stateUnusable } from "./lock.ts";
import type { Log, Logger } from "./log.ts";
import { type Job, type Manifest, type RunStatus, readManifest, writeManifest } from "./manifest.ts";

export interface Run {
  id: string;
  folder: string;
  manifest: Manifest;
  log: Logger;
  progress: Log["progress"];
  signal: AbortSignal;
  scrub: (text: string) => string;
  now: () => Date;
  /** Whether it was begun before, and is taken up again. */
  resumed: boolean;
  /** Writes the manifest as it stands. */
  save(): void;
}

export interface RunPorts {
  log: Log;
  signal: AbortSignal;
  scrub: (text: string) => string;
  now: () => Date;
}

export interface RunStart {
  state: string;
  job: Job;
  stages: readonly string[];
  institution: { id: string; timezone: string };
  config: string;
  configDigest: string;
  dryRun: boolean;
  resumedFrom?: string;
  /** The run that is the baseline now, or will be once its delivery is finished. */
  after: string | null;
}

/** Disk that is let go when there is none left, so that the manifest can still say so. */
const RESERVE = ".reserve";
const RESERVE_BYTES = 256 * 1024;

/** Makes the run's folder and first manifest. @throws Failure usage.state */
export function startRun(start: RunStart, ports: RunPorts): Run {
  const startedAt = ports.now();
  try {
    const runs = join(start.state, "runs");
    makePrivateFolder(runs);
    // A second later where that second has a run already, which may be another institution's that shares the state folder.
    for (let at = startedAt.getTime(); ; at += 1000) {
      const id = `${new Date(at).toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "")}-${start.job}`;
      const manifest = firstManifest(id, start, startedAt);
      if (makeRunFolder(runs, id, manifest, ports.scrub)) {
        return openRun(join(runs, id), manifest, ports, false);
      }
    }
  } catch (error) {
    throw error instanceof Failure ? error : stateUnusable(start.state, error);
  }
}

function firstManifest(id: string, start: RunStart, startedAt: Date): Manifest {
  return {
    run: id,
    job: start.job,
    status: "running",
    exitCode: null,
    startedAt: startedAt.toISOString(),
    finishedAt: null,
    today: dayIn(start.institution.timezone, startedAt),
    institution: start.institution,
    config: start.config,
    configDigest: start.configDigest,
    resumedFrom: start.resumedFrom ?? null,
    after: start.after,
    dryRun: start.dryRun,
    process: thisProcess(),
    stages: start.stages.map((name) => ({ name, status: "pending", startedAt: null, finishedAt: null })),
    extracted: {},
    files: {},
    schools: [],
    guard: null,
    package: null,
    delivery: null,
    warnings: [],
    errors: [],
  };
}

/**
 * Makes the folder of a new run; false where there is one of that name. It gets its name with the manifest in it, so
 * that no run is ever without one, whatever moment the process is killed at.
 */
function makeRunFolder(runs: string, id: string, manifest: Manifest, scrub: RunPorts["scrub"]): boolean {
  const begun = join(runs, `.${id}.begun`);
  try {
    if (existsSync(join(runs, id))) return false;
    mkdirSync(begun, { mode: 0o700 });
    writeManifest(begun, manifest, scrub);
    renameSync(begun, join(runs, id));
    return true;
  } catch (error) {
    if (TAKEN.has(systemCode(error) ?? "")) return false;
    rmSync(begun, { recursive: true, force: true });
    throw error;
  }
}

/** Another process has begun a run of that second, or is about to. */
const TAKEN = new Set(["EEXIST", "ENOTEMPTY"]);

/** Takes up a run that ended before: the given stage and all after it are to do again. */
export function resumeRun(
  folder: string,
  { fromStage, configDigest }: { fromStage: string; configDigest: string },
  ports: RunPorts,
): Run {
  const manifest = readManifest(folder);
  const first = manifest.stages.findIndex(({ name }) => name === fromStage);
  manifest.stages.forEach((stage, index) => {
    if (index >= first) Object.assign(stage, { status: "pending", startedAt: null, finishedAt: null });
  });
  Object.assign(manifest, {
    status: "running",
    exitCode: null,
    finishedAt: null,
    configDigest,
    process: thisProcess(),
    errors: [],
  });
  return openRun(folder, manifest, ports, true);
}

function openRun(folder: string, manifest: Manifest, ports: RunPorts, resumed: boolean): Run {
  writeFileSync(join(folder, RESERVE), Buffer.alloc(RESERVE_BYTES, 1), { mode: 0o600 });
  writeManifest(folder, manifest, ports.scrub);
  ports.log.toFile(join(folder, "log.ndjson"));
  return {
    id: manifest.run,
    folder,
    manifest,
    log: ports.log.logger,
    progress: (progress) => {
      ports.log.progress(progress);
    },
    signal: ports.signal,
    scrub: ports.scrub,
    now: ports.now,
    resumed,
    save: () => {
      writeManifest(folder, manifest, ports.scrub);
    },
  };
}

/** How much a file's time may be behind the clock, in milliseconds: some file systems count whole seconds, or two. */
const CLOCK_STEP = 2000;

/** Does a stage unless it is done already; the manifest says at every moment how far it is. */
export async function stage(run: Run, name: string, work: () => Promise<void>): Promise<void> {
  const entry = run.manifest.stages.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`no stage ${name} in ${run.id}`);
  if (entry.status === "ok") return;
  run.signal.throwIfAborted();
  const begun = Date.now();
  try {
    Object.assign(entry, { status: "running", startedAt: run.now().toISOString() });
    run.save();
    await work();
    // The manifest is on the disk at once. Without this it could outlive a power cut that the stage's files do not, and
    // what is left of them would be delivered.
    syncTree(run.folder, begun - CLOCK_STEP);
    Object.assign(entry, { status: "ok", finishedAt: run.now().toISOString() });
    run.save();
  } catch (error) {
    Object.assign(entry, { status: "failed", finishedAt: run.now().toISOString() });
    throw error;
  }
}

/** Ends the run well. */
export function endRun(run: Run, status: RunStatus, exitCode: ExitCode): void {
  Object.assign(run.manifest, { status, exitCode, finishedAt: run.now().toISOString() });
  rmSync(join(run.folder, RESERVE), { force: true });
  run.save();
}

/** Ends the run with what went wrong, in the manifest and the log, and gives the exit code. */
export function failRun(run: Run, error: unknown): ExitCode {
  // Whatever fails after Ctrl-C fails because of it.
  const failure = asFailure(run.signal.aborted ? run.signal.reason : error, run.folder);
  const failed = run.manifest.stages.find(({ status }) => status === "failed");
  if (failure.exit !== "held") skipPending(run);
  run.manifest.errors.push({
    stage: failed?.name ?? null,
    code: failure.code,
    message: failure.message,
    hint: failure.hint,
  });
  run.log.error({ stage: failed?.name, code: failure.code, hint: failure.hint }, failure.message);
  if (failure.exit === "internal" && failure.cause instanceof Error)
    run.log.debug({ stack: failure.cause.stack }, "cause");
  try {
    endRun(run, failure.exit === "held" ? "held" : "failed", failure.exitCode);
  } catch (unwritten) {
    // A disk that takes nothing any more: those whom `notify` names must hear of it all the same.
    run.log.error(
      `How ${run.id} ended cannot be written into its manifest (${systemCode(unwritten) ?? "unknown"}); it will be shown as died.`,
    );
  }
  return failure.exitCode;
}

/** Stages that this run will not come to any more. */
export function skipPending(run: Run): void {
  for (const entry of run.manifest.stages) if (entry.status === "pending") entry.status = "skipped";
}

/** YYYY-MM-DD, whatever languages this Node can write dates in. */
export function dayIn(timezone: string, at: Date): string {
  const day = dayOf(at.toISOString(), timezone);
  if (day === undefined) throw new RangeError(`this machine's clock shows ${at.toISOString()}`);
  return day;
}

function thisProcess(): { pid: number; host: string } {
  return { pid: process.pid, host: hostname() };
}
