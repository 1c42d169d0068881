/** The columns of every Canvas file, in the order in which they are written. Source: Canvas SIS CSV format. */

/** In the order in which Canvas imports them, which is also the order of the package. */
export const CANVAS_FILES = {
  accounts: ["account_id", "parent_account_id", "name", "status"],
  terms: ["term_id", "name", "status", "start_date", "end_date"],
  courses: ["course_id", "short_name", "long_name", "account_id", "term_id", "status"],
  sections: ["section_id", "course_id", "name", "status", "start_date", "end_date"],
  users: ["user_id", "login_id", "first_name", "last_name", "email", "status"],
  enrollments: ["course_id", "section_id", "user_id", "role", "status", "start_date", "end_date"],
} as const;

export type CanvasFile = keyof typeof CANVAS_FILES;
export type CanvasRow<F extends CanvasFile> = Record<(typeof CANVAS_FILES)[F][number], string>;

/** Columns of users.csv that are there only when the configuration asks for them, after the fixed ones. */
export const OPTIONAL_USER_COLUMNS = ["integration_id", "authentication_provider_id", "short_name"] as const;
