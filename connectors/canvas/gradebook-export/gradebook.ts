/** One Gradebook export as records: its assignments, its students, and the cells where they meet. */
import type { CsvRow } from "../../formats/csv.ts";
import { readCsv } from "../export-files/csv.ts";
import type { ExportFile } from "../export-files/export-file.ts";
import { damaged } from "../export-files/failures.ts";
import { assignmentColumns, type AssignmentColumn } from "./assignments.ts";
import { FIXED_COLUMNS, type GradebookColumns, gradebookColumns } from "./columns.ts";

export interface GradebookStudent {
  /** Canvas's own id. */
  id: string;
  /** user_id of users.csv; null: none. */
  sisUserId: string | null;
  /** Display names of sections, as Canvas joined them to a sentence in the exporter's language. */
  section: string;
  /** Of the row, untrimmed. */
  cells: string[];
}

export interface Gradebook {
  name: string;
  assignments: AssignmentColumn[];
  /** Without Canvas's test student. */
  students: GradebookStudent[];
}

/** @throws Failure source.export-damaged, source.export-changed, source.export-columns, source.not-an-export */
export async function readGradebook(file: ExportFile, signal: AbortSignal): Promise<Gradebook> {
  const { header, rows } = await readCsv(file, FIXED_COLUMNS, signal);
  const columns = gradebookColumns(header, file);

  const above: string[][] = [];
  let points: string[] | undefined;
  const students: GradebookStudent[] = [];
  for await (const { cells, line } of rows) {
    if (cells.every((cell) => cell.trim() === "")) continue;
    if (points === undefined) {
      if (isPointsRow(cells)) points = cells;
      else if (textAt(cells, columns.id) === "") above.push(cells);
      else throw noPoints(file);
      continue;
    }
    const student = studentOf({ cells, line }, columns, file);
    if (!isTestStudent(student, columns)) students.push(student);
  }
  if (points === undefined) throw noPoints(file);
  return { name: file.name, assignments: assignmentColumns(columns.numbered, above, points, file), students };
}

/** Canvas writes `    Points Possible`; no name of a person begins with four spaces. */
function isPointsRow([first = ""]: string[]): boolean {
  return /^ {4}\S/.test(first) || first.trim() === "Points Possible";
}

function noPoints(file: ExportFile) {
  return damaged(file.name, 'the row "Points Possible" is not above the students');
}

function studentOf({ cells, line }: CsvRow, columns: GradebookColumns, file: ExportFile): GradebookStudent {
  const id = textAt(cells, columns.id);
  if (id === "") throw damaged(file.name, `line ${line} has no ID: it is no row of Canvas's`);
  const sisUserId = textAt(cells, columns.sisUserId);
  return {
    id,
    sisUserId: sisUserId === "" ? null : sisUserId,
    section: textAt(cells, columns.section),
    cells,
  };
}

/** Canvas names it in the course's language; its login is always a SHA-1 in hexadecimal, and it has no SIS id. */
function isTestStudent({ sisUserId, cells }: GradebookStudent, columns: GradebookColumns): boolean {
  if (sisUserId !== null) return false;
  const name = columns.names.map((index) => textAt(cells, index)).join(", ");
  return name === "Student, Test" || /^[0-9a-f]{40}$/.test(textAt(cells, columns.loginId));
}

/** Texts that a spreadsheet might take for a formula, or for a number, are written as `="…"`. */
function textAt(cells: readonly string[], index: number | undefined): string {
  const text = (index === undefined ? undefined : cells[index])?.trim() ?? "";
  return /^="(.*)"$/s.exec(text)?.[1]?.trim() ?? text;
}
