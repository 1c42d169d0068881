/** Totals from a folder of Grade Export reports, which an admin or a timer puts there. */
import { Failure } from "../../../config/failure.ts";
import type { ExportFile, Tell } from "../export-files/export-file.ts";
import { damaged, noExports, together } from "../export-files/failures.ts";
import { exportFiles, type LocalFile } from "../export-files/folder.ts";
import { newestFirst } from "../export-files/newest-first.ts";
import { zippedFiles } from "../export-files/zip.ts";
import type { SectionGrades } from "../records.ts";
import { readReport } from "./report.ts";
import type { TotalChoice } from "./report-columns.ts";
import { reportStamp } from "./report-names.ts";
import { gatherTotals } from "./section-totals.ts";

export interface GradeExportOptions {
  score: TotalChoice;
  /** Title of the line item of the course's total; of a period's it is `<title> – <period>`. */
  title: string;
}

/**
 * The totals of every section in a folder of reports: grade_export_csv, and mgp_grade_export_csv as a zip or unpacked.
 * Sections that were made in Canvas, without SIS id, are left out. A total that an instructor overrode is taken as it
 * was overridden, where a final score is chosen.
 *
 * @param tell is told what was left aside: `grades.other-files`, `grades.older-report`, `grades.sections-without-sis-id`,
 *   `grades.term-without-periods`; and `grades.report` for each file that is used
 * @throws Failure source.*: the folder, or any of its reports, is of no use; before the first section is given
 */
export async function* readGradeExports(
  folder: string,
  { score, title }: GradeExportOptions,
  signal: AbortSignal,
  tell: Tell,
): AsyncGenerator<SectionGrades> {
  const { files, others } = await exportFiles(folder, [".csv", ".zip"]);
  if (others.length > 0) tell("grades.other-files", { files: others });
  if (files.length === 0)
    throw noExports(folder, "Grade Export reports", "Run the report in Canvas and put its file there.");

  const totals = gatherTotals();
  const failures: Failure[] = [];
  for (const file of newestFirst(files, reportStamp)) {
    try {
      for await (const part of partsOf(file)) {
        const report = await readReport(part, score, part !== file, signal);
        if (report === undefined) tell("grades.term-without-periods", { file: part.name });
        else tellOf(part, await totals.add(report), tell);
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw together(failures);
  yield* totals.all(title);
}

async function* partsOf(file: LocalFile): AsyncGenerator<ExportFile> {
  if (!file.name.toLowerCase().endsWith(".zip")) {
    yield file;
    return;
  }
  let count = 0;
  for await (const part of zippedFiles(file)) {
    count += 1;
    yield part;
  }
  if (count === 0) throw damaged(file.name, "there is no CSV in the zip");
}

function tellOf(
  { name, modified }: ExportFile,
  { superseded, withoutSisId }: { superseded: number; withoutSisId: number },
  tell: Tell,
): void {
  tell("grades.report", { file: name, modified: modified.toISOString() });
  if (superseded > 0) tell("grades.older-report", { file: name, sectionsInNewerOnes: superseded });
  if (withoutSisId > 0) tell("grades.sections-without-sis-id", { file: name, sections: withoutSisId });
}
