/** One file of a Grade Export report, row by row: a student's totals in a section. */
import { readCsv } from "../export-files/csv.ts";
import type { ExportFile } from "../export-files/export-file.ts";
import { damaged } from "../export-files/failures.ts";
import { kindOf, readTotal } from "../export-files/scores.ts";
import { REPORT_COLUMNS, type ReportColumns, reportColumns, type TotalChoice } from "./report-columns.ts";

/** A score in percent; null: nothing is graded. */
export type Total = number | null | { problem: string };

export interface ReportRow {
  section: { id?: string; sis_id: string | null; name?: string };
  course: { id?: string; sis_id: string | null; name?: string };
  sis_user_id: string | null;
  user_id: string | undefined;
  /** Whether the student is in the section now; otherwise was until it, or the enrollment, ended. */
  isCurrent: boolean;
  /** Of the course, then of the periods in the report's order. */
  totals: Total[];
}

export interface Report {
  /** Titles and Canvas's ids; complete when all rows were read. An id is undefined where no row has it. */
  periods: { title: string; id: string | undefined }[];
  /** Without enrollments that Canvas no longer counts. */
  rows: AsyncGenerator<ReportRow>;
}

const NO_PERIODS = "no grading periods configured for this term";

/**
 * @param isTerm the file is one of several of a report, a term each: a lone cell says that the term has no periods
 * @returns undefined for a term without grading periods
 * @throws Failure source.export-damaged, source.export-columns, source.not-an-export
 */
export async function readReport(
  file: ExportFile,
  choice: TotalChoice,
  isTerm: boolean,
  signal: AbortSignal,
): Promise<Report | undefined> {
  const { header, rows } = await readCsv(file, REPORT_COLUMNS, signal);
  const [only = "", ...more] = header;
  if (header.length === 0) throw damaged(file.name, "it is empty");
  if (more.length === 0 && (isTerm || only.trim() === NO_PERIODS)) {
    await rows.return(undefined);
    return undefined;
  }
  const columns = reportColumns(header, file.name, choice);
  const periods: Report["periods"] = columns.periods.map(({ title }) => ({ title, id: undefined }));

  async function* readRows(): AsyncGenerator<ReportRow> {
    for await (const { cells, line } of rows) {
      if (cells.every((cell) => cell.trim() === "")) continue;
      for (const [index, period] of periods.entries()) {
        const id = textAt(cells, columns.periods[index]?.id);
        if (id === "" || id === period.id) continue;
        if (period.id !== undefined)
          throw damaged(file.name, `line ${line} has another ${period.title} grading period id`);
        period.id = id;
      }
      const row = readRow(cells, columns);
      if (row !== undefined) yield row;
    }
  }
  return { periods, rows: readRows() };
}

const CURRENT = ["active"];
const PAST = ["concluded", "completed"];
const NOT_ENROLLED = ["deleted", "inactive", "rejected", "invited", "creation_pending"];

function readRow(cells: readonly string[], columns: ReportColumns): ReportRow | undefined {
  const state = textAt(cells, columns.state);
  if (NOT_ENROLLED.includes(state)) return undefined;
  const isKnown = CURRENT.includes(state) || PAST.includes(state);
  const totals = [columns.courseTotal, ...columns.periods].map(({ score, override }) => {
    if (!isKnown) return { problem: STRANGE_STATE };
    const byHand = textAt(cells, override);
    return readCell(byHand === "" ? textAt(cells, score) : byHand);
  });
  const sisUserId = textAt(cells, columns.studentSis);
  return {
    section: place(cells, columns.sectionSis, columns.sectionId, columns.section),
    course: place(cells, columns.courseSis, columns.courseId, columns.course),
    sis_user_id: sisUserId === "" ? null : sisUserId,
    user_id: textAt(cells, columns.studentId) || undefined,
    isCurrent: CURRENT.includes(state),
    totals,
  };
}

function readCell(text: string): Total {
  if (text === "") return null;
  return (
    readTotal(text) ?? { problem: `The report holds ${kindOf(text)} where a score should be. ${AS_IT_IS}` }
  );
}

function place(
  cells: readonly string[],
  sisId: number,
  id: number | undefined,
  name: number | undefined,
): { id?: string; sis_id: string | null; name?: string } {
  const [known, called] = [textAt(cells, id), textAt(cells, name)];
  return {
    ...(known !== "" && { id: known }),
    sis_id: textAt(cells, sisId) || null,
    ...(called !== "" && { name: called }),
  };
}

function textAt(cells: readonly string[], index: number | undefined): string {
  return (index === undefined ? undefined : cells[index])?.trim() ?? "";
}

const AS_IT_IS = "Put the report there as Canvas gave it: a spreadsheet that saves it changes its numbers.";
const STRANGE_STATE =
  "The report gives the enrollment a state that is none of Canvas's, so whether the score counts cannot be told. " +
  AS_IT_IS;
