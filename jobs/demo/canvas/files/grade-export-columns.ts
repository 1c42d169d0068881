/** Columns and rows of the reports of course grades. Source: Canvas's grade export reports. */
import type { Course, Enrollment, GradingPeriod, Section, Term, User } from "../records.ts";
import { letterOf } from "../work/grade-text.ts";
import type { WorkState } from "../work/state.ts";
import { type StudentTotals, totalsOf } from "../work/totals.ts";
import type { Cell } from "./csv-text.ts";
import type { GradeExportOptions } from "./grade-export.ts";

/** One enrollment: a student in two sections of a course has two rows, with the same grades. */
export interface GradedRow {
  term: Term;
  course: Course;
  section: Section;
  user: User;
  enrollment: Enrollment;
}

export type GradeColumn = readonly [name: string, value: (row: GradedRow) => Cell];

/** By course, then by enrollment. */
export function gradedEnrollments({ school }: WorkState, term: Term): GradedRow[] {
  const rows: GradedRow[] = [];
  for (const course of school.courses.all()) {
    if (course.term_id !== term.id || course.workflow_state !== "available") continue;
    for (const section of school.sectionsOf(course.id)) {
      for (const enrollment of school.enrollmentsOfSection(section.id)) {
        const { type, workflow_state, user_id } = enrollment;
        const counts = workflow_state === "active" || workflow_state === "completed";
        if (type !== "StudentEnrollment" || !counts) continue;
        rows.push({ term, course, section, user: school.users.get(user_id), enrollment });
      }
    }
  }
  return rows;
}

/** Of grade_export_csv; the state of the enrollment stands in the middle of the scores. */
export function courseColumns(state: WorkState, options: GradeExportOptions): GradeColumn[] {
  const scores = scoreColumns("", totalsBy(state), options, state);
  const [first, second, ...others] = scores;
  if (first === undefined || second === undefined) return [];
  return [...placeColumns(options), first, second, stateColumn, ...others];
}

/** Of mgp_grade_export_csv: the term's grading periods one after the other, then the course. */
export function periodColumns(state: WorkState, term: Term, options: GradeExportOptions): GradeColumn[] {
  const periods = state.school.gradingPeriods(term.id);
  const ofPeriods = periods.flatMap((period): GradeColumn[] => [
    [`${period.title} grading period id`, () => period.id],
    ...scoreColumns(`${period.title} `, totalsBy(state, period), options, undefined),
  ]);
  return [
    ...placeColumns(options),
    ["grading period set", () => `${term.name} periods`],
    ["grading period set id", () => term.id],
    ...ofPeriods,
    ...courseColumns(state, options).slice(placeColumns(options).length),
  ];
}

const stateColumn: GradeColumn = [
  "enrollment state",
  ({ enrollment }) => (enrollment.workflow_state === "completed" ? "concluded" : enrollment.workflow_state),
];

function placeColumns({ integrationIds }: GradeExportOptions): GradeColumn[] {
  return [
    ["student name", ({ user }) => user.name],
    ["student id", ({ user }) => user.id],
    ["student sis", ({ user }) => user.sis_id],
    ...(integrationIds === true
      ? [["student integration id", ({ user }) => user.integration_id] satisfies GradeColumn]
      : []),
    ["course", ({ course }) => course.name],
    ["course id", ({ course }) => course.id],
    ["course sis", ({ course }) => course.sis_id],
    ["section", ({ section }) => section.name],
    ["section id", ({ section }) => section.id],
    ["section sis", ({ section }) => section.sis_id],
    ["term", ({ term }) => term.name],
    ["term id", ({ term }) => term.id],
    ["term sis", ({ term }) => term.sis_id],
  ];
}

type TotalsLookup = (row: GradedRow) => StudentTotals;

function totalsBy(state: WorkState, period?: GradingPeriod): TotalsLookup {
  const known = new Map<number, (user: number) => StudentTotals>();
  const latest: { row?: GradedRow; totals?: StudentTotals } = {};
  return (row) => {
    // All columns of a row ask one after the other.
    if (latest.row === row && latest.totals !== undefined) return latest.totals;
    const ofCourse = known.get(row.course.id) ?? totalsOf(state, row.course, period);
    known.set(row.course.id, ofCourse);
    latest.row = row;
    return (latest.totals = ofCourse(row.user.id));
  };
}

/** @param overrides where final grades by hand are; those of grading periods nobody sets */
function scoreColumns(
  prefix: string,
  totals: TotalsLookup,
  { override }: GradeExportOptions,
  overrides: WorkState | undefined,
): GradeColumn[] {
  const byHand = ({ course, user }: GradedRow) =>
    overrides?.finalOverrides.get(course.id)?.get(user.id) ?? null;
  const letter = ({ course }: GradedRow, score: number | null) =>
    score === null || !course.grading_standard ? null : letterOf(score);
  const columns: GradeColumn[] = [
    ["current score", (row) => totals(row).current.score],
    ["final score", (row) => totals(row).final.score],
    ["unposted current score", (row) => totals(row).unpostedCurrent.score],
    ["unposted final score", (row) => totals(row).unpostedFinal.score],
    ...(override === true ? [["override score", byHand] satisfies GradeColumn] : []),
    ["current grade", (row) => letter(row, totals(row).current.score)],
    ["final grade", (row) => letter(row, totals(row).final.score)],
    ["unposted current grade", (row) => letter(row, totals(row).unpostedCurrent.score)],
    ["unposted final grade", (row) => letter(row, totals(row).unpostedFinal.score)],
    ...(override === true
      ? [["override grade", (row) => letter(row, byHand(row))] satisfies GradeColumn]
      : []),
  ];
  return columns.map(([name, value]) => [prefix + name, value]);
}
