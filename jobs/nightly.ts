/** `rosterbridge roster`: one new night. */
import type { ExitCode } from "../config/failure.ts";
import { loadConfig } from "../config/load.ts";
import type { Call } from "./main.ts";
import { restSource } from "./night/built.ts";
import { rosterNight, ROSTER_STAGES } from "./roster.ts";
import { withRun } from "./run/with-run.ts";

export interface RosterOptions {
  dryRun: boolean;
  acceptChanges: boolean;
}

export async function roster(call: Call, { dryRun, acceptChanges }: RosterOptions): Promise<ExitCode> {
  const loaded = await loadConfig(call.options.config, {
    env: call.terminal.env,
    sections: dryRun ? ["source"] : ["source", "delivery"],
  });
  restSource(loaded.config);
  return withRun(call, loaded, { job: "roster", stages: ROSTER_STAGES, dryRun }, (run) =>
    rosterNight(run, loaded.config, acceptChanges ? { accept: "roster --accept-changes" } : {}),
  );
}
