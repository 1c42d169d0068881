/** One run on one screen, for a person in a hurry. */
import { join } from "node:path";
import { gradesLines } from "./grades-lines.ts";
import { guardSummary } from "./guard-lines.ts";
import type { Manifest } from "./manifest.ts";

const VERDICTS: Record<string, string> = {
  ok: "ended well",
  failed: "FAILED",
  held: "is HELD: a person must decide",
  partial: "ended in part",
  paused: "did nothing: a pause is configured",
  running: "is running",
  died: "DIED: its process was killed, or the machine was",
};

/** @param state the run's state, when it is known better than the manifest says it */
export function summary(manifest: Manifest, folder: string, state: string = manifest.status): string {
  const lines = [
    `${manifest.run} ${VERDICTS[state] ?? state}${manifest.dryRun ? " (dry run: nothing was sent)" : ""}`,
    `  ${times(manifest)}`,
    ...manifest.errors.flatMap(({ stage, code, message, hint }) =>
      // Its own lines say it better.
      code === "held.guard" || code === "partial.not-sent"
        ? []
        : [`  ✗ ${stage === null ? "" : `${stage}: `}${message}`, ...(hint === "" ? [] : [`    → ${hint}`])],
    ),
    ...guardSummary(manifest, state),
    `  stages    ${manifest.stages.map(({ name, status }) => `${name} ${status}`).join(" · ")}`,
    ...counts("from SIS", manifest.extracted, ({ records, rejected, gone, leftOut }) => [
      n(records),
      some(rejected, "rejected"),
      some(gone, "gone"),
      some(sum(leftOut), "not wanted"),
    ]),
    ...counts("to Canvas", manifest.files, ({ rows, added = 0, changed = 0, suspended = 0, removed = 0 }) => [
      n(rows),
      some(added, "added"),
      some(changed - suspended, "changed"),
      some(suspended, "suspended by the SIS"),
      some(removed, "removed"),
    ]),
    ...manifest.warnings.map(
      ({ type, field, reason, count, examples }) =>
        `  ! ${n(count)} ${type}: ${field}: ${reason} (such as ${examples.slice(0, 3).join(", ")})`,
    ),
    ...(manifest.package === null
      ? []
      : [`  package   ${manifest.package.file}, ${n(manifest.package.bytes)} bytes`]),
    ...(manifest.job === "grades" ? gradesLines(manifest, folder) : [delivered(manifest)]),
    `  files     ${folder}`,
    ...(Object.values(manifest.extracted).some(({ rejected }) => rejected > 0)
      ? [`  rejects   ${join(folder, "rejects.csv")}`]
      : []),
  ];
  // What a SIS says may hold anything; here it is on one line, and paints nothing.
  return lines.map((line) => `${line.replace(/\p{Cc}+/gu, " ")}\n`).join("");
}

function times({ startedAt, finishedAt, exitCode }: Manifest): string {
  if (finishedAt === null) return `since ${startedAt}`;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return `${startedAt} to ${finishedAt} (${seconds.toFixed(1)} s), exit code ${exitCode ?? "none"}`;
}

function counts<E>(title: string, entries: Record<string, E>, words: (entry: E) => string[]): string[] {
  const parts = Object.entries(entries).map(([name, entry]) => {
    const [first, ...more] = words(entry).filter((word) => word !== "");
    return `${first ?? ""} ${name}${more.length > 0 ? ` (${more.join(", ")})` : ""}`;
  });
  return parts.length === 0 ? [] : [`  ${title.padEnd(10)}${parts.join(" · ")}`];
}

function delivered({ delivery, dryRun }: Manifest): string {
  if (delivery !== null)
    return `  delivered ${delivery.target} (${delivery.kind}, ${delivery.verified ? "verified" : "not verified"})`;
  return dryRun ? "  delivered nothing" : "  delivered nothing: Canvas stays as it was";
}

function some(count: number, what: string): string {
  return count > 0 ? `${n(count)} ${what}` : "";
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

function n(value: number): string {
  return value.toLocaleString("en");
}
