/** Days on which a job does nothing, such as a summer rollover: the SIS is being rebuilt, and Canvas stays as it is. */
import { EXIT_CODES, type ExitCode } from "../../config/failure.ts";
import type { Config } from "../../config/schema.ts";
import type { Job } from "./manifest.ts";
import { endRun, type Run } from "./run.ts";

export type Pause = Config["pauses"][number];

/**
 * The pause that a job has on a day, of several the one that ends last. Pure.
 * @param day `2027-06-05`, in the institution's time zone; first and last day of a pause belong to it
 */
export function pauseOn(pauses: readonly Pause[], job: Job, day: string): Pause | undefined {
  return pauses
    .filter(({ from, to, jobs }) => jobs.includes(job) && from <= day && day <= to)
    .reduce<Pause | undefined>(
      (last, pause) => (last !== undefined && last.to >= pause.to ? last : pause),
      undefined,
    );
}

/** Ends a run that has not begun its work, and says why and until when. */
export function endPaused(run: Run, pause: Pause): ExitCode {
  for (const entry of run.manifest.stages) entry.status = "skipped";
  const why = pause.reason === "" ? "" : `: ${pause.reason}`;
  run.log.info(
    { pause },
    `paused until ${pause.to}, that day included${why}. Nothing was asked of the SIS and nothing sent`,
  );
  endRun(run, "paused", EXIT_CODES.ok);
  return EXIT_CODES.ok;
}
