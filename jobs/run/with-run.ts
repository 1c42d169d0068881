/** Everything around a run that is the same for every job: the lock, the log, Ctrl-C, and the words at the end. */
import type { ExitCode } from "../../config/failure.ts";
import type { LoadedConfig } from "../../config/load.ts";
import type { Call } from "../main.ts";
import { readBaseline } from "./baseline.ts";
import { keepConfig } from "./config-copy.ts";
import { onInterrupt } from "./interrupt.ts";
import { takeLock } from "./lock.ts";
import { createLog } from "./log.ts";
import type { Job } from "./manifest.ts";
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
  const { config, scrubber } = loaded;
  const now = () => new Date();
  const scrub = (text: string) => scrubber.scrub(text);
  const { terminal, options } = call;
  const lock = takeLock(config.state, config.institution.id, plan.job, now);
  const log = createLog({
    format: options.logFormat,
    quiet: options.quiet,
    scrub,
    stderr: terminal.stderr,
    now,
  });
  const interrupts = onInterrupt();
  try {
    const ports: RunPorts = { log, signal: interrupts.signal, scrub, now };
    const run =
      "resume" in plan
        ? resumeRun(plan.resume, { fromStage: plan.fromStage, configDigest: loaded.digest }, ports)
        : startRun(
            {
              ...plan,
              state: config.state,
              institution: { id: config.institution.id, timezone: config.institution.timezone },
              config: loaded.file,
              configDigest: loaded.digest,
              after: readBaseline(config.state, config.institution.id)?.run ?? null,
            },
            ports,
          );
    lock.holder(run.id);
    if (!run.resumed) keepConfig(run.folder, config);
    run.log.info({ run: run.id, job: plan.job }, `run ${run.id}`);
    const code = await work(run);
    run.log.info(
      { run: run.id, status: run.manifest.status, exitCode: code },
      `${run.id} ended: ${run.manifest.status}`,
    );
    if (options.logFormat === "pretty" && !options.quiet)
      terminal.stderr.write(`\n${scrub(summary(run.manifest, run.folder))}`);
    return code;
  } finally {
    interrupts.release();
    log.close();
    lock.release();
  }
}
