/** A score as the text that Canvas shows for it, by the way in which the assignment is graded. */
import type { GradingType } from "../records.ts";

/** Canvas's default grading scheme: least percentage of each letter. */
const SCHEME = [
  ["A", 94],
  ["A-", 90],
  ["B+", 87],
  ["B", 84],
  ["B-", 80],
  ["C+", 77],
  ["C", 74],
  ["C-", 70],
  ["D+", 67],
  ["D", 64],
  ["D-", 61],
  ["F", Number.NEGATIVE_INFINITY],
] as const;

export function gradeText(type: GradingType, score: number, points: number | null): string {
  const percent = points === null || points === 0 ? 100 : (score / points) * 100;
  if (type === "pass_fail") return score > 0 ? "complete" : "incomplete";
  if (type === "percent") return `${Number(percent.toFixed(2))}%`;
  if (type === "letter_grade" || type === "gpa_scale") return letterOf(percent);
  return String(score);
}

/** @param percent of the points, 100 for all of them */
export function letterOf(percent: number): string {
  return SCHEME.find(([, least]) => percent >= least)?.[0] ?? "F";
}
