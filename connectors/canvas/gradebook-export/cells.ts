/** A cell of a Gradebook export: one student's score for one assignment. */
import { kindOf, readScore } from "../export-files/scores.ts";
import type { Submission } from "../records.ts";

/**
 * What a cell says: a number is the score after late deduction, `EX` is excused, blank is not graded. Undefined for
 * `N/A`: the assignment is not given to this student, or hidden because grading is anonymous.
 *
 * @param postsByHand whether the score may still be hidden from students; the export does not say
 */
export function readCell(cell: string, postsByHand: boolean): Omit<Submission, "sis_user_id"> | undefined {
  const text = cell.trim();
  const posted = !postsByHand;
  if (text === "") return { graded: false };
  if (text === "N/A") return undefined;
  if (text === "EX") return { graded: true, excused: true, posted };
  const score = readScore(text);
  if (score !== undefined) return { graded: true, score, posted };
  return { graded: true, posted, problem: noNumber(kindOf(text)) };
}

function noNumber(kind: string): string {
  return (
    `The export holds ${kind} where a score should be. Only numbers can be passed back: display the grade of this ` +
    "assignment as points or a percentage in Canvas (a GPA scale is exported as text), and export again."
  );
}
