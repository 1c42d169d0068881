/** A section with its assignments and submissions as one JSON text, made by the database: the shape of SectionGrades. */
import { literal } from "../database.ts";
import type { Stretch } from "./work.ts";

const ALONE =
  "It is assigned to single students or groups, and the SIS knows only whole sections. Assign it to everyone or to sections in Canvas.";
const APART =
  "This student has a due date of their own, and the SIS knows one for the whole section. Enter the score in the SIS, or give the student the section's date in Canvas.";
const UNREADABLE = " cannot be read from the Canvas Data extract. Take the extract anew.";

/** `grades`, one text a section, by place. What is NULL is left out, as the records want it. */
export function sectionJson({ first, last }: Stretch): string {
  const within = `place BETWEEN ${first} AND ${last}`;
  return `
    WITH work AS (
        SELECT w.place, w.assignment_id, string_agg(${SUBMISSION}, ',') AS submissions
        FROM canvas_data.work w JOIN canvas_data.students st USING (place, user_id)
        WHERE w.${within} AND st.${within} GROUP BY w.place, w.assignment_id),
      given AS (
        SELECT g.place, string_agg(concat('{"assignment":', g.json, ',"submissions":[', work.submissions, ']}'), ',')
          AS assignments
        FROM canvas_data.assigned g LEFT JOIN work USING (place, assignment_id)
        WHERE g.${within} GROUP BY g.place)
    SELECT concat('{"section":', ${SECTION}, ',"course":', ${COURSE}, ',"assignments":[', assignments, ']}') AS grades
    FROM given JOIN canvas_data.sections s USING (place) ORDER BY place`;
}

/** A field of an object; nothing when the value is NULL. Values are JSON already. */
function field(name: string, json: string): string {
  return `',"${name}":' || ${json}`;
}

/** Of fields that may each be nothing; `first` is never. */
function object(first: [string, string], rest: readonly string[]): string {
  return `concat('{"${first[0]}":', ${[first[1], ...rest].join(", ")}, '}')`;
}

const quoted = (id: string) => `'"' || ${id} || '"'`;
const text = (value: string) => `to_json(${value})`;
const instant = (value: string) => `strftime(${value}, '"%Y-%m-%dT%H:%M:%SZ"')`;
const number = (value: string) => `${value}::VARCHAR`;
const either = (condition: string) => `CASE WHEN ${condition} THEN 'true' ELSE 'false' END`;
/** Only what is so: false is left out. */
const whenTrue = (condition: string) => `CASE WHEN ${condition} THEN 'true' END`;

const SECTION = object(
  ["id", quoted("s.id")],
  [field("sis_id", `coalesce(${text("s.sis_id")}, 'null')`), field("name", text("s.name"))],
);

const COURSE = object(
  ["id", quoted("s.course_id")],
  [field("sis_id", `coalesce(${text("s.course_sis_id")}, 'null')`), field("name", text("s.course_name"))],
);

const GROUP = object(
  ["id", quoted("a.assignment_group_id")],
  [field("name", text("a.group_name")), field("sis_source_id", text("a.group_sis_source_id"))],
);

const ASSIGNMENT_MORE = object(
  ["submission_types", text("string_split(a.types, ',')")],
  [
    field("grading_type", text("a.grading_type")),
    field("include_in_final_grade", "CASE WHEN a.omit_from_final_grade THEN 'false' ELSE 'true' END"),
    field("sis_assignment_id", text("a.sis_source_id")),
    field("integration_id", text("a.integration_id")),
    field("created_at", instant("a.created_at")),
    field("course_id", quoted("a.context_id")),
  ],
);

/** An assignment (a) as it is given to a section (g). */
export const ASSIGNMENT = object(
  ["kind", `'"assignment"'`],
  [
    field("id", quoted("a.id")),
    field("name", text("coalesce(a.title, '')")),
    field("points_possible", number("a.points_possible")),
    field("due_at", instant("g.due_at")),
    field("unlock_at", instant("g.unlock_at")),
    field("lock_at", instant("g.lock_at")),
    `CASE WHEN a.assignment_group_id IS NOT NULL THEN ${field("assignment_group", GROUP)} END`,
    field("more", ASSIGNMENT_MORE),
    field(
      "problem",
      `CASE WHEN g.unreadable IS NOT NULL THEN ${text(`g.unreadable || ${literal(UNREADABLE)}`)}
        WHEN g.alone THEN ${text(literal(ALONE))} END`,
    ),
  ],
);

const SUBMISSION_MORE = object(
  ["workflow_state", text("w.workflow_state")],
  [
    field("grade", text("w.grade")),
    field("entered_score", number("(w.score + coalesce(w.points_deducted, 0))")),
    field("points_deducted", number("w.points_deducted")),
    field("attempt", number("w.attempt")),
    field("late_policy_status", text("w.late_policy_status")),
    field("submission_type", text("w.submission_type")),
  ],
);

/** As Canvas counts it (canvas-lms Submission#graded?): a score of work that was handed in again waits for a new one. */
const GRADED = "w.excused OR (w.workflow_state = 'graded' AND w.score IS NOT NULL)";

const SUBMISSION = object(
  ["sis_user_id", "st.sis_user_json"],
  [
    field("user_id", quoted("w.user_id")),
    field("score", number("w.score")),
    field("excused", whenTrue("w.excused")),
    field("missing", whenTrue("w.missing")),
    field("late", whenTrue("w.late")),
    field("graded", either(GRADED)),
    field("posted", either("w.posted")),
    field("graded_at", instant("w.graded_at")),
    field("submitted_at", instant("w.submitted_at")),
    field("more", SUBMISSION_MORE),
    field(
      "problem",
      `CASE WHEN w.unreadable IS NOT NULL THEN ${text(`w.unreadable || ${literal(UNREADABLE)}`)}
        WHEN w.apart AND (w.excused OR w.score IS NOT NULL) THEN ${text(literal(APART))} END`,
    ),
  ],
);
