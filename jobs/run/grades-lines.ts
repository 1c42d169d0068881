/** What a grades run did, as lines of its summary. Pure. */
import { join } from "node:path";
import type { GradesEntry, Manifest, OutcomeCounts } from "./manifest.ts";

/** A district with many courses may have many reasons; the first ones tell the story. */
const MOST = 12;

export function gradesLines(manifest: Manifest, folder: string): string[] {
  const { grades } = manifest;
  if (grades === undefined) return [];
  const { courses, remaster, roster } = grades;
  return [
    ...(courses.length === 0 ? [] : [`  courses   ${courses.join(", ")}`]),
    ...(remaster ? ["  remaster  everything again, whatever the ledger says"] : []),
    ...(roster === null ? [] : [`  roster    ${roster}`]),
    ...(hasMatched(manifest) ? outcomeLines(grades, manifest.dryRun, folder) : []),
  ];
}

function outcomeLines(
  { lineItems, results, reasons }: GradesEntry,
  dryRun: boolean,
  folder: string,
): string[] {
  const problems = [
    "  could not be sent",
    ...reasonLines(reasons).map((line) => `    ${line}`),
    `  courses/  ${join(folder, "courses")}: a page for each instructor`,
  ];
  return [
    `  items     ${countWords(lineItems, dryRun)}`,
    `  results   ${countWords(results, dryRun)}`,
    ...(reasons.length === 0 ? [] : problems),
    `  grades    ${join(folder, "grades.csv")}`,
  ];
}

/** Before that nothing was counted, and there is no grades.csv. */
export function hasMatched({ stages }: Pick<Manifest, "stages">): boolean {
  return stages.some(({ name, startedAt }) => name === "match" && startedAt !== null);
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
