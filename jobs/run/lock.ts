/**
 * One run at a time for an institution and job. The lock is SQLite's own lock on a file: the operating system
 * lets go of it when the process dies, however it dies, so there are no stale locks to judge.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

export interface Holder {
  run: string;
  pid: number;
  /** Instant. */
  since: string;
}

/** Long enough for whoever only looks whether it is taken, in milliseconds. */
const PATIENCE = 1000;
const SQLITE_BUSY = 5;

/** A lock whose holder keeps no reference to it would be let go of by the garbage collector. */
const held = new Set<DatabaseSync>();

/**
 * @param state the state folder
 * @throws Failure busy.running when another process has it, usage.state when the folder cannot be written
 */
export function takeLock(state: string, institution: string, job: Job, now: () => Date): Lock {
  const { lock, words } = filesOf(state, institution, job);
  let database: DatabaseSync | undefined;
  try {
    makePrivateFolder(join(state, "locks"));
    database = new DatabaseSync(lock, { timeout: PATIENCE });
    database.exec("BEGIN EXCLUSIVE");
    // Those of a holder that was killed.
    rmSync(words, { force: true });
  } catch (error) {
    database?.close();
    if (isBusy(error)) throw busy(words, institution, job);
    throw stateUnusable(state, error);
  }
  const taken = database;
  held.add(taken);
  return {
    holder(run) {
      const who: Holder = { run, pid: process.pid, since: now().toISOString() };
      try {
        writeFileSync(words, JSON.stringify(who), { mode: 0o600 });
      } catch {
        // A courtesy to others: on a full disk the lock holds without it.
      }
    },
    release() {
      try {
        rmSync(words, { force: true });
      } catch {
        // On a disk that takes nothing any more: whoever takes the lock next removes them.
      }
      held.delete(taken);
      taken.exec("ROLLBACK");
      taken.close();
    },
  };
}

/**
 * Who has the lock now, in whatever process; "unknown" while nobody has said. Only looks: a run that wants to
 * begin at this moment is not turned away by it.
 */
export function lockHolder(state: string, institution: string, job: Job): Holder | "unknown" | undefined {
  const { lock, words } = filesOf(state, institution, job);
  if (!existsSync(lock)) return undefined;
  const database = new DatabaseSync(lock, { readOnly: true });
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return undefined;
  } catch (error) {
    if (isBusy(error)) return readHolder(words) ?? "unknown";
    throw error;
  } finally {
    database.close();
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

function filesOf(state: string, institution: string, job: Job): { lock: string; words: string } {
  const file = join(state, "locks", `${institution}-${job}`);
  return { lock: `${file}.lock`, words: `${file}.json` };
}

/** The low byte: the others tell kinds of being busy apart. */
function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY;
}

function busy(words: string, institution: string, job: Job): Failure {
  const who = readHolder(words);
  const whose = who === undefined ? "" : `: run ${who.run}, process ${who.pid}, since ${who.since}`;
  return new Failure("busy.running", `Another ${job} run of ${institution} is under way${whose}.`, {
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
