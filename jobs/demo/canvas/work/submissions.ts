/** Canvas keeps a submission for every student of every assignment, handed in or not. */
import type { Assignment, Submission } from "../records.ts";
import { isAssigned, placesOf } from "./assigned.ts";
import { assignmentsOf, type WorkState } from "./state.ts";

/**
 * Brings a course's submissions in line with who its students are and what is assigned to them. What is no
 * longer a student's is marked deleted, with its grade, and comes back with it.
 */
export function alignSubmissions(state: WorkState, course: number): void {
  const places = placesOf(state.school, course);
  for (const assignment of assignmentsOf(state, course)) {
    const there = state.submissions.get(assignment.id) ?? new Map<number, Submission>();
    for (const [user, sections] of places) {
      if (!isAssigned(assignment, user, sections)) continue;
      const known = there.get(user);
      if (known === undefined) there.set(user, blank(state, assignment, user));
      else if (known.workflow_state === "deleted") known.workflow_state = restored(known);
    }
    for (const [user, submission] of there) {
      const sections = places.get(user);
      if (sections === undefined || !isAssigned(assignment, user, sections)) {
        submission.workflow_state = "deleted";
      }
    }
  }
}

function blank(state: WorkState, assignment: Assignment, user: number): Submission {
  return {
    id: state.nextId("submission"),
    assignment_id: assignment.id,
    course_id: assignment.course_id,
    user_id: user,
    score: null,
    grade: null,
    points_deducted: null,
    workflow_state: "unsubmitted",
    excused: false,
    late_policy_status: null,
    submission_type: null,
    submitted_at: null,
    attempt: null,
    graded_at: null,
    grader_id: null,
    posted_at: null,
    updated_at: state.clock.now(),
    comments: [],
  };
}

/** What a submission is by what is in it. */
export function restored(submission: Submission): Submission["workflow_state"] {
  if (submission.score !== null || submission.excused) return "graded";
  return submission.submitted_at === null ? "unsubmitted" : "submitted";
}
