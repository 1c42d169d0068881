/** Gradebook exports as instructors download them. Source: Canvas's GradebookExporter. */
import type { Course } from "../records.ts";
import type { Ref } from "../school.ts";
import type { WorkState } from "../work/state.ts";
import { type CsvLook, csvText } from "./csv-text.ts";
import { put } from "./folder.ts";
import { gradebookRows } from "./gradebook-rows.ts";

/** What an account, an instructor and a course make of the export. By default as most look. */
export interface GradebookExportOptions extends Pick<CsvLook, "bom" | "leaveOut"> {
  /** Default: every published course that has students. */
  courses?: readonly Ref[];
  /** `;` between the columns. */
  semicolon?: boolean;
  /** `9,50` for nine and a half. */
  decimalComma?: boolean;
  /** `LastName` and `FirstName` in the place of `Student`. */
  splitNames?: boolean;
  /** `SIS User ID`: whether the instructor may read SIS ids; default true. */
  sisIds?: boolean;
  integrationIds?: boolean;
  rootAccount?: boolean;
  /** Titles of custom gradebook columns, such as Notes. */
  customColumns?: readonly string[];
  /** Totals of groups and course, read-only; default true. */
  totals?: boolean;
  /** Override Score and what belongs to it. */
  finalGradeOverride?: boolean;
  /** What stands in Points Possible over a total; Canvas translates it. Default `(read only)`. */
  readOnlyText?: string;
  /** A grading period was selected: its title ends the names of the totals. */
  gradingPeriodTitle?: string;
  /** `Muted`, as exports had it before there were posting policies, in the place of `Manual Posting`. */
  muted?: boolean;
  /** " and " between the names of several sections, in the instructor's language. */
  andText?: string;
}

/** @returns the files' paths, in the order of the courses */
export async function writeGradebookExports(
  state: WorkState,
  folder: string,
  options: GradebookExportOptions,
): Promise<string[]> {
  const look: CsvLook = {
    separator: options.semicolon === true ? ";" : ",",
    ...(options.bom === undefined ? {} : { bom: options.bom }),
    ...(options.leaveOut === undefined ? {} : { leaveOut: options.leaveOut }),
  };
  const files: string[] = [];
  for (const course of coursesOf(state, options.courses)) {
    const rows = gradebookRows(state, course, options);
    if (rows !== undefined) files.push(await put(folder, nameOf(state, course), csvText(rows, look)));
  }
  return files;
}

function coursesOf({ school }: WorkState, wanted: readonly Ref[] | undefined): Course[] {
  if (wanted !== undefined) return wanted.map((ref) => school.courses.get(ref));
  return [...school.courses.all()].filter((course) => course.workflow_state === "available");
}

/** `2026-11-20T1830_Grades-ALG1.csv`; the id tells courses of the same code apart, as ` (1)` does for a browser. */
function nameOf({ clock }: WorkState, course: Course): string {
  const minute = clock.now().slice(0, 16).replace(":", "");
  const code = course.course_code.replaceAll(/[^\p{L}\p{N}._-]+/gu, "_");
  return `${minute}_Grades-${code} (${course.id}).csv`;
}
