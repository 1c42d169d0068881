/** What instructors do to a student's work. */
import type { Assignment, Submission } from "../records.ts";
import type { Ref } from "../school.ts";
import type { AssignmentRef } from "./assignments.ts";
import { gradeText } from "./grade-text.ts";
import type { WorkState } from "./state.ts";
import { restored } from "./submissions.ts";

export interface Grading {
  /** @param more.pointsDeducted what the late policy took off; `score` is what is left */
  grade(
    assignment: AssignmentRef,
    student: Ref,
    score: number,
    more?: { pointsDeducted?: number },
  ): Submission;
  /** Takes a grade, or an excuse, back. */
  clear(assignment: AssignmentRef, student: Ref): Submission;
  excuse(assignment: AssignmentRef, student: Ref): Submission;
  markMissing(assignment: AssignmentRef, student: Ref): Submission;
  markLate(assignment: AssignmentRef, student: Ref): Submission;
  /** Neither late nor missing, whatever the dates say. */
  markNone(assignment: AssignmentRef, student: Ref): Submission;
  /** The student hands something in. @param at default: now */
  submit(assignment: AssignmentRef, student: Ref, at?: string): Submission;
  comment(assignment: AssignmentRef, student: Ref, words: string, author?: Ref): Submission;
  /** Hides the grades that are there, of all students or of some. */
  unpost(assignment: AssignmentRef, students?: readonly Ref[]): void;
  /** Shows the grades that are there. */
  post(assignment: AssignmentRef, students?: readonly Ref[]): void;
  /** The course grade by hand, in percent; null: as computed. */
  overrideFinalGrade(course: Ref, student: Ref, score: number | null): void;
}

export function grading(state: WorkState): Grading {
  const { school, clock } = state;

  function assignmentOf(ref: AssignmentRef): Assignment {
    const found = state.assignments.get(Number(typeof ref === "object" ? ref.id : ref));
    if (found === undefined) throw new Error(`the sandbox Canvas has no assignment ${JSON.stringify(ref)}`);
    return found;
  }

  function find(ref: AssignmentRef, student: Ref): Submission {
    const assignment = assignmentOf(ref);
    const user = school.users.get(student).id;
    const found = state.submissions.get(assignment.id)?.get(user);
    if (found === undefined || found.workflow_state === "deleted") {
      throw new Error(`assignment ${assignment.id} is not assigned to user ${student}`);
    }
    return found;
  }

  function change(
    submission: Submission,
    values: Partial<Submission>,
    updated_at: string = clock.tick(),
  ): Submission {
    Object.assign(submission, values, { updated_at });
    submission.workflow_state = restored(submission);
    return submission;
  }

  function graded(submission: Submission, values: Partial<Submission>): Submission {
    const { post_manually, course_id } = assignmentOf(submission.assignment_id);
    const at = clock.tick();
    const posted_at = submission.posted_at ?? (post_manually ? null : at);
    return change(
      submission,
      { ...values, graded_at: at, grader_id: graderOf(state, course_id), posted_at },
      at,
    );
  }

  function each(ref: AssignmentRef, students: readonly Ref[] | undefined): Submission[] {
    if (students !== undefined) return students.map((student) => find(ref, student));
    const all = [...(state.submissions.get(assignmentOf(ref).id)?.values() ?? [])];
    return all.filter((submission) => submission.workflow_state !== "deleted");
  }

  return {
    grade(ref, student, score, { pointsDeducted } = {}) {
      const { grading_type, points_possible } = assignmentOf(ref);
      const submission = find(ref, student);
      return graded(submission, {
        score,
        grade: gradeText(grading_type, score, points_possible),
        points_deducted: pointsDeducted ?? null,
        excused: false,
        late_policy_status:
          submission.late_policy_status === "missing" ? null : submission.late_policy_status,
      });
    },
    clear: (ref, student) =>
      change(find(ref, student), {
        score: null,
        grade: null,
        points_deducted: null,
        excused: false,
        graded_at: null,
        grader_id: null,
      }),
    excuse: (ref, student) =>
      graded(find(ref, student), {
        score: null,
        grade: null,
        points_deducted: null,
        excused: true,
        late_policy_status: null,
      }),
    markMissing: (ref, student) => change(find(ref, student), { late_policy_status: "missing" }),
    markLate: (ref, student) => change(find(ref, student), { late_policy_status: "late" }),
    markNone: (ref, student) => change(find(ref, student), { late_policy_status: "none" }),
    submit(ref, student, at) {
      const submission = find(ref, student);
      return change(submission, {
        submitted_at: at ?? clock.now(),
        submission_type: assignmentOf(ref).submission_types[0] ?? null,
        attempt: (submission.attempt ?? 0) + 1,
      });
    },
    comment(ref, student, words, author) {
      const submission = find(ref, student);
      const author_id =
        author === undefined ? graderOf(state, submission.course_id) : school.users.get(author).id;
      const id = state.nextId("comment");
      submission.comments.push({ id, author_id, comment: words, created_at: clock.tick() });
      return change(submission, {});
    },
    unpost(ref, students) {
      for (const submission of each(ref, students)) change(submission, { posted_at: null });
    },
    post(ref, students) {
      for (const submission of each(ref, students)) {
        if (submission.graded_at !== null) change(submission, { posted_at: clock.now() });
      }
    },
    overrideFinalGrade(course, student, score) {
      const id = school.courses.get(course).id;
      const ofCourse = state.finalOverrides.get(id) ?? new Map<number, number>();
      const user = school.users.get(student).id;
      if (score === null) ofCourse.delete(user);
      else ofCourse.set(user, score);
      state.finalOverrides.set(id, ofCourse);
    },
  };
}

/** A teacher of the course; without one, whoever administers Canvas. */
export function graderOf({ school }: WorkState, course: number): number {
  for (const section of school.sectionsOf(course)) {
    const teacher = school
      .enrollmentsOfSection(section.id)
      .find((each) => each.type === "TeacherEnrollment" && each.workflow_state === "active");
    if (teacher !== undefined) return teacher.user_id;
  }
  return ADMINISTRATOR;
}

const ADMINISTRATOR = 1;
