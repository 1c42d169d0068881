/**
 * The graded work of Canvas as every source gives it, whatever it was read from: section by section, in Canvas's own
 * field names, for templates of the config speak them (`{assignment.name}`). What a source cannot know is absent.
 */

/** One section with all the work that may be passed back, and what the students got for it. */
export interface SectionGrades {
  section: CanvasSection;
  course: CanvasCourse;
  assignments: AssignmentGrades[];
}

export interface CanvasSection {
  id?: string;
  /** section_id of sections.csv; null: made in Canvas, no class of the SIS. */
  sis_id: string | null;
  name?: string;
}

export interface CanvasCourse {
  id?: string;
  /** course_id of courses.csv. */
  sis_id: string | null;
  name?: string;
}

export interface AssignmentGrades {
  assignment: Assignment;
  submissions: Submission[];
}

/** Dates are those of this section (its override, or else everybody's): ISO 8601 instants in UTC. */
export interface Assignment {
  /** A total is one line item a section too. */
  kind: "assignment" | "course-grade" | "grading-period-grade";
  /** Canvas's id; of totals `course-grade`, or `grading-period-<Canvas's id of the period>`. Never changes. */
  id: string;
  name: string;
  html_url?: string;
  points_possible?: number;
  due_at?: string;
  unlock_at?: string;
  lock_at?: string;
  /** The source knows no dates at all, so that Canvas may have some. */
  dates_unknown?: true;
  assignment_group?: { id?: string; name?: string; sis_source_id?: string };
  /** The source knows no assignment groups at all, so that Canvas has one all the same. */
  group_unknown?: true;
  /** Whatever else Canvas says of it, for templates: submission_types, integration_id, … */
  more?: Record<string, unknown>;
  /** Why it cannot be passed back, found by the source: a sentence for the instructor, with what to do. */
  problem?: string;
}

/** One student's work. A field that is absent is null, false, or not known to the source. */
export interface Submission {
  /** user_id of users.csv; null: a user without SIS id. */
  sis_user_id: string | null;
  /** Canvas's own id of the user, to name who has no SIS id. */
  user_id?: string;
  /** After late deduction. */
  score?: number;
  excused?: boolean;
  missing?: boolean;
  late?: boolean;
  /** Whether an instructor (or an automatic rule) has graded it. */
  graded?: boolean;
  /** False: graded, but not shown to the student yet. */
  posted?: boolean;
  graded_at?: string;
  submitted_at?: string;
  /** The newest comment of an instructor. */
  comment?: string;
  /** Whatever else Canvas says of it, for templates: grade, entered_score, late_policy_status, … */
  more?: Record<string, unknown>;
  /** Why this one cannot be passed back, found by the source. */
  problem?: string;
}
