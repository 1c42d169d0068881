/** A submission, and a user, as Canvas writes them. Source: Canvas API, Submissions and Users. */
import type { Submission, User } from "../records.ts";
import { datesFor } from "../work/assigned.ts";
import { standingOf } from "../work/standing.ts";
import { type ApiCall, listed } from "./call.ts";

/** @param sections those in which the student is in the course */
export function submissionJson(call: ApiCall, submission: Submission, sections: readonly number[]): object {
  const { state, query } = call;
  const assignment = state.assignments.get(submission.assignment_id);
  if (assignment === undefined) throw new Error(`submission ${submission.id} is of no assignment`);
  const { due_at } = datesFor(assignment, submission.user_id, sections);
  const include = listed(query, "include");
  const entered = submission.score === null ? null : submission.score + (submission.points_deducted ?? 0);
  return {
    id: submission.id,
    body: null,
    url: null,
    grade: submission.grade,
    score: submission.score,
    submitted_at: submission.submitted_at,
    assignment_id: submission.assignment_id,
    user_id: submission.user_id,
    submission_type: submission.submission_type,
    workflow_state: submission.workflow_state,
    grade_matches_current_submission: true,
    graded_at: submission.graded_at,
    grader_id: submission.grader_id,
    attempt: submission.attempt,
    cached_due_date: due_at,
    excused: submission.excused,
    late_policy_status: submission.late_policy_status,
    points_deducted: submission.points_deducted,
    grading_period_id: null,
    extra_attempts: null,
    posted_at: submission.posted_at,
    redo_request: false,
    custom_grade_status_id: null,
    sticker: null,
    ...standingOf(assignment, submission, due_at, state.clock.now()),
    entered_grade: submission.grade,
    entered_score: entered,
    ...(include.includes("user") ? { user: userJson(call, state.school.users.get(submission.user_id)) } : {}),
    ...(include.includes("submission_comments")
      ? { submission_comments: commentsJson(call, submission) }
      : {}),
  };
}

function userJson(call: ApiCall, user: User): object {
  const rights = call.quirks.has("sis-ids-hidden")
    ? {}
    : { sis_user_id: user.sis_id, integration_id: user.integration_id, login_id: user.login_id };
  return {
    id: user.id,
    name: user.name,
    sortable_name: user.sortable_name,
    short_name: user.name,
    ...rights,
  };
}

function commentsJson({ state }: ApiCall, submission: Submission): object[] {
  return submission.comments.map(({ id, author_id, comment, created_at }) => ({
    id,
    author_id,
    author_name: state.school.users.find(author_id)?.name ?? "",
    comment,
    created_at,
    edited_at: null,
    attempt: submission.attempt,
  }));
}
