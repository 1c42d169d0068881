/** Course and grading-period grades as Canvas computes them, in percent, to two decimals. */
import type { Assignment, AssignmentGroup, Course, GradingPeriod, Submission } from "../records.ts";
import { datesFor, placesOf } from "./assigned.ts";
import { assignmentsOf, groupsOf, type WorkState } from "./state.ts";

/** Null: nothing counts yet. */
export interface Total {
  score: number | null;
  points: number;
}

/** `current` leaves out what is not graded, `final` counts it as zero; `unposted` counts hidden grades too. */
export interface Totals {
  current: Total;
  final: Total;
  unpostedCurrent: Total;
  unpostedFinal: Total;
}

export interface StudentTotals extends Totals {
  groups: Map<number, Totals>;
}

interface Piece {
  assignment: Assignment;
  submission: Submission;
}

type Rule = (submission: Submission) => number | null | undefined;

/** Undefined leaves a piece out, null is no score yet and counts as zero. */
const RULES: Record<keyof Totals, Rule> = {
  current: ({ score, posted_at }) => (score === null || posted_at === null ? undefined : score),
  unpostedCurrent: ({ score }) => score ?? undefined,
  final: ({ score, posted_at }) => (posted_at === null ? 0 : score),
  unpostedFinal: ({ score }) => score,
};

/** The grades of every student of a course. @param period only what is due in it */
export function totalsOf(
  state: WorkState,
  course: Course,
  period?: GradingPeriod,
): (user: number) => StudentTotals {
  const groups = groupsOf(state, course.id);
  const assignments = assignmentsOf(state, course.id).filter(counts);
  const places = placesOf(state.school, course.id);

  return (user) => {
    const pieces = assignments.flatMap((assignment): Piece[] => {
      const submission = state.submissions.get(assignment.id)?.get(user);
      if (submission === undefined || submission.workflow_state === "deleted" || submission.excused)
        return [];
      const { due_at } = datesFor(assignment, user, places.get(user) ?? []);
      return period === undefined || isWithin(due_at, period) ? [{ assignment, submission }] : [];
    });
    const ofGroup = (group: AssignmentGroup) =>
      pieces.filter(({ assignment }) => assignment.assignment_group_id === group.id);
    const perGroup = new Map(
      groups.map((group) => [group.id, eachTotal((rule) => sum(ofGroup(group), rule))]),
    );
    const overall = eachTotal((rule) =>
      course.group_weighting_scheme === "percent" ? weighted(groups, ofGroup, rule) : sum(pieces, rule),
    );
    return { ...overall, groups: perGroup };
  };
}

function counts(assignment: Assignment): boolean {
  return (
    assignment.workflow_state === "published" &&
    !assignment.omit_from_final_grade &&
    assignment.grading_type !== "not_graded"
  );
}

/** Without a due date it belongs to the last period. */
function isWithin(due: string | null, { start_date, end_date, title }: GradingPeriod): boolean {
  if (due === null) return title.endsWith("2");
  const at = Date.parse(due);
  return at >= Date.parse(start_date) && at <= Date.parse(end_date);
}

function eachTotal(make: (rule: Rule) => Total): Totals {
  return {
    current: make(RULES.current),
    final: make(RULES.final),
    unpostedCurrent: make(RULES.unpostedCurrent),
    unpostedFinal: make(RULES.unpostedFinal),
  };
}

function sum(pieces: readonly Piece[], rule: Rule): Total {
  let points = 0;
  let possible = 0;
  for (const { assignment, submission } of pieces) {
    const value = rule(submission);
    if (value === undefined) continue;
    points += value ?? 0;
    possible += assignment.points_possible ?? 0;
  }
  return { score: possible === 0 ? null : round((points / possible) * 100), points: round(points) };
}

/** Groups in which nothing counts yet give their weight to the others. */
function weighted(
  groups: readonly AssignmentGroup[],
  ofGroup: (group: AssignmentGroup) => Piece[],
  rule: Rule,
): Total {
  let gained = 0;
  let weights = 0;
  let points = 0;
  for (const group of groups) {
    const total = sum(ofGroup(group), rule);
    points += total.points;
    if (total.score === null) continue;
    gained += total.score * group.group_weight;
    weights += group.group_weight;
  }
  return { score: weights === 0 ? null : round(gained / weights), points: round(points) };
}

function round(value: number): number {
  return Math.round((value + Number.EPSILON) * 100) / 100;
}
