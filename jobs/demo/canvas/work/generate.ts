/** A semester of invented work for a course: the same seed and the same course give the same work. */
import { instant } from "../clock.ts";
import { type Random, seededRandom } from "../../district/random.ts";
import type { Assignment, AssignmentGroup, Course, Submission } from "../records.ts";
import { gradeText } from "./grade-text.ts";
import { graderOf } from "./grading.ts";
import { keep, type WorkState } from "./state.ts";
import { alignSubmissions } from "./submissions.ts";
import { GROUPS, TOPICS } from "./titles.ts";

export interface WorkRules {
  seed: number;
  assignmentsPerCourse: number;
  /** Whether some work is excused, missing, late, hidden, worth more than all points, or less than nothing. */
  oddities: boolean;
}

interface Window {
  start: number;
  end: number;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Where neither section nor term says when it is taught. */
const UNDATED: Window = {
  start: Date.parse("2026-09-01T00:00:00Z"),
  end: Date.parse("2026-12-18T00:00:00Z"),
};

/** Fills a course: groups, assignments due from the first week to the last of its sections, and grades. */
export function fillCourse(state: WorkState, course: Course, rules: WorkRules): Assignment[] {
  const random = seededRandom(hashOf(`${rules.seed}/${course.sis_id ?? course.id}`));
  const window = windowOf(state, course);
  const groups = GROUPS.map((group, at) => addGroup(state, course, group, at + 1));
  const made = Array.from({ length: rules.assignmentsPerCourse }, (_, n) =>
    addAssignment(state, course, groups, random, { n, of: rules.assignmentsPerCourse, window }),
  );
  alignSubmissions(state, course.id);
  const grader = graderOf(state, course.id);
  const moment = remembering(instant);
  for (const assignment of made) {
    if (assignment.due_at === null || assignment.due_at > state.clock.now()) continue;
    for (const submission of state.submissions.get(assignment.id)?.values() ?? []) {
      gradeOne(assignment, submission, { random, grader, moment, oddities: rules.oddities });
    }
  }
  return made;
}

function addGroup(
  state: WorkState,
  course: Course,
  { name, group_weight }: (typeof GROUPS)[number],
  position: number,
): AssignmentGroup {
  const group: AssignmentGroup = {
    id: state.nextId("group"),
    course_id: course.id,
    name,
    position,
    group_weight,
    sis_source_id: null,
    workflow_state: "available",
  };
  state.groups.set(group.id, group);
  return group;
}

function addAssignment(
  state: WorkState,
  course: Course,
  groups: readonly AssignmentGroup[],
  random: Random,
  { n, of, window }: { n: number; of: number; window: Window },
): Assignment {
  const kind = GROUPS[n % GROUPS.length] ?? GROUPS[0];
  const group = groups[n % GROUPS.length];
  const day = window.start + ((n + 1) / (of + 1)) * (window.end - window.start);
  // The end of a school day in the Americas, far from midnight: the day is the same in every zone of a district.
  const due = Math.min(Math.floor(day / DAY) * DAY + 22 * HOUR, window.end);
  const opened = instant(Math.max(window.start, due - 10 * DAY));
  return keep(state, {
    id: state.nextId("assignment"),
    course_id: course.id,
    assignment_group_id: group?.id ?? 0,
    name: `${kind.one} ${Math.floor(n / GROUPS.length) + 1}: ${random.pick(TOPICS)}`,
    position: n + 1,
    created_at: opened,
    updated_at: opened,
    due_at: instant(due),
    unlock_at: n % 2 === 0 ? opened : null,
    lock_at: null,
    points_possible: random.pick<number>(kind.points),
    grading_type: "points",
    submission_types: [...kind.types],
    workflow_state: "published",
    post_to_sis: true,
    only_visible_to_overrides: false,
    omit_from_final_grade: false,
    anonymous_grading: false,
    post_manually: false,
    sis_assignment_id: null,
    integration_id: null,
    overrides: [],
  });
}

interface Marking {
  random: Random;
  grader: number;
  moment: (at: number) => string;
  oddities: boolean;
}

function gradeOne(
  assignment: Assignment,
  submission: Submission,
  { random, grader, moment, oddities }: Marking,
): void {
  const due = Date.parse(assignment.due_at ?? "");
  const luck = random.below(1000);
  const points = assignment.points_possible ?? 0;
  if (luck < 20) return;
  if (luck < 45) {
    submission.late_policy_status = "missing";
    return;
  }
  if (!assignment.submission_types.includes("on_paper")) {
    const late = luck < 110;
    submission.submitted_at = moment(due + (late ? DAY : -DAY) * (1 + random.below(3)));
    submission.submission_type = assignment.submission_types[0] ?? null;
    submission.attempt = 1;
    submission.workflow_state = "submitted";
    if (luck > 970) return;
  }
  const at = moment(due + (2 + random.below(5)) * DAY);
  const score = oddities && luck < 125 ? oddScore(luck, points) : plainScore(points, random);
  submission.workflow_state = "graded";
  submission.graded_at = at;
  submission.updated_at = at;
  submission.posted_at = at;
  submission.grader_id = grader;
  if (oddities && luck >= 940 && luck < 965) {
    submission.excused = true;
    return;
  }
  submission.score = score;
  submission.grade = gradeText(assignment.grading_type, score, points);
}

/** Three fifths of the points and more, by halves for one in four. */
function plainScore(points: number, random: Random): number {
  const score = Math.ceil(points * 0.6) + random.below(Math.floor(points * 0.4) + 1);
  return random.below(4) === 0 && score < points ? score + 0.5 : score;
}

/** Extra credit, less than nothing, and what a percentage of the points comes to. */
function oddScore(luck: number, points: number): number {
  if (luck < 112) return points + 2;
  if (luck < 114) return -1;
  return Math.round(points * 83.337) / 100;
}

function windowOf(state: WorkState, course: Course): Window {
  const term = state.school.terms.get(course.term_id);
  const [section] = state.school.sectionsOf(course.id);
  const start = section?.start_at ?? term.start_at;
  const end = section?.end_at ?? term.end_at;
  if (start === null || end === null) return UNDATED;
  return { start: Date.parse(start), end: Date.parse(end) };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

/** Most work of an assignment falls on the same few moments, and dates are slow to write. */
function remembering(write: (at: number) => string): (at: number) => string {
  const written = new Map<number, string>();
  return (at) => {
    const there = written.get(at) ?? write(at);
    written.set(at, there);
    return there;
  };
}
