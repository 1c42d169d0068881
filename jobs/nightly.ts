/** `rosterbridge roster`: one new night. */
import type { ExitCode } from "../config/failure.ts";
import { loadConfig } from "../config/load.ts";
import type { Call } from "./main.ts";
import { rosterSource } from "./night/built.ts";
import { rosterNight, ROSTER_STAGES } from "./roster.ts";
import { endPaused, pauseOn } from "./run/pauses.ts";
import { withRun } from "./run/with-run.ts";

export interface RosterOptions {
  dryRun: boolean;
  acceptChanges: boolean;
}

export async function roster(call: Call, { dryRun, acceptChanges }: RosterOptions): Promise<ExitCode> {
  const loaded = await loadConfig(call.options.config, {
    env: call.terminal.env,
    sections: dryRun ? ["source"] : ["source", "delivery", "notify"],
  });
  const { config } = loaded;
  rosterSource(config);
  return withRun(call, loaded, { job: "roster", stages: ROSTER_STAGES, dryRun }, async (run) => {
    const pause = dryRun ? undefined : pauseOn(config.pauses, "roster", run.manifest.today);
    if (pause !== undefined) return endPaused(run, pause);
    return rosterNight(run, config, acceptChanges ? { accept: "roster --accept-changes" } : {});
  });
}
