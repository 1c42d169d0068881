/** The end of a run of which some could not be sent: how many, and why, in the manifest and the log. */
import { EXIT_CODES } from "../../config/failure.ts";
import type { GradesEntry } from "../run/manifest.ts";
import { endRun, type Run } from "../run/run.ts";

/** As many reasons as fit on a screen; grades.csv has them all. */
const MOST = 8;

/** Whether it was so. A dry run ends the same way, for what it would leave. */
export function endPartly(run: Run): boolean {
  const { grades } = run.manifest;
  if (grades === undefined || grades.reasons.length === 0) return false;
  run.manifest.errors.push({
    stage: run.manifest.dryRun ? "match" : "post",
    code: "partial.not-sent",
    message: partialWords(grades),
    hint: "courses/ in the run's folder has a page for each course that its instructor can be handed; grades.csv has every record, with the SIS's own words.",
  });
  // As an error, so that cron mails it also where --quiet says that only errors are told.
  run.log.error({ code: "partial.not-sent", reasons: grades.reasons }, partialWords(grades));
  endRun(run, "partial", EXIT_CODES.partial);
  return true;
}

function partialWords({ reasons }: GradesEntry): string {
  const all = reasons.reduce((sum, { count }) => sum + count, 0);
  const lines = reasons.slice(0, MOST).map(({ reason, count }) => `${n(count)}: ${reason}`);
  const more = reasons.length > MOST ? [`and ${n(reasons.length - MOST)} more reasons`] : [];
  const what = all === 1 ? "1 line item or result" : `${n(all)} line items and results`;
  return [`${what} could not be sent.`, ...lines, ...more].join("\n");
}

function n(value: number): string {
  return value.toLocaleString("en");
}
