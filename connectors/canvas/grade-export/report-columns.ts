/**
 * The header of a Grade Export report (grade_export_csv, mgp_grade_export_csv). Columns are known by their names:
 * accounts have more or fewer of them. Source: Canvas's account reports.
 */
import { doubleColumn, lacksColumns, notAnExport } from "../export-files/failures.ts";

/** Which total of Canvas: `final` counts missing work as 0, `current` leaves it out. */
export type TotalChoice = "final" | "current" | "unposted-current" | "unposted-final";

export interface ReportColumns {
  studentSis: number;
  courseSis: number;
  sectionSis: number;
  state: number;
  /** Canvas's own ids and names: undefined where the report lacks them. */
  studentId: number | undefined;
  course: number | undefined;
  courseId: number | undefined;
  section: number | undefined;
  sectionId: number | undefined;
  courseTotal: TotalColumn;
  periods: (TotalColumn & { title: string; id: number })[];
}

export interface TotalColumn {
  score: number;
  /** Of the total that an instructor set by hand; undefined: none, or of no concern to the choice. */
  override: number | undefined;
}

export const REPORT_COLUMNS: ReadonlySet<string> = new Set([
  ...["student name", "student id", "student sis", "student integration id"],
  ...[
    "course",
    "course id",
    "course sis",
    "section",
    "section id",
    "section sis",
    "term",
    "term id",
    "term sis",
  ],
  ...["current score", "final score", "unposted current score", "unposted final score", "enrollment state"],
]);

const SCORES: Record<TotalChoice, string> = {
  final: "final score",
  current: "current score",
  "unposted-current": "unposted current score",
  "unposted-final": "unposted final score",
};

const PERIOD_ID = " grading period id";
const RUN_AGAIN =
  "Run the report again in Canvas (Admin, Settings, Reports) and put the file there as it is.";

/** @throws Failure source.not-an-export, source.export-columns */
export function reportColumns(header: readonly string[], file: string, choice: TotalChoice): ReportColumns {
  const names = header.map((name) => name.trim());
  if (names.filter((name) => REPORT_COLUMNS.has(name)).length < 3) {
    throw notAnExport(
      file,
      "a Grade Export report: it lacks its columns",
      "If it is one in another language, run the report as a user whose language in Canvas is English. " +
        "Take other files out of the folder.",
    );
  }

  const missing: string[] = [];
  const optional = (name: string) => {
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw doubleColumn(file, name);
    return names.includes(name) ? names.indexOf(name) : undefined;
  };
  const required = (name: string) => {
    const index = optional(name);
    if (index === undefined) missing.push(name);
    return index ?? -1;
  };
  const total = (prefix: string): TotalColumn => ({
    score: required(`${prefix}${SCORES[choice]}`),
    override: choice.endsWith("final") ? optional(`${prefix}override score`) : undefined,
  });

  const titles = names
    .filter((name) => name.endsWith(PERIOD_ID))
    .map((name) => name.slice(0, -PERIOD_ID.length));
  const columns: ReportColumns = {
    studentSis: required("student sis"),
    courseSis: required("course sis"),
    sectionSis: required("section sis"),
    state: required("enrollment state"),
    studentId: optional("student id"),
    course: optional("course"),
    courseId: optional("course id"),
    section: optional("section"),
    sectionId: optional("section id"),
    courseTotal: total(""),
    periods: titles.map((title) => ({ title, id: required(`${title}${PERIOD_ID}`), ...total(`${title} `) })),
  };
  if (missing.length > 0) throw lacksColumns(file, missing, RUN_AGAIN);
  return columns;
}
