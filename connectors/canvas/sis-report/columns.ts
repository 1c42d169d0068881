/**
 * The files of Canvas's provisioning and SIS export reports (provisioning_csv, sis_export_csv), known by their headers:
 * their names are whatever somebody saved them as. Source: Canvas's account reports.
 */
import { lacksColumns, notAnExport } from "../export-files/failures.ts";

/** What we read of each kind of file; a column of `more` may be missing, those of `needed` not. */
const KINDS = {
  accounts: { needed: ["account_id", "name", "status"], more: [] },
  terms: { needed: ["term_id", "name", "status"], more: ["start_date", "end_date"] },
  courses: {
    needed: ["course_id", "short_name", "long_name", "status"],
    more: ["account_id", "term_id"],
  },
  sections: { needed: ["section_id", "course_id", "name", "status"], more: ["nonxlist_course_id"] },
  users: {
    needed: ["user_id", "login_id", "first_name", "last_name", "status"],
    more: ["email", "integration_id", "canvas_user_id"],
  },
  enrollments: { needed: ["course_id", "section_id", "user_id", "role", "status"], more: [] },
} as const;

export type ReportKind = keyof typeof KINDS;

export const REPORT_KINDS = Object.keys(KINDS) as ReportKind[];

/** The columns that are read of a file, in this order. */
export function reportColumns(kind: ReportKind): string[] {
  return [...KINDS[kind].needed, ...KINDS[kind].more];
}

/** Every column of the reports by which their separator can be told. */
export const KNOWN_COLUMNS: ReadonlySet<string> = new Set(REPORT_KINDS.flatMap(reportColumns));

type Has = (...columns: string[]) => boolean;

/** The first that fits: sections have the columns of no other, enrollments share theirs with several. */
const SIGNS: readonly (readonly [ReportKind | "other", (has: Has) => boolean])[] = [
  ["other", (has) => has("xlist_course_id") || has("group_id") || has("group_category_id")],
  ["other", (has) => has("observer_id") || has("tag_id") || has("tag_set_id")],
  ["users", (has) => has("user_id", "login_id")],
  ["accounts", (has) => has("account_id", "parent_account_id")],
  ["courses", (has) => has("course_id", "short_name")],
  ["sections", (has) => has("section_id", "name")],
  ["terms", (has) => has("term_id", "name")],
  ["enrollments", (has) => has("section_id", "user_id", "role")],
  ["other", (has) => has("account_id", "user_id", "role")],
];

const ENGLISH =
  "Run the report as a user whose language in Canvas is English, or take the SIS Export report, whose headers are never translated. Give the files as Canvas made them, and nothing else in their folder.";

export interface RecognisedFile {
  kind: ReportKind;
  /** Where each of `reportColumns` is; -1: the file does not have it. */
  indexes: number[];
}

/**
 * What a header is of; undefined: a file of these reports that is of no concern here, such as groups.
 *
 * @throws Failure source.not-an-export, also for headers in another language; source.export-columns
 */
export function recogniseReport(header: readonly string[], file: string): RecognisedFile | undefined {
  const names = header.map((name) => name.trim().toLowerCase());
  const kind = SIGNS.find(([, fits]) =>
    fits((...columns) => columns.every((one) => names.includes(one))),
  )?.[0];
  if (kind === "other") return undefined;
  if (kind === undefined) throw strange(names, file);
  const missing = KINDS[kind].needed.filter((column) => !names.includes(column));
  if (missing.length > 0) throw lacksColumns(file, missing, ENGLISH);
  return { kind, indexes: reportColumns(kind).map((column) => names.indexOf(column)) };
}

function strange(names: readonly string[], file: string): Error {
  const known = names.filter((name) => KNOWN_COLUMNS.has(name) || name.startsWith("canvas_"));
  const what =
    known.length === 0
      ? "it has none of their columns, such as user_id; it may be in another language"
      : `of their columns it has only ${known.slice(0, 5).join(", ")}; the others may be in another language`;
  return notAnExport(file, `a provisioning or SIS export report: ${what}`, ENGLISH);
}
