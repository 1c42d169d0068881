/** What makes a row of each file one of its kind, and which column names a row of which other file. */
import { identifier } from "../database.ts";
import type { RosterColumns, RosterFile } from "./settle.ts";

/** In Canvas's order: what a row refers to stands in an earlier file, or is another account. */
export const KEYS: Record<RosterFile, readonly string[]> = {
  accounts: ["account_id"],
  terms: ["term_id"],
  courses: ["course_id"],
  sections: ["section_id"],
  xlists: ["section_id"],
  users: ["user_id"],
  logins: ["user_id"],
  enrollments: ["section_id", "user_id", "role"],
  admins: ["user_id", "account_id", "role"],
  user_observers: ["observer_id", "student_id"],
};

const ROSTER_FILES = Object.keys(KEYS) as RosterFile[];

/** The files that there are tonight, with their columns, in Canvas's order. */
export function filesOf(columns: RosterColumns): [file: RosterFile, columns: readonly string[]][] {
  return ROSTER_FILES.flatMap((file) => {
    const names = columns[file];
    return names === undefined ? [] : [[file, names]];
  });
}

export interface Reference {
  from: RosterFile;
  column: string;
  to: RosterFile;
  key: string;
}

/** In the order in which they can be followed, each step once; accounts lead to accounts as far as they go. */
export const REFERENCES: readonly Reference[] = [
  { from: "user_observers", column: "observer_id", to: "users", key: "user_id" },
  { from: "user_observers", column: "student_id", to: "users", key: "user_id" },
  { from: "admins", column: "user_id", to: "users", key: "user_id" },
  { from: "admins", column: "account_id", to: "accounts", key: "account_id" },
  { from: "logins", column: "existing_user_id", to: "users", key: "user_id" },
  { from: "enrollments", column: "user_id", to: "users", key: "user_id" },
  { from: "enrollments", column: "section_id", to: "sections", key: "section_id" },
  { from: "enrollments", column: "course_id", to: "courses", key: "course_id" },
  { from: "xlists", column: "section_id", to: "sections", key: "section_id" },
  { from: "xlists", column: "xlist_course_id", to: "courses", key: "course_id" },
  { from: "sections", column: "course_id", to: "courses", key: "course_id" },
  { from: "courses", column: "term_id", to: "terms", key: "term_id" },
  { from: "courses", column: "account_id", to: "accounts", key: "account_id" },
  { from: "accounts", column: "parent_account_id", to: "accounts", key: "account_id" },
];

/**
 * Users whose own record suspends them tonight. Of no other file the SIS's records decide the status; who is gone and
 * suspended for it is not among tonight's rows.
 */
export const SUSPENDED = `differs_users WHERE change = 'changed' AND
  list_contains(cells, {'column': 'status', 'before': 'active', 'after': 'suspended'})`;

/** A list of columns in SQL, of a table where one is named. */
export function columnList(columns: readonly string[], of = ""): string {
  return columns.map((column) => `${of === "" ? "" : `${of}.`}${identifier(column)}`).join(", ");
}

/** Tonight's rows of a file as a table expression: the record that gave each, and its Canvas columns. */
export function tonight(file: RosterFile, columns: readonly string[]): string {
  const record =
    file === "users" || file === "enrollments"
      ? `'${file}' AS source_type, sourced_id AS source_id`
      : "source_type, source_id";
  return `(SELECT ${record}, ${columnList(columns)} FROM ${file})`;
}
