/** What a grades run did, as lines of its summary. Pure. */
import { join } from "node:path";
import type { GradesEntry, Manifest, OutcomeCounts } from "./manifest.ts";

/** A district with many courses may have many reasons; the first ones tell the story. */
const MOST = 12;

export function gradesLines({ grades, dryRun }: Manifest, folder: string): string[] {
  if (grades === undefined) return [];
  const { lineItems, results, reasons, courses, remaster, roster } = grades;
  return [
    ...(courses.length === 0 ? [] : [`  courses   ${courses.join(", ")}`]),
    ...(remaster ? ["  remaster  everything again, whatever the ledger says"] : []),
    ...(roster === null ? [] : [`  roster    ${roster}`]),
    `  items     ${countWords(lineItems, dryRun)}`,
    `  results   ${countWords(results, dryRun)}`,
    ...(reasons.length === 0 ? [] : [`  could not be sent`]),
    ...reasonLines(reasons).map((line) => `    ${line}`),
    ...(reasons.length === 0 ? [] : [`  courses/  ${join(folder, "courses")}: a page for each instructor`]),
    `  grades    ${join(folder, "grades.csv")}`,
  ];
}

export function reasonLines(reasons: GradesEntry["reasons"]): string[] {
  const lines = reasons.slice(0, MOST).map(({ reason, count }) => `✗ ${n(count)}: ${reason}`);
  const more = reasons.length - MOST;
  return more > 0 ? [...lines, `… and ${n(more)} more reasons: grades.csv`] : lines;
}

/** `12 sent, 340 unchanged, 3 skipped, 1 refused` */
export function countWords(counts: OutcomeCounts, dryRun: boolean): string {
  const { sent, wouldSend, unchanged, skipped, refused } = counts;
  return [
    dryRun ? `${n(wouldSend)} would be sent` : `${n(sent)} sent`,
    `${n(unchanged)} unchanged`,
    `${n(skipped)} skipped`,
    ...(dryRun ? [] : [`${n(refused)} refused`]),
  ].join(", ");
}

function n(value: number): string {
  return value.toLocaleString("en");
}
