/** Which columns of a Gradebook export are assignments, by what stands above the students. */
import type { Assignment } from "../records.ts";
import type { ExportFile } from "../export-files/export-file.ts";
import { doubleColumn } from "../export-files/failures.ts";
import { readScore } from "../export-files/scores.ts";
import type { NumberedColumn } from "./columns.ts";

export interface AssignmentColumn {
  index: number;
  assignment: Assignment;
  /** Whether Canvas marks it as posted by hand: its scores may still be hidden from students. */
  postsByHand: boolean;
}

/**
 * Totals can be named like assignments (`Final Score (2026)`, where the grading period has that title); the row of
 * points says `(read only)` under them, in the exporter's language. A column without points is an assignment without
 * points or an instructor's own column, which cannot be told apart; neither can be passed back.
 *
 * @param above the rows between the header and the row of points: whatever stands there marks a column as hidden,
 *   `Manual Posting` and in older exports `Muted`
 * @throws Failure source.export-columns where an assignment has two columns
 */
export function assignmentColumns(
  numbered: readonly NumberedColumn[],
  above: readonly (readonly string[])[],
  points: readonly string[],
  file: ExportFile,
): AssignmentColumn[] {
  const pointsAt = (index: number) => points[index]?.trim() ?? "";
  const lastWithPoints = points.findLastIndex((cell) => readScore(cell.trim()) !== undefined);
  const firstTotal = points.findIndex(
    (cell, index) => index > lastWithPoints && index > 0 && cell.trim() !== "",
  );

  const found = numbered.flatMap(({ index, id, name }): AssignmentColumn[] => {
    const text = pointsAt(index);
    const possible = readScore(text);
    const isTotal = text === "" ? firstTotal >= 0 && index > firstTotal : possible === undefined;
    if (isTotal) return [];
    const assignment: Assignment = {
      ...{ kind: "assignment", id, name, dates_unknown: true, group_unknown: true },
      ...(possible === undefined ? { problem: WITHOUT_POINTS } : { points_possible: possible }),
    };
    const postsByHand = above.some((row) => (row[index]?.trim() ?? "") !== "");
    return [{ index, assignment, postsByHand }];
  });
  return eachOnce(found, file);
}

function eachOnce(columns: readonly AssignmentColumn[], file: ExportFile): AssignmentColumn[] {
  const certain = new Set<string>();
  for (const { assignment } of columns) {
    if (assignment.problem !== undefined) continue;
    if (certain.has(assignment.id)) throw doubleColumn(file.name, `${assignment.name} (${assignment.id})`);
    certain.add(assignment.id);
  }
  return columns.filter(({ assignment: { id, problem } }) => problem === undefined || !certain.has(id));
}

const WITHOUT_POINTS =
  "The export states no points possible. Give the assignment points in Canvas and export again; a column of notes " +
  "cannot be passed back.";
