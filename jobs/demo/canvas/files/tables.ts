/** Canvas's tables as DAP gives them. Source: Canvas's database schema, of which DAP's is a part. */
import { datesFor, placesOf } from "../work/assigned.ts";
import type { WorkState } from "../work/state.ts";
import {
  ASSIGNMENTS,
  COURSES,
  ENROLLMENTS,
  GROUPS,
  OVERRIDE_STUDENTS,
  OVERRIDES,
  PSEUDONYMS,
  SECTIONS,
  SUBMISSIONS,
  USERS,
} from "./table-shapes.ts";

export type Value = string | number | boolean | null;

export interface DataRow {
  id: number;
  /** Gone from the database: only its key is told. */
  deleted: boolean;
  values: Readonly<Record<string, Value>>;
}

export interface DataColumn {
  name: string;
  /** DuckDB's type of it, for Parquet. */
  type: "BIGINT" | "DOUBLE" | "BOOLEAN" | "VARCHAR" | "TIMESTAMP";
  of: (row: DataRow) => Value;
}

export interface DataTable {
  name: string;
  columns: DataColumn[];
  rows: DataRow[];
}

type Shape = Readonly<Record<string, DataColumn["type"]>>;

/** Soft-deleted rows are there, with their state, as in Canvas's database. */
export function tablesOf(state: WorkState): DataTable[] {
  const { school } = state;
  return [
    table("courses", COURSES, [...school.courses.all()], (course) => ({
      ...course,
      sis_source_id: course.sis_id,
      enrollment_term_id: course.term_id,
    })),
    table("course_sections", SECTIONS, [...school.sections.all()], (section) => ({
      ...section,
      sis_source_id: section.sis_id,
    })),
    table("users", USERS, [...school.users.all()], (user) => ({ ...user })),
    table(
      "pseudonyms",
      PSEUDONYMS,
      [...school.users.all()].map((user) => ({ ...user, user_id: user.id, id: pseudonymOf(user.id) })),
      (user) => ({
        user_id: user.user_id,
        sis_user_id: user.sis_id,
        unique_id: user.login_id,
        integration_id: user.integration_id,
        account_id: 1,
        workflow_state: user.workflow_state === "registered" ? "active" : user.workflow_state,
      }),
    ),
    table("enrollments", ENROLLMENTS, [...school.enrollments()], (enrollment) => ({
      ...enrollment,
      course_id: school.sections.get(enrollment.section_id).course_id,
      course_section_id: enrollment.section_id,
      sis_batch_id: enrollment.from_sis ? 1 : null,
      sis_pseudonym_id: enrollment.from_sis ? pseudonymOf(enrollment.user_id) : null,
    })),
    table("assignment_groups", GROUPS, [...state.groups.values()], (group) => ({
      ...group,
      context_id: group.course_id,
      context_type: "Course",
    })),
    table("assignments", ASSIGNMENTS, [...state.assignments.values()], (assignment) => ({
      ...assignment,
      overrides: null,
      title: assignment.name,
      type: "Assignment",
      context_id: assignment.course_id,
      context_type: "Course",
      submission_types: assignment.submission_types.join(","),
      sis_source_id: assignment.sis_assignment_id,
    })),
    ...overrideTables(state),
    table("submissions", SUBMISSIONS, submissionsOf(state), (submission) => submission),
  ];
}

/** Every user of the sandbox has one login. */
function pseudonymOf(user: number): number {
  return user + 1_000_000;
}

function overrideTables(state: WorkState): DataTable[] {
  const overrides = [...state.assignments.values()].flatMap((assignment) => assignment.overrides);
  const students = overrides.flatMap((override) =>
    override.student_ids.map((user_id, at) => ({
      id: override.id * 1000 + at,
      assignment_id: override.assignment_id,
      assignment_override_id: override.id,
      user_id,
      workflow_state: "active",
    })),
  );
  return [
    table("assignment_overrides", OVERRIDES, overrides, (override) => ({
      ...override,
      student_ids: null,
      workflow_state: "active",
      due_at_overridden: true,
      unlock_at_overridden: true,
      lock_at_overridden: true,
      unassign_item: false,
    })),
    table("assignment_override_students", OVERRIDE_STUDENTS, students, (each) => each),
  ];
}

function submissionsOf(state: WorkState) {
  const places = new Map(
    [...state.byCourse.keys()].map((course) => [course, placesOf(state.school, course)]),
  );
  return [...state.assignments.values()].flatMap((assignment) =>
    [...(state.submissions.get(assignment.id)?.values() ?? [])].map((submission) => {
      const sections = places.get(assignment.course_id)?.get(submission.user_id) ?? [];
      const { due_at } = datesFor(assignment, submission.user_id, sections);
      const hidden = assignment.workflow_state === "deleted";
      return {
        ...submission,
        workflow_state: hidden ? "deleted" : submission.workflow_state,
        comments: null,
        cached_due_date: due_at,
        created_at: assignment.created_at,
        published_score: submission.score,
        published_grade: submission.grade,
        grade_matches_current_submission: true,
        redo_request: false,
      };
    }),
  );
}

function table<T extends { id: number }>(
  name: string,
  shape: Shape,
  things: readonly T[],
  values: (thing: T) => Readonly<Record<string, Value>>,
): DataTable {
  return {
    name,
    columns: Object.entries(shape).map(([column, type]) => ({
      name: column,
      type,
      of: (row) => row.values[column] ?? null,
    })),
    rows: things.map((thing) => ({ id: thing.id, deleted: false, values: values(thing) })),
  };
}
