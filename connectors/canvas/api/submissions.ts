/** What Canvas's Submissions API says of one student's work. */
import { z } from "zod";
import type { Submission } from "../records.ts";
import { notCanvas } from "./failures.ts";
import { canvasId, sisId } from "./ids.ts";
import { instant } from "./instants.ts";

const flag = z.boolean().nullish();

const CanvasComment = z.object({
  id: canvasId.nullish(),
  author_id: canvasId.nullish(),
  comment: z.string().nullish(),
  created_at: z.string().nullish(),
});

const CanvasSubmission = z.looseObject({
  assignment_id: canvasId,
  /** Withheld, as is the user, while an anonymous assignment is not posted. */
  user_id: canvasId.nullish(),
  user: z.object({ sis_user_id: z.union([z.string(), z.int()]).nullish() }).nullish(),
  score: z.unknown(),
  workflow_state: z.string().nullish(),
  excused: flag,
  missing: flag,
  late: flag,
  posted_at: z.string().nullish(),
  graded_at: instant,
  submitted_at: instant,
  submission_comments: z.array(CanvasComment).nullish(),
});
export type CanvasSubmission = z.output<typeof CanvasSubmission>;

/** What templates may speak of, beside what every submission has. Never the work itself. */
const MORE = [
  "grade",
  "entered_grade",
  "entered_score",
  "attempt",
  "late_policy_status",
  "points_deducted",
  "seconds_late",
  "submission_type",
  "workflow_state",
];

/** What is large, and nobody asks for. */
export const NOT_WANTED = ["body", "attachments", "discussion_entries", "preview_url"];

export function readSubmission(entry: unknown, url: URL): CanvasSubmission {
  const { data, error } = CanvasSubmission.safeParse(entry);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  const { assignment_id, user_id } = (entry ?? {}) as Record<string, unknown>;
  const whose = `assignment ${idText(assignment_id)}, user ${idText(user_id)}`;
  throw notCanvas(url, `gave work (${whose}) whose ${issue?.path.join(".") || "JSON"} cannot be read`);
}

/** Whether Canvas shows a SIS id for whoever did this work, also one that is blank. */
export function showsSisId({ user }: CanvasSubmission): boolean {
  return user != null && "sis_user_id" in user;
}

/**
 * @param circumstances apart: the student has a due date of their own; comment: an instructor's, to go with it
 */
export function toSubmission(
  raw: CanvasSubmission,
  { apart, comment }: { apart: boolean; comment: string | undefined },
): Submission {
  const { score, excused, missing, late, posted_at, graded_at, submitted_at, user_id } = raw;
  const submission: Submission = {
    sis_user_id: sisId.parse(raw.user?.sis_user_id),
    ...(user_id != null && { user_id }),
    ...(isScore(score) && { score }),
    ...(excused === true && { excused }),
    ...(missing === true && { missing }),
    ...(late === true && { late }),
    graded: isGraded(raw),
    ...(posted_at !== undefined && { posted: posted_at !== null }),
    ...(graded_at !== undefined && { graded_at }),
    ...(submitted_at !== undefined && { submitted_at }),
    ...(comment !== undefined && { comment }),
    more: Object.fromEntries(MORE.filter((key) => raw[key] != null).map((key) => [key, raw[key]])),
  };
  const problem = problemOf(raw, apart);
  // Of work without a score nothing is passed back, so there is nothing to be told.
  const matters = excused === true || score != null;
  return problem === undefined || !matters ? submission : { ...submission, problem };
}

/** As Canvas counts it (canvas-lms Submission#graded?): a score of work that was handed in again waits for a new one. */
function isGraded({ score, excused, workflow_state: state }: CanvasSubmission): boolean {
  return excused === true || (isScore(score) && state === "graded");
}

function problemOf(raw: CanvasSubmission, apart: boolean): string | undefined {
  if (isUnreadable(raw.score)) {
    return "The score that Canvas gives is not a number. Enter it again in Canvas.";
  }
  if (raw.user == null) {
    return "Canvas does not say whose work this is: it is graded anonymously. Post its grades in Canvas.";
  }
  if (!showsSisId(raw)) {
    return "Canvas shows no SIS id of this user: they have none, or the token may not read SIS data.";
  }
  if (apart) {
    return "This student has a due date of their own, and the SIS knows one for the whole section. Enter the score in the SIS, or give the student the section's date in Canvas.";
  }
  return undefined;
}

/** The newest comment of somebody who is no student here: classmates comment in peer reviews. */
export function newestComment(
  { user_id, submission_comments: comments }: CanvasSubmission,
  students: ReadonlySet<string>,
): string | undefined {
  let newest: { comment: string; at: number } | undefined;
  for (const { author_id, comment, created_at } of comments ?? []) {
    if (author_id == null || author_id === user_id || students.has(author_id)) continue;
    if (comment == null || comment.trim() === "") continue;
    const at = Date.parse(created_at ?? "") || 0;
    if (newest === undefined || at >= newest.at) newest = { comment, at };
  }
  return newest?.comment;
}

function isScore(score: unknown): score is number {
  return typeof score === "number" && Number.isFinite(score);
}

function isUnreadable(score: unknown): boolean {
  return score != null && !isScore(score);
}

function idText(id: unknown): string {
  return typeof id === "string" || typeof id === "number" ? String(id) : "unknown";
}
