/**
 * The tables of Canvas Data 2 that graded work is put together from, and what of each is read. Names are those of
 * DAP's `canvas` namespace (developerdocs.instructure.com, "Dataset"), which are the columns of Canvas's own database.
 */

/** How the text of a column is understood. Times are UTC. */
export type ColumnKind = "id" | "text" | "number" | "flag" | "time";

export interface Column {
  kind: ColumnKind;
  /** What it tells. With it the column must be in the extract; without, it is nothing where the extract lacks it. */
  needed?: string;
  /** No record is without it: where one is, the extract is damaged. */
  always?: true;
}

export interface Table {
  /** What is known from it, to say what is missing with it. */
  tells: string;
  /** Beside `id`, the key of every table. */
  columns: Record<string, Column>;
  /** Columns that, all together, no other table has: the first set of these that a file has names its table. */
  signatures: string[][];
  /** A column that rules this table out. */
  never?: string;
}

export const TABLES = {
  assignments: {
    tells: "the assignments, their dates and points",
    columns: {
      context_id: { kind: "id", needed: "the course", always: true },
      context_type: { kind: "text" },
      title: { kind: "text", needed: "the name" },
      workflow_state: { kind: "text", needed: "whether it is published", always: true },
      post_to_sis: { kind: "flag", needed: "whether it is set to sync to the SIS", always: true },
      points_possible: { kind: "number", needed: "the points" },
      due_at: { kind: "time", needed: "the due date" },
      unlock_at: { kind: "time" },
      lock_at: { kind: "time" },
      assignment_group_id: { kind: "id", needed: "the assignment group" },
      only_visible_to_overrides: { kind: "flag", needed: "whether it is for some sections only" },
      submission_types: { kind: "text", needed: "whether work that is not there is missing" },
      grading_type: { kind: "text" },
      omit_from_final_grade: { kind: "flag" },
      sis_source_id: { kind: "text" },
      integration_id: { kind: "text" },
      parent_assignment_id: { kind: "id" },
      type: { kind: "text" },
      created_at: { kind: "time" },
    },
    signatures: [["post_to_sis", "context_id"]],
  },
  assignment_groups: {
    tells: "the assignment groups, which decide the SIS's category",
    columns: {
      name: { kind: "text", needed: "the name" },
      sis_source_id: { kind: "text" },
    },
    signatures: [["group_weight", "context_id"]],
  },
  assignment_overrides: {
    tells: "the dates that single sections or students have",
    columns: {
      assignment_id: { kind: "id", needed: "the assignment" },
      set_type: { kind: "text", needed: "whether it is for a section", always: true },
      set_id: { kind: "id", needed: "the section" },
      workflow_state: { kind: "text", needed: "whether it still counts", always: true },
      due_at: { kind: "time", needed: "the due date" },
      due_at_overridden: { kind: "flag" },
      unlock_at: { kind: "time" },
      unlock_at_overridden: { kind: "flag" },
      lock_at: { kind: "time" },
      lock_at_overridden: { kind: "flag" },
      unassign_item: { kind: "flag" },
    },
    signatures: [["set_type", "due_at_overridden"]],
  },
  submissions: {
    tells: "the scores",
    columns: {
      assignment_id: { kind: "id", needed: "the assignment", always: true },
      user_id: { kind: "id", needed: "the student", always: true },
      workflow_state: { kind: "text", needed: "whether it is graded", always: true },
      score: { kind: "number", needed: "the score" },
      excused: { kind: "flag", needed: "whether the student is excused" },
      posted_at: { kind: "time", needed: "whether the student may see the grade" },
      late_policy_status: { kind: "text", needed: "whether it was marked late or missing" },
      cached_due_date: { kind: "time", needed: "whether it is late or missing" },
      submitted_at: { kind: "time", needed: "whether it is late or missing" },
      grader_id: { kind: "id", needed: "whether it is missing" },
      graded_at: { kind: "time", needed: "when it was graded" },
      grade: { kind: "text" },
      points_deducted: { kind: "number" },
      attempt: { kind: "id" },
      submission_type: { kind: "text" },
      cached_quiz_lti: { kind: "flag" },
      custom_grade_status_id: { kind: "id" },
    },
    signatures: [["assignment_id", "user_id", "course_id", "workflow_state"]],
    never: "context_id",
  },
  courses: {
    tells: "the courses and their SIS ids",
    columns: {
      sis_source_id: { kind: "text", needed: "the SIS id" },
      name: { kind: "text" },
      workflow_state: { kind: "text", needed: "whether it is published", always: true },
    },
    signatures: [["enrollment_term_id", "account_id"]],
    never: "course_id",
  },
  course_sections: {
    tells: "the sections and their SIS ids",
    columns: {
      course_id: { kind: "id", needed: "the course", always: true },
      sis_source_id: { kind: "text", needed: "the SIS id" },
      name: { kind: "text" },
      workflow_state: { kind: "text", needed: "whether it still exists", always: true },
      nonxlist_course_id: { kind: "id", needed: "the course that a cross-listed section comes from" },
    },
    signatures: [
      ["course_id", "default_section"],
      ["course_id", "restrict_enrollments_to_section_dates"],
    ],
  },
  enrollments: {
    tells: "who is in which section",
    columns: {
      user_id: { kind: "id", needed: "the user", always: true },
      course_section_id: { kind: "id", needed: "the section", always: true },
      type: { kind: "text", needed: "whether the user is a student", always: true },
      workflow_state: { kind: "text", needed: "whether it is active", always: true },
      sis_pseudonym_id: { kind: "id" },
    },
    signatures: [["course_section_id", "user_id", "type"]],
  },
  pseudonyms: {
    tells: "the users' SIS ids",
    columns: {
      user_id: { kind: "id", needed: "the user", always: true },
      sis_user_id: { kind: "text", needed: "the SIS id" },
      workflow_state: { kind: "text", needed: "whether it still exists", always: true },
    },
    signatures: [["unique_id", "user_id"]],
  },
} as const satisfies Record<string, Table>;

export type TableName = keyof typeof TABLES;

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

export function tableOf(name: TableName): Table {
  return TABLES[name];
}
