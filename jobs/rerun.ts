/** `rosterbridge rerun`: what failed, again from the stage that failed, on what it already holds. */
import { Failure, type ExitCode } from "../config/failure.ts";
import { loadConfig } from "../config/load.ts";
import type { Call } from "./main.ts";
import { restSource } from "./night/built.ts";
import { refuseStale } from "./night/deliver.ts";
import { rosterNight, ROSTER_STAGES } from "./roster.ts";
import { readBaseline, type Baseline } from "./run/baseline.ts";
import { changedKeys, keepConfig } from "./run/config-copy.ts";
import { pastRun, pastRuns, type PastRun } from "./run/history.ts";
import { withRun, type RunPlan } from "./run/with-run.ts";

export interface RerunOptions {
  run: string | undefined;
  from: string | undefined;
  acceptChanges: boolean;
}

export async function rerun(call: Call, options: RerunOptions): Promise<ExitCode> {
  // The stage decides which secrets are needed: a delivery must not fail for want of the SIS's.
  const { config } = await loadConfig(call.options.config, { env: call.terminal.env, sections: [] });
  const past = chooseRun(config.state, config.institution.id, options.run);
  const from = chooseStage(past, options.from);
  refuseDelivered(past, from, readBaseline(config.state, config.institution.id));
  const loaded = await loadConfig(call.options.config, {
    env: call.terminal.env,
    sections: [
      ...(from === "extract" ? (["source"] as const) : []),
      ...(past.manifest.dryRun ? [] : (["delivery", "notify"] as const)),
    ],
  });
  restSource(loaded.config);
  const configChanged = past.manifest.configDigest !== loaded.digest;
  const anew = from === "extract" && (options.from !== undefined || configChanged);
  return withRun(call, loaded, planOf(past, from, anew), (run) => {
    if (configChanged) {
      const keys = changedKeys(past.folder, loaded.config).join(", ");
      const which = keys === "" ? "" : ` (${keys})`;
      run.log.warn(
        `The config has changed since ${past.manifest.run} began${which}; what it says now holds.`,
      );
      keepConfig(run.folder, loaded.config);
    }
    return rosterNight(run, loaded.config, options.acceptChanges ? { accept: "rerun --accept-changes" } : {});
  });
}

/** @param anew a new run, which asks the SIS everything again and points back */
function planOf({ manifest, folder }: PastRun, from: string, anew: boolean): RunPlan {
  const { job, run, dryRun } = manifest;
  if (anew) return { job, stages: ROSTER_STAGES, dryRun, resumedFrom: run };
  return { job, resume: folder, fromStage: from };
}

function chooseRun(state: string, institution: string, id: string | undefined): PastRun {
  const runs = pastRuns(state, institution);
  const past =
    id === undefined
      ? runs.find(({ state }) => state !== "ok" && state !== "paused")
      : pastRun(state, institution, id);
  if (past === undefined) {
    throw new Failure("usage.nothing-to-rerun", "Every run has succeeded; there is nothing to run again.", {
      hint: "`rosterbridge roster` makes a new one.",
    });
  }
  if (past.state === "running") {
    throw new Failure("busy.running", `Run ${past.manifest.run} is still under way.`, {
      hint: "Wait until it has ended.",
    });
  }
  refuseStale(past.manifest, readBaseline(state, institution));
  return past;
}

/**
 * What Canvas was given is the baseline of the nights to come: it is not made again under the same name.
 * A delivery that was recorded and not yet told may be told.
 */
function refuseDelivered({ manifest, state }: PastRun, from: string, last: Baseline | undefined): void {
  const recorded = manifest.delivery !== null || last?.run === manifest.run;
  if (!recorded || from === "extract" || (from === "deliver" && state !== "ok")) return;
  throw new Failure("usage.delivered", `Run ${manifest.run} has been delivered; it is not made again.`, {
    hint: "`rosterbridge roster` makes a new night with what the SIS says now.",
  });
}

function chooseStage({ manifest, state }: PastRun, from: string | undefined): string {
  const known = manifest.stages.map(({ name }) => name);
  const first = manifest.stages.find(({ status }) => status !== "ok")?.name;
  if (from === undefined) {
    if (first !== undefined && state !== "ok") return first;
    throw new Failure(
      "usage.nothing-to-rerun",
      `Run ${manifest.run} has succeeded; there is nothing to run again.`,
      {
        hint: "With --from STAGE it is done again from there all the same.",
      },
    );
  }
  if (!known.includes(from)) {
    throw new Failure(
      "usage.unknown-stage",
      `${from} is no stage of ${manifest.job}: they are ${known.join(", ")}.`,
    );
  }
  if (first !== undefined && known.indexOf(from) > known.indexOf(first)) {
    throw new Failure(
      "usage.unknown-stage",
      `Run ${manifest.run} cannot begin with ${from}: it has not done ${first} yet.`,
      {
        hint: `Begin with --from ${first}, or leave it out.`,
      },
    );
  }
  return from;
}
