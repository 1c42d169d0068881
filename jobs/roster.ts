/** The roster night: from the SIS to the gateway, each stage on what the one before it left in the run folder. */
import type { ExitCode } from "../config/failure.ts";
import type { Config } from "../config/schema.ts";
import { check } from "./night/check.ts";
import { deliver } from "./night/deliver.ts";
import { sealDrafts } from "./night/drafting.ts";
import { extract } from "./night/extract.ts";
import { nightFolders } from "./night/folders.ts";
import { map } from "./night/map.ts";
import { packageFiles } from "./night/package.ts";
import { restSource } from "./night/built.ts";
import { pageWorkerData, startPageWorkers } from "./night/workers.ts";
import { endRun, failRun, stage, type Run } from "./run/run.ts";

export const ROSTER_STAGES = ["extract", "map", "check", "package", "deliver"] as const;

/** Does what is still to do of a night, and gives its exit code; the manifest says the rest. */
export async function rosterNight(run: Run, config: Config): Promise<ExitCode> {
  const source = restSource(config);
  const workers = startPageWorkers(pageWorkerData(config));
  try {
    await stage(run, "extract", async () => {
      const notes = await extract(run, source, workers);
      sealDrafts(nightFolders(run.folder), pageWorkerData(config), notes);
    });
    await stage(run, "map", () => map(run, config, workers));
    await workers.close();
    await stage(run, "check", () => check(run, config));
    await stage(run, "package", () => packageFiles(run, config));
    if (run.manifest.dryRun) skipDelivery(run);
    else await stage(run, "deliver", () => deliver(run, config));
    endRun(run, "ok", 0);
    return 0;
  } catch (error) {
    return failRun(run, error);
  } finally {
    await workers.close();
  }
}

function skipDelivery(run: Run): void {
  for (const entry of run.manifest.stages) if (entry.name === "deliver") entry.status = "skipped";
  run.log.info({ stage: "deliver" }, "deliver: skipped, as this is a dry run; nothing was sent");
}
