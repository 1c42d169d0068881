/** `rosterbridge rerun`: what failed, again from the stage that failed, on what it already holds. */
import { Failure, type ExitCode } from "../config/failure.ts";
import { type LoadedConfig, loadConfig, type SecretSection } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import type { Call } from "./main.ts";
import { rosterSource } from "./night/built.ts";
import { newestDelivery, refuseStale } from "./night/deliver.ts";
import { GRADES_STAGES, passback } from "./passback.ts";
import { gradesSetup } from "./passback/configured.ts";
import { overtakenBy, refuseOvertaken } from "./passback/overtaken.ts";
import { rosterNight, ROSTER_STAGES } from "./roster.ts";
import { readBaseline, type Baseline } from "./run/baseline.ts";
import { changedKeys, keepConfig } from "./run/config-copy.ts";
import { pastRun, pastRuns, type PastRun } from "./run/history.ts";
import { type GradesEntry, type Job, type Manifest, noGrades } from "./run/manifest.ts";
import type { Run } from "./run/run.ts";
import { withRun, type RunPlan } from "./run/with-run.ts";

export interface RerunOptions {
  run: string | undefined;
  from: string | undefined;
  acceptChanges: boolean;
}

export async function rerun(call: Call, options: RerunOptions): Promise<ExitCode> {
  // The stage decides which secrets are needed: a delivery must not fail for want of the SIS's.
  const { config } = await loadConfig(call.options.config, { env: call.terminal.env, sections: [] });
  const past = chooseRun(config, options.run);
  const from = chooseStage(past, options.from);
  refuseDelivered(past, from, readBaseline(config.state, config.institution.id));
  refuseOvertaken(past, from, pastRuns(config.state, config.institution.id));
  const loaded = await loadConfig(call.options.config, {
    env: call.terminal.env,
    sections: secretsFor(past, from),
  });
  const again = workOf(past.manifest.job, loaded, options);
  refuseOtherMode(past, from, loaded.config);
  const configChanged = past.manifest.configDigest !== loaded.digest;
  const isFirst = from === past.manifest.stages[0]?.name;
  const anew = isFirst && (options.from !== undefined || configChanged);
  return withRun(call, loaded, planOf(past, from, anew), (run) => {
    if (configChanged) {
      const keys = changedKeys(past.folder, loaded.config).join(", ");
      const which = keys === "" ? "" : ` (${keys})`;
      run.log.warn(
        `The config has changed since ${past.manifest.run} began${which}; what it says now holds.`,
      );
      keepConfig(run.folder, loaded.config);
    }
    // A new run asks for what the old one was asked for.
    if (anew && past.manifest.grades !== undefined) run.manifest.grades = askedAgain(past.manifest.grades);
    return again(run);
  });
}

/** The secrets of the stages that are to be done: one that is not needed must not be missed. */
function secretsFor({ manifest }: PastRun, from: string): SecretSection[] {
  const notify = manifest.dryRun ? [] : (["notify"] as const);
  // Canvas is asked in the first stage only, and its token is in the same section as what the others need.
  if (manifest.job === "grades") return ["source", "grades", ...notify];
  return [
    ...(from === "extract" ? (["source"] as const) : []),
    ...(manifest.dryRun ? [] : (["delivery"] as const)),
    ...notify,
  ];
}

/** What does the stages of a run of this job. @throws Failure usage.… when the configuration does not let it */
function workOf(
  job: Job,
  { config, file }: LoadedConfig,
  { acceptChanges }: RerunOptions,
): (run: Run) => Promise<ExitCode> {
  if (job === "grades") {
    const setup = gradesSetup(config, file);
    return (run) => passback(run, config, setup);
  }
  rosterSource(config);
  return (run) => rosterNight(run, config, acceptChanges ? { accept: "rerun --accept-changes" } : {});
}

function askedAgain({ courses, remaster }: GradesEntry): GradesEntry {
  return { ...noGrades(), courses, remaster };
}

/** @param anew a new run, which asks the SIS everything again and points back */
function planOf({ manifest, folder }: PastRun, from: string, anew: boolean): RunPlan {
  const { job, run, dryRun } = manifest;
  const stages = job === "grades" ? GRADES_STAGES : ROSTER_STAGES;
  if (anew) return { job, stages, dryRun, resumedFrom: run };
  return { job, resume: folder, fromStage: from };
}

function chooseRun(config: Config, id: string | undefined): PastRun {
  const [state, institution] = [config.state, config.institution.id];
  const runs = pastRuns(state, institution);
  const past = id === undefined ? lastUnsuccessful(runs) : pastRun(state, institution, id);
  if (past === undefined) {
    throw new Failure(
      "usage.nothing-to-rerun",
      runs.length === 0
        ? "Nothing has run yet, so there is nothing to run again."
        : "The last runs have succeeded; there is nothing to run again.",
      {
        hint: "`rosterbridge roster` makes a new one.",
      },
    );
  }
  if (past.state === "running") {
    throw new Failure("busy.running", `Run ${past.manifest.run} is still under way.`, {
      hint: "Wait until it has ended.",
    });
  }
  if (past.manifest.job === "roster") refuseStale(past.manifest, newestDelivery(config, past.manifest));
  return past;
}

/**
 * The last run that did not succeed, unless the same job has been done since. One that failed goes before grades of
 * which only some could not be sent, and a night before what was only for looking: a dry run, a plan or an evaluation that
 * failed after it must not be done in its place, and end well with nothing delivered. One that would be refused, as newer
 * grades have been sent, stands in the way of none that can be done.
 * @param runs newest first
 */
function lastUnsuccessful(runs: readonly PastRun[]): PastRun | undefined {
  const done: Manifest[] = [];
  const open = runs.filter(({ state, manifest }) => {
    const isMadeGood = done.some((later) => covers(later, manifest));
    if ((state === "ok" || state === "partial") && !manifest.dryRun) done.push(manifest);
    return state !== "ok" && state !== "paused" && !isMadeGood;
  });
  const meant = open.filter(({ manifest }) => !manifest.dryRun);
  const candidates = meant.length > 0 ? meant : open;
  const possible = candidates.filter(
    (past) => overtakenBy(past, firstUndone(past.manifest) ?? "", runs) === undefined,
  );
  const first = possible.length > 0 ? possible : candidates;
  return first.find(({ state }) => state !== "partial") ?? first[0];
}

/** Grades of some courses alone make good no more than what was to be done of these. */
function covers(later: Manifest, earlier: Manifest): boolean {
  if (later.job !== earlier.job) return false;
  const [done, asked] = [later.grades?.courses ?? [], earlier.grades?.courses ?? []];
  return done.length === 0 || (asked.length > 0 && asked.every((course) => done.includes(course)));
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

/**
 * A package of one mode read as one of another does harm: what is absent from one of changes, a diffing directory takes
 * for deleted.
 */
function refuseOtherMode({ manifest, folder }: PastRun, from: string, config: Config): void {
  const isMade = manifest.job === "roster" && (from === "package" || from === "deliver");
  const isRecorded = readBaseline(config.state, config.institution.id)?.run === manifest.run;
  if (!isMade || isRecorded || !changedKeys(folder, config).includes("delivery.mode")) return;
  throw new Failure(
    "usage.other-mode",
    `The rows of run ${manifest.run} were chosen for another delivery.mode than ${config.delivery.mode}, and Canvas would misread them. Nothing was touched.`,
    {
      hint: `\`rosterbridge rerun ${manifest.run} --from check\` chooses them anew from what that run has read.`,
    },
  );
}

function chooseStage({ manifest, state }: PastRun, from: string | undefined): string {
  const known = manifest.stages.map(({ name }) => name);
  const first = firstUndone(manifest);
  if (from === undefined) {
    if (first !== undefined && state !== "ok") return first;
    // Of partial ones what was refused is tried again; the ledger knows what was not. Others were killed, or found the
    // disk full, with nothing left to do but to say so; what is delivered is recorded, and not delivered again.
    if (state !== "ok") return manifest.stages.at(-1)?.name ?? "post";
    throw new Failure(
      "usage.nothing-to-rerun",
      `Run ${manifest.run} has succeeded; there is nothing to run again.`,
      {
        hint:
          manifest.delivery === null
            ? "With --from STAGE it is done again from there all the same."
            : "`rosterbridge roster` makes a new night with what the SIS says now.",
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

function firstUndone({ stages }: Manifest): string | undefined {
  return stages.find(({ status }) => status !== "ok")?.name;
}
