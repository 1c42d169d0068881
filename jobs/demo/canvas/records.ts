/** What the sandbox Canvas holds, in Canvas's own words: names of fields are those of its database and its API. */

export interface Account {
  id: number;
  sis_id: string | null;
  /** Null: the root account. */
  parent_id: number | null;
  name: string;
  workflow_state: "active" | "deleted";
}

export interface Term {
  id: number;
  sis_id: string;
  name: string;
  /** UTC instants; null: open. */
  start_at: string | null;
  end_at: string | null;
  workflow_state: "active" | "deleted";
}

export interface GradingPeriod {
  id: number;
  title: string;
  start_date: string;
  end_date: string;
}

export interface Course {
  id: number;
  sis_id: string | null;
  name: string;
  course_code: string;
  account_id: number;
  term_id: number;
  /** `claimed` is Canvas's word for unpublished. */
  workflow_state: "available" | "claimed" | "completed" | "deleted";
  /** Whether the feature that shows its work to the SIS is on. */
  sis_grade_export: boolean;
  group_weighting_scheme: "equal" | "percent";
  /** Whether course grades are letters too. */
  grading_standard: boolean;
}

export interface Section {
  id: number;
  sis_id: string | null;
  name: string;
  /** The course it is taught in now. */
  course_id: number;
  /** Where it came from, when it is cross-listed. */
  nonxlist_course_id: number | null;
  start_at: string | null;
  end_at: string | null;
  workflow_state: "active" | "deleted";
}

export interface User {
  id: number;
  /** Null: made in Canvas, the SIS does not know of it. */
  sis_id: string | null;
  integration_id: string | null;
  login_id: string;
  first_name: string;
  last_name: string;
  name: string;
  sortable_name: string;
  workflow_state: "registered" | "suspended" | "deleted";
}

export type EnrollmentType =
  | "StudentEnrollment"
  | "StudentViewEnrollment"
  | "TeacherEnrollment"
  | "TaEnrollment"
  | "DesignerEnrollment"
  | "ObserverEnrollment";

export interface Enrollment {
  id: number;
  user_id: number;
  section_id: number;
  type: EnrollmentType;
  role: string;
  workflow_state: "active" | "completed" | "inactive" | "deleted";
  /** Whether a SIS import made it. */
  from_sis: boolean;
}

export interface AssignmentGroup {
  id: number;
  course_id: number;
  name: string;
  position: number;
  group_weight: number;
  sis_source_id: string | null;
  workflow_state: "available" | "deleted";
}

export type GradingType = "points" | "percent" | "letter_grade" | "gpa_scale" | "pass_fail" | "not_graded";

/** UTC instants, null for none. */
export interface Dates {
  due_at: string | null;
  unlock_at: string | null;
  lock_at: string | null;
}

export interface Assignment extends Dates {
  id: number;
  course_id: number;
  assignment_group_id: number;
  name: string;
  position: number;
  created_at: string;
  updated_at: string;
  points_possible: number | null;
  grading_type: GradingType;
  submission_types: string[];
  workflow_state: "published" | "unpublished" | "deleted";
  /** "Sync to SIS". */
  post_to_sis: boolean;
  only_visible_to_overrides: boolean;
  omit_from_final_grade: boolean;
  anonymous_grading: boolean;
  /** Grades stay hidden until somebody posts them. */
  post_manually: boolean;
  sis_assignment_id: string | null;
  integration_id: string | null;
  overrides: Override[];
}

/** Other dates for a section, or for students by name. */
export interface Override extends Dates {
  id: number;
  assignment_id: number;
  set_type: "CourseSection" | "ADHOC";
  /** The section; null for students by name. */
  set_id: number | null;
  student_ids: number[];
  title: string;
}

export interface Submission {
  id: number;
  assignment_id: number;
  course_id: number;
  user_id: number;
  /** After late deduction. */
  score: number | null;
  grade: string | null;
  points_deducted: number | null;
  /** `deleted`: the assignment is not, or no longer, this student's. */
  workflow_state: "unsubmitted" | "submitted" | "graded" | "pending_review" | "deleted";
  excused: boolean;
  late_policy_status: "none" | "late" | "missing" | "extended" | null;
  submission_type: string | null;
  submitted_at: string | null;
  attempt: number | null;
  graded_at: string | null;
  grader_id: number | null;
  /** Null: the student does not see the grade. */
  posted_at: string | null;
  updated_at: string;
  comments: Comment[];
}

export interface Comment {
  id: number;
  author_id: number;
  comment: string;
  created_at: string;
}
