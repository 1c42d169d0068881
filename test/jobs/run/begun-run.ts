/** A run that has begun in a state folder, holds its lock, and keeps what it logs. */
import { onTestFinished } from "vitest";
import { createLog } from "../../../jobs/run/log.ts";
import { takeLock } from "../../../jobs/run/lock.ts";
import { startRun, type Run } from "../../../jobs/run/run.ts";

export interface BegunRun {
  run: Run;
  logged: () => { level: number; msg: string }[];
}

/** @param options.at the instant at which it begins, and which stays */
export function beginRun(
  state: string,
  { at, scrub = (text) => text }: { at: string; scrub?: (text: string) => string },
): BegunRun {
  const now = () => new Date(at);
  let text = "";
  const stderr = {
    write: (line: string) => {
      text += line;
    },
  };
  const log = createLog({ format: "json", quiet: false, scrub, stderr, now });
  const lock = takeLock(state, "oakdale", "roster", now);
  const run = startRun(
    {
      state,
      job: "roster",
      stages: ["extract", "deliver"],
      institution: { id: "oakdale", timezone: "America/Los_Angeles" },
      config: "rosterbridge.yaml",
      configDigest: "sha256:0",
      dryRun: false,
      after: null,
    },
    { log, signal: new AbortController().signal, scrub, now },
  );
  lock.holder(run.id);
  onTestFinished(() => {
    log.close();
    lock.release();
  });
  return {
    run,
    logged: () =>
      text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as { level: number; msg: string }),
  };
}
