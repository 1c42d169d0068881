/** A student's graded work → the result of a line item, and when there is none to send. */
import type { Assignment, CanvasCourse, CanvasSection, Submission } from "../connectors/canvas/records.ts";
import { dayOf } from "./days.ts";
import { type Body, type GradebookContext, type GradesConfig, refTo } from "./gradebook-body.ts";
import { TOTAL_MAX } from "./line-items.ts";
import { leaveOut, shape } from "./shaping.ts";

export interface ResultInput {
  submission: Submission;
  assignment: Assignment;
  section: CanvasSection;
  course: CanvasCourse;
  classId: string;
  /** The SIS's sourcedId of the student. */
  studentId: string;
  /** Of the line item: the day of a score of which nothing else is known. */
  dueDate?: string;
}

export type MappedResult =
  | { kind: "send"; result: Body }
  /** Not handed in, and not graded: the SIS may be told so, but no score may be lost by it. */
  | { kind: "missing"; result: Body }
  /** Nothing is graded: there is no result to send, and one that was sent has been taken back. */
  | { kind: "cleared" }
  /** There may be a grade, and it is not to be sent; what was sent before stays. */
  | { kind: "skip"; reason: string };

type Rules = Pick<GradesConfig, "result">;

/** What a result says of the work. */
interface Outcome {
  scoreStatus: "fully graded" | "not submitted" | "exempt";
  /** undefined: no score field. */
  score: number | null | undefined;
}

/**
 * The result, without sourcedId, lineItem and dateLastModified.
 *
 * Excused work is `exempt`, whatever its score. Missing work that was given a score, often 0, is `not submitted`
 * with that score; without one it is `not submitted` with null. A score that waits to be
 * graded again (resubmitted, or a quiz with essays) is left as the SIS has it.
 */
export function mapResult(input: ResultInput, rules: Rules, context: GradebookContext): MappedResult {
  const { submission } = input;
  if (submission.problem !== undefined) return { kind: "skip", reason: submission.problem };
  const hidden = whyHidden(submission, rules.result);
  if (hidden !== undefined) return { kind: "skip", reason: hidden };

  if (submission.excused === true) return { kind: "send", result: excusedResult(input, rules, context) };
  if (submission.score === undefined) {
    if (submission.missing !== true) return { kind: "cleared" };
    return { kind: "missing", result: clearedResult(input, rules, context) };
  }
  if (submission.graded === false) return { kind: "skip", reason: TO_GRADE };

  const score = withinLimits(submission.score, input.assignment, rules.result);
  if (typeof score === "string") return { kind: "skip", reason: score };
  const scoreStatus = submission.missing === true ? "not submitted" : "fully graded";
  return { kind: "send", result: resultOf(input, { scoreStatus, score }, rules, context) };
}

/**
 * Of work without a score, and what overwrites one that was taken back in Canvas where it is to be cleared: no score,
 * and `not submitted`. Without sourcedId, lineItem and dateLastModified.
 */
export function clearedResult(input: ResultInput, rules: Rules, context: GradebookContext): Body {
  return resultOf(input, { scoreStatus: "not submitted", score: null }, rules, context);
}

/**
 * What was sent while the same work had no score and was missing, or excused, as far as what Canvas says now tells:
 * which of the two the SIS holds is known by them.
 */
export function unscoredResults(
  input: ResultInput,
  rules: Rules,
  context: GradebookContext,
): { missing: Body; excused: Body } {
  const excused: Submission = { ...input.submission, excused: true };
  delete excused.score;
  if (excused.missing === true) delete excused.missing;
  const missing: Submission = { ...input.submission, missing: true };
  delete missing.score;
  delete missing.excused;
  // Neither had happened then.
  delete missing.submitted_at;
  delete missing.graded_at;
  // Neither status goes with late; sources say what is so, and leave out what is not.
  for (const then of [excused, missing]) if (then.late === true) delete then.late;
  return {
    missing: clearedResult({ ...input, submission: missing }, rules, context),
    excused: excusedResult({ ...input, submission: excused }, rules, context),
  };
}

function excusedResult(input: ResultInput, rules: Rules, context: GradebookContext): Body {
  const score = { null: null, zero: 0, omit: undefined }[rules.result.exemptScore];
  return resultOf(input, { scoreStatus: "exempt", score }, rules, context);
}

/** The result with its line item: all that is sent but sourcedId and dateLastModified. */
export function resultBody(result: Body, lineItemId: string, rules: Rules, context: GradebookContext): Body {
  return leaveOut({ lineItem: refTo("lineItem", lineItemId, context), ...result }, rules.result);
}

const TO_GRADE =
  "Canvas has a score, but the work waits to be graded: it was handed in again, or is a quiz with open questions. Grade it in Canvas.";
const UNPOSTED = "The grade is not posted to the student yet. Post grades in Canvas.";
const SCORES_HIDDEN = "Canvas hides the scores until they are posted. Post grades in Canvas.";

/**
 * Hidden is not cleared: a result that was sent stays when its grade is hidden again, and a score that Canvas itself
 * hides (anonymous grading) is not one that was taken back. Work that is known to be ungraded, or to be
 * missing, hides nothing.
 */
function whyHidden(submission: Submission, rules: Rules["result"]): string | undefined {
  if (submission.posted !== false) return undefined;
  const isBlank = submission.score === undefined && submission.excused !== true;
  if (isBlank && (submission.graded === false || submission.missing === true)) return undefined;
  if (rules.unposted === "skip") return UNPOSTED;
  return isBlank && submission.graded === undefined ? SCORES_HIDDEN : undefined;
}

/**
 * The score to send, or why none is. Work of 0 or unknown points has no maximum to be over: any score on it is extra
 * credit, and capping would take it away.
 */
function withinLimits(score: number, assignment: Assignment, rules: Rules["result"]): number | string {
  if (!Number.isFinite(score)) return "The score is no number. Look at it in Canvas.";
  if (score < 0) {
    if (rules.negative === "zero") return 0;
    if (rules.negative === "skip")
      return "The score is negative, and such scores are not sent (result.negative).";
  }
  const max = assignment.kind === "assignment" ? (assignment.points_possible ?? 0) : TOTAL_MAX;
  if (max > 0 && score > max) {
    if (rules.overMax === "cap") return max;
    if (rules.overMax === "skip") {
      return `The score is over the maximum of ${max}, and such scores are not sent (result.overMax).`;
    }
  }
  return score;
}

function resultOf(
  input: ResultInput,
  outcome: Outcome,
  { result: rules }: Rules,
  context: GradebookContext,
): Body {
  const { submission, classId, studentId } = input;
  const body: Body = {
    status: "active",
    student: refTo("user", studentId, context),
    scoreStatus: outcome.scoreStatus,
  };
  // OneRoster 1.2 knows no null: what has no score is sent without one.
  const isUnsaid = outcome.score === undefined || (outcome.score === null && context.version === "1.2");
  if (!isUnsaid) body["score"] = outcome.score;
  if (rules.scoreDate || context.version === "1.2") addScoreDate(body, input, context.timezone);
  if (rules.comment && submission.comment !== undefined) body["comment"] = submission.comment;
  if (context.version === "1.2") addFlags(body, submission);
  return shape(body, rules, () => {
    const { assignment, section, course } = input;
    return {
      submission,
      assignment,
      section,
      course,
      class: { sourcedId: classId },
      student: { sourcedId: studentId },
    };
  });
}

/** OneRoster 1.2 requires it. Never today's date: the same grade would then be another every night. */
function addScoreDate(body: Body, { submission, assignment, dueDate }: ResultInput, timezone: string): void {
  const moment = submission.graded_at ?? submission.submitted_at ?? assignment.due_at ?? dueDate;
  const day = moment === undefined ? undefined : dayOf(moment, timezone);
  if (day !== undefined) body["scoreDate"] = day;
}

/** New in OneRoster 1.2, where booleans are the texts "true" and "false". What a source does not know is not said. */
function addFlags(body: Body, { missing, late }: Submission): void {
  if (missing !== undefined) body["missing"] = String(missing);
  if (late !== undefined) body["late"] = String(late);
}
