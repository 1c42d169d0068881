/**
 * One run at a time for an institution and job. The lock is SQLite's own lock on a file: the operating system
 * lets go of it when the process dies, however it dies, so there are no stale locks to judge.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../config/failure.ts";
import { makePrivateFolder } from "./files.ts";
import type { Job } from "./manifest.ts";

export interface Lock {
  /** Writes down who holds it, for whoever finds it taken. */
  holder(run: string): void;
  release(): void;
}

interface Holder {
  run: string;
  pid: number;
  since: string;
}

/**
 * @param state the state folder
 * @throws Failure busy.running when another process has it, usage.state when the folder cannot be written
 */
export function takeLock(state: string, institution: string, job: Job, now: () => Date): Lock {
  const file = join(state, "locks", `${institution}-${job}`);
  let database: DatabaseSync | undefined;
  try {
    makePrivateFolder(join(state, "locks"));
    database = new DatabaseSync(`${file}.lock`);
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    if (isBusy(error)) throw busy(`${file}.json`, institution, job);
    throw stateUnusable(state, error);
  }
  const held = database;
  return {
    holder(run) {
      const who: Holder = { run, pid: process.pid, since: now().toISOString() };
      writeFileSync(`${file}.json`, JSON.stringify(who), { mode: 0o600 });
    },
    release() {
      rmSync(`${file}.json`, { force: true });
      held.exec("ROLLBACK");
      held.close();
    },
  };
}

/** Whether a run of this institution and job is under way now, in whatever process. */
export function isLocked(state: string, institution: string, job: Job): boolean {
  try {
    takeLock(state, institution, job, () => new Date(0)).release();
    return false;
  } catch (error) {
    if (error instanceof Failure && error.exit === "busy") return true;
    throw error;
  }
}

export function stateUnusable(state: string, cause: unknown): Failure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure(
    "usage.state",
    `The state folder ${state} cannot be written: ${reason}. Nothing was asked of the SIS.`,
    {
      hint: "Correct `state` in the config, or give the account that runs rosterbridge write access to that folder.",
      cause,
    },
  );
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && (error as { errcode?: number }).errcode === 5;
}

function busy(holderFile: string, institution: string, job: Job): Failure {
  const who = readHolder(holderFile);
  const words = who === undefined ? "" : `: run ${who.run}, process ${who.pid}, since ${who.since}`;
  return new Failure("busy.running", `Another ${job} run of ${institution} is under way${words}.`, {
    hint: "Wait until it has ended; `rosterbridge runs` shows it. Nothing was touched by this call.",
  });
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}
