/**
 * A provisioning or SIS export report of Canvas: what Canvas has, as a folder, a zip or single CSVs. Everything that can
 * be wrong with it as a whole is found when it is opened, from names and headers, before anybody waits for anything.
 */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Failure } from "../../../config/failure.ts";
import { readCsv } from "../export-files/csv.ts";
import type { ExportFile } from "../export-files/export-file.ts";
import { damaged, noExports } from "../export-files/failures.ts";
import { exportFiles, localFile } from "../export-files/folder.ts";
import { openZippedCsvs } from "../export-files/zip.ts";
import { reportStamp } from "../grade-export/report-names.ts";
import { KNOWN_COLUMNS, type RecognisedFile, recogniseReport } from "./columns.ts";

export interface ReportFile extends RecognisedFile {
  file: ExportFile;
  /** The day of the report, YYYY-MM-DD, where its name says it. */
  day: string | undefined;
}

export interface SisReport {
  /** At most one of each kind. */
  files: ReportFile[];
  /** Names of files of the report that are of no concern, such as groups. */
  others: string[];
  /** The day that the names of its files say, if they do. */
  day: string | undefined;
  close(): void;
}

export interface ReportRow {
  /** The line of the file in which it ends. */
  line: number;
  /** As `reportColumns`, trimmed; blank where the file has no such column. */
  cells: string[];
}

/** A report is about 20 times smaller in a zip; a large district's enrollments of many years have some gigabytes. */
const LIMITS = { maxBytes: 16 * 1024 ** 3, maxRatio: 200 };
const ENDINGS = [".csv", ".zip"];
const WHERE =
  "In Canvas: Admin, Settings, Reports, Provisioning (or SIS Export), with users, accounts, terms, courses, sections and enrollments, and deleted objects.";

/** @throws Failure usage.canvas-report when there is none; source.… for what is wrong with it */
export async function openSisReport(path: string, signal: AbortSignal): Promise<SisReport> {
  const closing: (() => void)[] = [];
  const close = () => {
    for (const one of closing) one();
  };
  try {
    const found: ReportFile[] = [];
    const others: string[] = [];
    for (const file of await filesAt(path, closing)) {
      const recognised = recogniseReport(await headerOf(file, signal), file.name);
      if (recognised === undefined) others.push(file.name);
      else found.push({ ...recognised, file, day: reportStamp(file.name)?.slice(0, 10) });
    }
    if (found.length === 0) throw noExports(path, "provisioning or SIS export reports", WHERE);
    const days = [...new Set(found.flatMap(({ day }) => day ?? []))].sort();
    requireOneDay(found, days);
    requireOnce(found);
    return { files: found, others, day: days[0], close };
  } catch (error) {
    close();
    throw error;
  }
}

/** @throws Failure source.export-damaged, source.export-changed */
export async function* reportRows(
  { file, kind, indexes }: ReportFile,
  signal: AbortSignal,
): AsyncGenerator<ReportRow> {
  const { header, rows } = await readCsv(file, KNOWN_COLUMNS, signal);
  const status = header.findIndex((name) => name.trim().toLowerCase() === "status");
  for await (const { cells, line } of rows) {
    if ((cells[status]?.trim() ?? "") === "") {
      throw damaged(file.name, `line ${line} of its ${kind} breaks off before its status`);
    }
    yield { line, cells: indexes.map((index) => (index < 0 ? "" : (cells[index] ?? "").trim())) };
  }
}

async function headerOf(file: ExportFile, signal: AbortSignal): Promise<string[]> {
  const { header, rows } = await readCsv(file, KNOWN_COLUMNS, signal);
  // A reading that has begun is one that can be given up; the first row may be damaged already.
  await rows.next();
  await rows.return(undefined);
  return header;
}

async function filesAt(path: string, closing: (() => void)[]): Promise<ExportFile[]> {
  const what = await stat(path).catch((error: unknown) => {
    throw new Failure("usage.canvas-report", `There is no report at ${path}.`, { hint: WHERE, cause: error });
  });
  const found = what.isDirectory()
    ? (await exportFiles(path, ENDINGS)).files
    : [await localFile(path, basename(path))];
  const files: ExportFile[] = [];
  for (const file of found) {
    const name = file.name.toLowerCase();
    if (name.endsWith(".zip")) {
      const zip = await openZippedCsvs(file, LIMITS);
      closing.push(zip.close);
      files.push(...zip.files);
    } else if (name.endsWith(".csv")) files.push(file);
    else {
      throw new Failure("usage.canvas-report", `${path} is neither a folder, a zip nor a CSV.`, {
        hint: WHERE,
      });
    }
  }
  return files;
}

function requireOneDay(files: readonly ReportFile[], days: readonly string[]): void {
  if (days.length < 2) return;
  const lines = files.flatMap(({ file, kind, day }) =>
    day === undefined ? [] : [`- ${file.name}: ${kind}, of ${day}`],
  );
  throw new Failure(
    "source.report-dates",
    `These are reports of different days (${days.join(", ")}), and Canvas was another on each of them:\n${lines.join("\n")}`,
    { hint: "Leave the newest report alone in the folder, with all of its files, or give --canvas its zip." },
  );
}

function requireOnce(files: readonly ReportFile[]): void {
  for (const one of files) {
    const other = files.find(({ kind, file }) => kind === one.kind && file !== one.file);
    if (other === undefined) continue;
    throw new Failure(
      "source.report-twice",
      `Both ${one.file.name} and ${other.file.name} are Canvas's ${one.kind}: which of them Canvas is today cannot be told.`,
      {
        hint: "Leave one report in the folder, run for all terms at once, or give --canvas its zip; a zip and what was unpacked from it are two.",
      },
    );
  }
}
