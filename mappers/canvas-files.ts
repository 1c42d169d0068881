/**
 * Every Canvas file as data: its columns in the order in which they are written, what each may hold, what
 * makes a row unique, and what refers to what. Source: Canvas SIS CSV format, and the checks of Canvas's SIS
 * importer: it skips rows that break these rules, or, where it has no check of its own, loses a whole segment
 * of the file in a database error.
 */

/** The files of every night, in the order in which Canvas imports them. */
export const CANVAS_FILES = {
  accounts: ["account_id", "parent_account_id", "name", "status"],
  terms: ["term_id", "name", "status", "start_date", "end_date"],
  courses: ["course_id", "short_name", "long_name", "account_id", "term_id", "status"],
  sections: ["section_id", "course_id", "name", "status", "start_date", "end_date"],
  users: ["user_id", "login_id", "first_name", "last_name", "email", "status"],
  enrollments: ["course_id", "section_id", "user_id", "role", "status", "start_date", "end_date"],
} as const;

/** Files that are there only when the configuration asks for them. */
export const OPTIONAL_FILES = {
  xlists: ["xlist_course_id", "section_id", "status"],
  // Canvas knows no status here and passes over it; by it the rows are told apart like all others.
  logins: ["user_id", "login_id", "existing_user_id", "status"],
  admins: ["user_id", "account_id", "role", "status"],
  user_observers: ["observer_id", "student_id", "status"],
} as const;

/** In the order in which Canvas imports them. */
export const PACKAGE_ORDER: readonly PackageFile[] = [
  "accounts",
  "terms",
  "courses",
  "sections",
  "xlists",
  "users",
  "logins",
  "enrollments",
  "admins",
  "user_observers",
];

export type CanvasFile = keyof typeof CANVAS_FILES;
export type OptionalFile = keyof typeof OPTIONAL_FILES;
export type PackageFile = CanvasFile | OptionalFile;
export type CanvasRow<F extends CanvasFile> = Record<(typeof CANVAS_FILES)[F][number], string>;

/** Columns of users.csv that are there only when the configuration asks for them, after the fixed ones. */
export const OPTIONAL_USER_COLUMNS = ["integration_id", "authentication_provider_id", "short_name"] as const;

type ColumnOf<F extends PackageFile> =
  | (typeof CANVAS_FILES & typeof OPTIONAL_FILES)[F][number]
  | (F extends "users" ? (typeof OPTIONAL_USER_COLUMNS)[number] : never);

/** What makes a row of a file one of its kind, in the order by which the file is sorted (accounts: parents first). */
export const CANVAS_KEYS = {
  accounts: ["account_id"],
  terms: ["term_id"],
  courses: ["course_id"],
  sections: ["section_id"],
  users: ["user_id"],
  enrollments: ["section_id", "user_id", "role"],
  xlists: ["section_id"],
  logins: ["user_id"],
  admins: ["user_id", "account_id", "role"],
  user_observers: ["observer_id", "student_id"],
} as const satisfies { [F in PackageFile]: readonly ColumnOf<F>[] };

export interface ColumnRule {
  file: PackageFile;
  column: string;
  /** A row with this column empty is skipped by Canvas. */
  required?: true;
  /** In characters. */
  maxLength: number;
  /** What a value that is not empty must match as a whole; plain enough for every regular expression engine. */
  pattern?: string;
}

const ID_OR_NAME = 255;
const INSTANT = String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`;

type RuleOf<F extends PackageFile> = Record<ColumnOf<F>, Omit<ColumnRule, "file" | "column">>;

const id = { required: true, maxLength: ID_OR_NAME } as const;
const name = id;
const optional = { maxLength: ID_OR_NAME } as const;
const instant = { maxLength: 20, pattern: INSTANT } as const;
const status = (words: string) =>
  ({ required: true, maxLength: ID_OR_NAME, pattern: `^(${words})$` }) as const;

const RULES: { [F in PackageFile]: RuleOf<F> } = {
  accounts: { account_id: id, parent_account_id: optional, name, status: status("active|deleted") },
  terms: { term_id: id, name, status: status("active|deleted"), start_date: instant, end_date: instant },
  courses: {
    course_id: id,
    short_name: name,
    long_name: name,
    account_id: optional,
    // Canvas puts a course without a term into its Default Term, which never ends, and says nothing.
    term_id: id,
    status: status("active|unpublished|published|completed|deleted"),
  },
  sections: {
    section_id: id,
    course_id: id,
    name,
    status: status("active|deleted"),
    start_date: instant,
    end_date: instant,
  },
  users: {
    user_id: id,
    login_id: { required: true, maxLength: 100 },
    first_name: optional,
    last_name: optional,
    email: optional,
    status: status("active|suspended|deleted"),
    integration_id: optional,
    authentication_provider_id: optional,
    short_name: optional,
  },
  enrollments: {
    // Without a section Canvas makes one of its own.
    course_id: id,
    section_id: id,
    user_id: id,
    role: name,
    status: status("active|completed|inactive|deleted|deleted_last_completed"),
    start_date: instant,
    end_date: instant,
  },
  // Canvas makes a course of one that it does not know, and says nothing.
  xlists: { xlist_course_id: id, section_id: id, status: status("active|deleted") },
  logins: {
    user_id: id,
    login_id: { required: true, maxLength: 100 },
    existing_user_id: id,
    status: status("active|deleted"),
  },
  // Canvas takes one without an account for an admin of everything.
  admins: { user_id: id, account_id: id, role: name, status: status("active|deleted") },
  user_observers: { observer_id: id, student_id: id, status: status("active|deleted") },
};

/** What each column may hold, file by file. */
export const COLUMN_RULES: readonly ColumnRule[] = Object.entries(RULES).flatMap(([file, columns]) =>
  Object.entries(columns).map(([column, rule]) => ({ file: file as PackageFile, column, ...rule })),
);

/** Canvas limits a user's whole name: these columns, joined by a space. */
export const FULL_NAME = {
  file: "users",
  columns: ["first_name", "last_name"],
  maxLength: ID_OR_NAME,
} as const;

export interface Reference {
  file: PackageFile;
  column: string;
  /** The file whose only key it names. */
  to: CanvasFile;
  /** What Canvas does with a row whose reference is empty; without this the reference must be there. */
  whenEmpty?: string;
}

/** Which column names a row of which file. Canvas skips rows that refer to nothing; for term_id not even that. */
export const REFERENCES: readonly Reference[] = [
  { file: "accounts", column: "parent_account_id", to: "accounts", whenEmpty: "the root account" },
  { file: "courses", column: "account_id", to: "accounts", whenEmpty: "the root account" },
  { file: "courses", column: "term_id", to: "terms" },
  { file: "sections", column: "course_id", to: "courses" },
  { file: "enrollments", column: "course_id", to: "courses" },
  { file: "enrollments", column: "section_id", to: "sections" },
  { file: "enrollments", column: "user_id", to: "users" },
  { file: "xlists", column: "xlist_course_id", to: "courses" },
  { file: "xlists", column: "section_id", to: "sections" },
  { file: "logins", column: "existing_user_id", to: "users" },
  { file: "admins", column: "user_id", to: "users" },
  { file: "admins", column: "account_id", to: "accounts" },
  { file: "user_observers", column: "observer_id", to: "users" },
  { file: "user_observers", column: "student_id", to: "users" },
];
