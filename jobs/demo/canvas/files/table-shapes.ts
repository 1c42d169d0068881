/** Columns of Canvas's tables besides their key, with DuckDB's types. Source: Canvas's database schema. */
import type { DataColumn } from "./tables.ts";

type Type = DataColumn["type"];

function columns(byType: Partial<Record<Type, string>>): Record<string, Type> {
  return Object.fromEntries(
    Object.entries(byType).flatMap(([type, names]) => names.split(" ").map((name) => [name, type as Type])),
  );
}

export const COURSES = columns({
  VARCHAR: "name course_code sis_source_id integration_id workflow_state group_weighting_scheme",
  BIGINT: "account_id enrollment_term_id",
});

export const SECTIONS = columns({
  VARCHAR: "name sis_source_id integration_id workflow_state",
  BIGINT: "course_id nonxlist_course_id",
  TIMESTAMP: "start_at end_at",
});

export const USERS = columns({ VARCHAR: "name sortable_name workflow_state" });

export const PSEUDONYMS = columns({
  VARCHAR: "sis_user_id unique_id integration_id workflow_state",
  BIGINT: "user_id account_id",
});

export const ENROLLMENTS = columns({
  VARCHAR: "type workflow_state",
  BIGINT: "user_id course_id course_section_id sis_batch_id sis_pseudonym_id",
});

export const GROUPS = columns({
  VARCHAR: "name context_type workflow_state sis_source_id",
  BIGINT: "context_id position",
  DOUBLE: "group_weight",
});

export const ASSIGNMENTS = columns({
  VARCHAR:
    "title grading_type submission_types workflow_state context_type integration_id sis_source_id type",
  BIGINT: "context_id assignment_group_id position parent_assignment_id",
  DOUBLE: "points_possible",
  TIMESTAMP: "due_at unlock_at lock_at created_at updated_at",
  BOOLEAN: "only_visible_to_overrides post_to_sis omit_from_final_grade anonymous_grading",
});

export const OVERRIDES = columns({
  VARCHAR: "set_type title workflow_state",
  BIGINT: "assignment_id set_id",
  TIMESTAMP: "due_at unlock_at lock_at",
  BOOLEAN: "due_at_overridden unlock_at_overridden lock_at_overridden unassign_item",
});

export const OVERRIDE_STUDENTS = columns({
  VARCHAR: "workflow_state",
  BIGINT: "assignment_id assignment_override_id user_id",
});

export const SUBMISSIONS = columns({
  VARCHAR: "grade submission_type workflow_state late_policy_status published_grade",
  BIGINT: "assignment_id user_id course_id grader_id attempt",
  DOUBLE: "score points_deducted published_score",
  TIMESTAMP: "submitted_at graded_at posted_at cached_due_date created_at updated_at",
  BOOLEAN: "excused grade_matches_current_submission redo_request",
});
