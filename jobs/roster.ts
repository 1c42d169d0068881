/** The roster night: from the SIS to the gateway, each stage on what the one before it left in the run folder. */
import type { ExitCode } from "../config/failure.ts";
import type { Config } from "../config/schema.ts";
import { rosterSource } from "./night/built.ts";
import { sealDrafts } from "./night/drafting.ts";
import { extract } from "./night/extract.ts";
import { nightFolders } from "./night/folders.ts";
import { accept, holdUnlessAccepted } from "./night/hold.ts";
import { finishDelivery } from "./night/unfinished.ts";
import { pageWorkerData, startPageWorkers } from "./night/workers.ts";
import { endRun, failRun, skipPending, stage, type Run } from "./run/run.ts";

export const ROSTER_STAGES = ["extract", "map", "check", "package", "deliver"] as const;

export interface NightOptions {
  /** Deliver although a guard would hold the night: how the person said so, for the record. */
  accept?: string;
  /** Stop after this stage. */
  upTo?: "check";
  /** What belongs to the run and comes after its stages: until it is done the run has not ended well. */
  last?: () => Promise<void>;
}

/** Does what is still to do of a night, and gives its exit code; the manifest says the rest. */
export async function rosterNight(run: Run, config: Config, options: NightOptions = {}): Promise<ExitCode> {
  const source = rosterSource(config);
  const drafting = pageWorkerData(config, run.manifest.today);
  const workers = startPageWorkers(drafting);
  // While the SIS is waited for there is time to load what comes later; before it is asked there is not.
  // What cannot be loaded is told of when it is wanted.
  void workers.begun.then(loadLaterStages).catch(() => undefined);
  try {
    if (!run.manifest.dryRun) await finishDelivery(run, config);
    await stage(run, "extract", async () => {
      const notes = await extract(run, source, config.roster, workers);
      // What was kept of an earlier reading has drafts of that time: those are made again.
      if (!run.resumed) sealDrafts(nightFolders(run.folder), drafting, notes);
    });
    const { map, check } = await loadLaterStages();
    await stage(run, "map", () => map(run, config, workers));
    // Their memory is wanted for the check, which need not wait until they are gone.
    void workers.close();
    await stage(run, "check", () => check(run, config));
    if (options.upTo !== "check") await packageAndDeliver(run, config, options);
    await options.last?.();
    skipPending(run);
    endRun(run, "ok", 0);
    return 0;
  } catch (error) {
    return failRun(run, error);
  } finally {
    await workers.close();
  }
}

function loadLaterStages() {
  return import("./night/later-stages.ts");
}

async function packageAndDeliver(run: Run, config: Config, options: NightOptions): Promise<void> {
  const { packageFiles, deliver } = await loadLaterStages();
  const isNothingToSend =
    config.delivery.mode === "changes" && Object.values(run.manifest.files).every(({ rows }) => rows === 0);
  if (!isNothingToSend) await stage(run, "package", () => packageFiles(run, config));
  if (options.accept !== undefined) accept(run, options.accept);
  if (run.manifest.dryRun) {
    run.log.info({ stage: "deliver" }, "deliver: skipped, as this is a dry run; nothing was sent");
    return;
  }
  holdUnlessAccepted(run);
  if (isNothingToSend) {
    run.log.info(
      { stage: "package" },
      "package: nothing differs from the last delivered night, nothing is sent",
    );
    return;
  }
  await stage(run, "deliver", () => deliver(run, config));
}
