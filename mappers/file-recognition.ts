/**
 * What Canvas takes a CSV file for. It never looks at a file's name, only at its header row, and the first
 * kind that fits wins: one column too many silently makes a file another kind, and its rows are lost.
 * Source: Canvas SIS importer.
 */

/** Whether the header has a column. */
type Has = (column: string) => boolean;

const EXISTING_USER = ["existing_user_id", "existing_integration_id", "existing_canvas_user_id"];

const KINDS: readonly (readonly [kind: string, fits: (has: Has) => boolean])[] = [
  ["change_sis_id", (has) => has("old_id") || has("old_integration_id")],
  ["accounts", (has) => has("account_id") && has("parent_account_id")],
  ["terms", (has) => has("term_id") && has("name")],
  ["abstract_courses", (has) => has("abstract_course_id") && has("short_name") && !has("course_id")],
  ["courses", (has) => has("course_id") && has("short_name")],
  ["sections", (has) => has("section_id") && has("name")],
  ["xlists", (has) => has("xlist_course_id") && has("section_id")],
  ["users", (has) => has("user_id") && has("login_id") && !EXISTING_USER.some(has)],
  ["logins", (has) => EXISTING_USER.some(has)],
  [
    "enrollments",
    (has) => (has("section_id") || has("course_id")) && (has("user_id") || has("user_integration_id")),
  ],
  ["admins", (has) => has("account_id") && has("user_id")],
  ["group_categories", (has) => has("group_category_id") && has("category_name")],
  ["groups", (has) => has("group_id") && has("name")],
  ["group_memberships", (has) => has("group_id") && has("user_id")],
  ["grade_publishing_results", (has) => has("enrollment_id") && has("grade_publishing_status")],
  ["user_observers", (has) => has("observer_id") && has("student_id")],
];

/**
 * The kind of file, by the name of its CSV, that Canvas would import this header as; undefined when it knows
 * none. Case, a byte order mark and spaces around the names do not matter here, although Canvas then finds no
 * column whose name has such spaces.
 */
export function recognisedAs(header: readonly string[]): string | undefined {
  const columns = new Set(header.map((column) => column.trim().toLowerCase()));
  return KINDS.find(([, fits]) => fits((column) => columns.has(column)))?.[0];
}
