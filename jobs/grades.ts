/** `rosterbridge grades`: a new run of grade passback. */
import type { ExitCode } from "../config/failure.ts";
import { loadConfig } from "../config/load.ts";
import type { Call } from "./main.ts";
import { passback, GRADES_STAGES } from "./passback.ts";
import { gradesSetup } from "./passback/configured.ts";
import { noGrades } from "./run/manifest.ts";
import { endPaused, pauseOn } from "./run/pauses.ts";
import { withRun } from "./run/with-run.ts";

export interface GradesOptions {
  dryRun: boolean;
  /** course_ids; none: all courses. */
  courses: readonly string[];
  /** Send everything again, whatever the ledger says. */
  remaster: boolean;
}

export async function grades(call: Call, { dryRun, courses, remaster }: GradesOptions): Promise<ExitCode> {
  const { env } = call.terminal;
  // Nobody should have to look for a secret first to be told that there are no grades with this SIS.
  const read = await loadConfig(call.options.config, { env, sections: [] });
  gradesSetup(read.config, read.file);
  const loaded = await loadConfig(call.options.config, {
    env,
    sections: dryRun ? ["source", "grades"] : ["source", "grades", "notify"],
  });
  const { config } = loaded;
  const setup = gradesSetup(config, loaded.file);
  return withRun(call, loaded, { job: "grades", stages: GRADES_STAGES, dryRun }, async (run) => {
    run.manifest.grades = { ...noGrades(), courses: [...courses], remaster };
    run.save();
    const pause = dryRun ? undefined : pauseOn(config.pauses, "grades", run.manifest.today);
    if (pause !== undefined) return endPaused(run, pause);
    return passback(run, config, setup);
  });
}
