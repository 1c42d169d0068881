/** The columns of a Gradebook export that Canvas computes, and one that it takes back. */
import type { Course, User } from "../records.ts";
import { letterOf } from "../work/grade-text.ts";
import { groupsOf, type WorkState } from "../work/state.ts";
import type { StudentTotals, Total, Totals } from "../work/totals.ts";
import type { Cell } from "./csv-text.ts";
import type { GradebookExportOptions } from "./gradebook-export.ts";

export interface TotalColumn {
  name: string;
  /** An instructor may change it and import the file. */
  importable: boolean;
  value: (totals: StudentTotals, user: User) => Cell;
}

type Pick = readonly [name: string, of: (totals: Totals) => Cell];

const POINTS: readonly Pick[] = [
  ["Current Points", ({ current }) => current.points],
  ["Final Points", ({ final }) => final.points],
];
const SCORES: readonly Pick[] = [
  ["Current Score", ({ current }) => current.score],
  ["Unposted Current Score", ({ unpostedCurrent }) => unpostedCurrent.score],
  ["Final Score", ({ final }) => final.score],
  ["Unposted Final Score", ({ unpostedFinal }) => unpostedFinal.score],
];
const LETTERS: readonly Pick[] = [
  ["Current Grade", ({ current }) => letter(current)],
  ["Unposted Current Grade", ({ unpostedCurrent }) => letter(unpostedCurrent)],
  ["Final Grade", ({ final }) => letter(final)],
  ["Unposted Final Grade", ({ unpostedFinal }) => letter(unpostedFinal)],
];

/** Points only where groups are not weighted, letters only with a grading scheme. */
export function totalColumns(
  state: WorkState,
  course: Course,
  options: GradebookExportOptions,
): TotalColumn[] {
  if (options.totals === false) return [];
  const suffix = options.gradingPeriodTitle === undefined ? "" : ` (${options.gradingPeriodTitle})`;
  const numbers = course.group_weighting_scheme === "percent" ? SCORES : [...POINTS, ...SCORES];
  const ofGroups = groupsOf(state, course.id).flatMap((group) =>
    numbers.map(([name, of]) => ({
      name: `${group.name} ${name}${suffix}`,
      importable: false,
      value: (totals: StudentTotals) => {
        const own = totals.groups.get(group.id);
        return own === undefined ? null : of(own);
      },
    })),
  );
  const ofCourse = [...numbers, ...(course.grading_standard ? LETTERS : [])].map(([name, of]) => ({
    name: `${name}${suffix}`,
    importable: false,
    value: (totals: StudentTotals) => of(totals),
  }));
  return [...ofGroups, ...ofCourse, ...overrides(state, course, options, suffix)];
}

function overrides(
  state: WorkState,
  course: Course,
  { finalGradeOverride }: GradebookExportOptions,
  suffix: string,
): TotalColumn[] {
  if (finalGradeOverride !== true) return [];
  const scoreOf = (user: User) => state.finalOverrides.get(course.id)?.get(user.id) ?? null;
  const score: TotalColumn = {
    name: `Override Score${suffix}`,
    importable: true,
    value: (_, user) => scoreOf(user),
  };
  const grade: TotalColumn = {
    name: `Override Grade${suffix}`,
    importable: false,
    value: (_, user) => letter({ score: scoreOf(user), points: 0 }),
  };
  return course.grading_standard ? [score, grade] : [score];
}

function letter({ score }: Total): string | null {
  return score === null ? null : letterOf(score);
}
