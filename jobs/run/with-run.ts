/** Everything around a run that is the same for every job: the lock, the log, Ctrl-C, and the words at the end. */
import type { ExitCode } from "../../config/failure.ts";
import type { LoadedConfig } from "../../config/load.ts";
import { sourceWarnings } from "../../config/source-warnings.ts";
import type { Call } from "../main.ts";
import { keepConfig } from "./config-copy.ts";
import { csvStateRuns } from "./csv-state.ts";
import { newestNight } from "./delivering.ts";
import { onInterrupt } from "./interrupt.ts";
import { takeLock } from "./lock.ts";
import { createLog } from "./log.ts";
import type { Job } from "./manifest.ts";
import { notifyAll } from "./notify-all.ts";
import { removeOldRuns } from "./retention.ts";
import { resumeRun, startRun, type Run, type RunPorts } from "./run.ts";
import { summary } from "./summary.ts";

export type RunPlan =
  | { job: Job; stages: readonly string[]; dryRun: boolean; resumedFrom?: string }
  | { job: Job; resume: string; fromStage: string };

/** @throws Failure before there is a run: busy.running, usage.state */
export async function withRun(
  call: Call,
  loaded: LoadedConfig,
  plan: RunPlan,
  work: (run: Run) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { options, terminal } = call;
  const now = () => new Date();
  const log = createLog({
    format: options.logFormat,
    quiet: options.quiet,
    scrub: (text) => loaded.scrubber.scrub(text),
    stderr: terminal.stderr,
    now,
  });
  try {
    const { run, code } = await runUnderLock(call, loaded, plan, { log, now }, work);
    // Without the lock: a mail server that is slow must not keep the next run out.
    await notifyAll(loaded.config, run);
    return code;
  } finally {
    log.close();
  }
}

async function runUnderLock(
  { options, terminal }: Call,
  loaded: LoadedConfig,
  plan: RunPlan,
  { log, now }: Pick<RunPorts, "log" | "now">,
  work: (run: Run) => Promise<ExitCode>,
): Promise<{ run: Run; code: ExitCode }> {
  const { config } = loaded;
  const scrub = (text: string) => loaded.scrubber.scrub(text);
  const lock = takeLock(config.state, config.institution.id, plan.job, now);
  const interrupts = onInterrupt();
  try {
    const run = openRun(loaded, plan, { log, signal: interrupts.signal, scrub, now });
    lock.holder(run.id);
    run.log.info({ run: run.id, job: plan.job }, `run ${run.id}`);
    for (const { message, hint } of sourceWarnings(config, plan.job)) run.log.warn({ hint }, message);
    const code = await work(run);
    const needed = csvStateRuns(config.state, config.institution.id);
    await removeOldRuns(run, config.state, config.retention.runs, needed);
    const { status } = run.manifest;
    run.log.info({ run: run.id, status, exitCode: code }, `${run.id} ended: ${status}`);
    if (options.logFormat === "pretty" && !options.quiet) {
      terminal.stderr.write(`\n${scrub(summary(run.manifest, run.folder))}`);
    }
    return { run, code };
  } finally {
    interrupts.release();
    lock.release();
  }
}

function openRun({ config, file, digest }: LoadedConfig, plan: RunPlan, ports: RunPorts): Run {
  if ("resume" in plan) {
    return resumeRun(plan.resume, { fromStage: plan.fromStage, configDigest: digest }, ports);
  }
  const { state, institution } = config;
  const run = startRun(
    {
      ...plan,
      state,
      institution: { id: institution.id, timezone: institution.timezone },
      config: file,
      configDigest: digest,
      after: newestNight(state, institution.id),
    },
    ports,
  );
  keepConfig(run.folder, config);
  return run;
}
