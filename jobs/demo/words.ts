/** What the demo says, as a person would want to read it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { megabytes } from "../night/package.ts";
import { readManifest, type Manifest } from "../run/manifest.ts";
import type { District } from "./district.ts";
import type { SandboxGateway } from "./gateway.ts";
import type { SandboxSis } from "./sis.ts";

export function opening(
  district: District,
  sis: SandboxSis,
  gateway: SandboxGateway,
  folder: string,
): string {
  const n = (list: unknown[]) => list.length.toLocaleString("en");
  return `An invented district on this machine, nothing leaves it:
  its SIS      OneRoster 1.1 with OAuth 1.0a, ${sis.url}
               ${n(district.orgs)} orgs, ${n(district.classes)} classes, ${n(district.users)} users, ${n(district.enrollments)} enrollments,
               with the oddities of real data
  its gateway  SFTP with a key, ${gateway.host}:${gateway.port}
  the files    ${folder}

The first night of rosters:
`;
}

export function afterFirst(folder: string): string {
  const { manifest } = newestRun(folder, "roster") ?? {};
  if (manifest === undefined) return "";
  return `
What happened
  The roster was read completely: ${sentence(Object.entries(manifest.extracted).map(([type, { records }]) => count(records, type)))}.
  It became ${sentence(Object.entries(manifest.files).map(([file, { rows }]) => count(rows, file)))} for Canvas.
${leftOut(manifest)}${delivered(manifest)}`;
}

export function afterSecond(folder: string): string {
  const { manifest } = newestRun(folder, "roster") ?? {};
  if (manifest === undefined) return "";
  return `
What happened
${changes(manifest)}${delivered(manifest)}`;
}

export function beforeGrades(courses: number, canvas: string): string {
  return `
A Canvas of its own (${canvas}) has a semester of graded work for these courses. The night of grades, for ${courses} of them:
`;
}

export function afterGrades(folder: string): string {
  const { run, manifest } = newestRun(folder, "grades") ?? {};
  if (run === undefined || manifest?.grades === undefined) return "";
  const { lineItems, results } = manifest.grades;
  const held = results.skipped + results.refused + lineItems.skipped + lineItems.refused;
  return `
What happened
  The SIS got ${count(lineItems.sent, "line items")} and ${count(results.sent, "results")}, and has confirmed each of them: the ledger knows it, so that
  another run sends only what differs.
  ${count(held, "line items and results")} were not sent, each with its reason and what to do. Such is real work: grades that are
  not posted yet, assignments without a due date, students who have left.
`;
}

/** @param command how rosterbridge is called from where the demo was */
export function closing(folder: string, config: string, command: string): string {
  const { run, manifest } = newestRun(folder, "roster") ?? {};
  if (run === undefined || manifest === undefined) return "";
  return `
Look at it
  ${run}
    canvas/        what Canvas gets: ${firstRow(join(run, "canvas", "sections.csv"))}
    changes.csv    what differs from the night before, row by row and column by column
    rejects.csv    every record left out, and why: ${firstRow(join(run, "rejects.csv"))}
    manifest.json  the run in numbers · log.ndjson what it did · extract/ what the SIS said
${gradesFiles(folder)}  ${join(folder, "gateway", "incoming")}   what the gateway received
  ${config}   the config it ran with

The servers of the demo have stopped; \`${command} runs --config ${config}\` still shows the runs.
`;
}

function gradesFiles(folder: string): string {
  const { run } = newestRun(folder, "grades") ?? {};
  if (run === undefined) return "";
  const [page] = existsSync(join(run, "courses")) ? readdirSync(join(run, "courses")) : [];
  return `  ${run}
    grades.csv     every line item and result, its outcome, the SIS's own words
${page === undefined ? "" : `    courses/       a page a course, for its instructor: ${page} and others\n`}`;
}

export function newestRun(
  folder: string,
  job: "roster" | "grades",
): { run: string; manifest: Manifest } | undefined {
  const runs = join(folder, "var", "runs");
  const ids = existsSync(runs) ? readdirSync(runs).filter((id) => id.endsWith(`-${job}`)) : [];
  const id = ids.sort().at(-1);
  return id === undefined ? undefined : { run: join(runs, id), manifest: readManifest(join(runs, id)) };
}

function changes({ files }: Manifest): string {
  const lines = Object.entries(files).flatMap(([file, { added = 0, changed = 0, removed = 0 }]) =>
    added + changed + removed === 0
      ? []
      : [`    ${file}: ${added} added, ${changed} changed, ${removed} removed`],
  );
  if (lines.length === 0) return "";
  return `  Compared with the night before, and said to Canvas explicitly:\n${lines.join("\n")}\n`;
}

function leftOut(manifest: Manifest): string {
  const lines = Object.entries(manifest.extracted).flatMap(([type, { rejected, gone, leftOut }]) => [
    ...(rejected > 0 ? [`${count(rejected, type)} rejected, each with its reason`] : []),
    ...(gone > 0 ? [`${count(gone, type)} that the SIS itself calls deleted`] : []),
    ...Object.entries(leftOut).map(([reason, number]) => `${count(number, type)}: ${reason}`),
  ]);
  return lines.length === 0 ? "" : `  Not for Canvas were\n${lines.map((line) => `    ${line}\n`).join("")}`;
}

function delivered({ package: zip, delivery }: Manifest): string {
  if (zip === null || delivery === null) return "  Nothing was delivered; what went wrong stands above.\n";
  return `  ${zip.file} (${megabytes(zip.bytes)}) appeared on the gateway as ${delivery.target}, whole and verified.\n`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}`;
}

function sentence(parts: string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}

function firstRow(file: string): string {
  const [, row] = existsSync(file) ? readFileSync(file, "utf8").split("\n", 2) : [];
  return row ?? "";
}
