/** What instructors make of their courses in a semester: every 24th course has each of these. */
import type { Assignment, Course } from "../records.ts";
import type { AssignmentChanges } from "./assignments.ts";
import type { Grading } from "./grading.ts";
import { type PeopleChanges, studentsOf } from "./people.ts";
import type { WorkState } from "./state.ts";
import { AWKWARD_NAMES, LONG_NAMES } from "./titles.ts";

type Changes = AssignmentChanges & Grading & PeopleChanges;

interface Scene {
  state: WorkState;
  changes: Changes;
  course: Course;
  /** The course's first and second assignment. */
  first: Assignment;
  second: Assignment;
  /** The course's number in its turn. */
  turn: number;
}

const DAY = 86_400_000;

const ODDITIES: Readonly<Record<string, (scene: Scene) => void>> = {
  zeroPoints: ({ changes, first }) => changes.setPoints(first, 0),
  noPoints: ({ changes, first }) => changes.setPoints(first, null),
  datesOfAStudent: ({ state, changes, course, first }) => {
    const [student] = everybody(state, course);
    if (student !== undefined) changes.redate(first, { due_at: later(first, 2) }, { students: [student] });
  },
  datesOfASection: ({ state, changes, course, first }) => {
    const [section] = state.school.sectionsOf(course.id);
    if (section !== undefined) changes.redate(first, { due_at: later(first, 1) }, { section: section.id });
    changes.edit(first, { only_visible_to_overrides: true });
  },
  noDueDate: ({ changes, first }) => changes.redate(first, { due_at: null, unlock_at: null }),
  twins: ({ changes, first, second }) => {
    changes.redate(second, { due_at: first.due_at, unlock_at: first.unlock_at });
    changes.rename(second, first.name);
  },
  longNames: ({ changes, first, second }) => {
    changes.rename(first, LONG_NAMES[0]);
    changes.rename(second, LONG_NAMES[1]);
  },
  awkwardName: ({ changes, first, turn }) =>
    changes.rename(first, AWKWARD_NAMES[turn % AWKWARD_NAMES.length] ?? first.name),
  hiddenGrades: ({ changes, first }) => {
    changes.edit(first, { post_manually: true });
    changes.unpost(first);
  },
  hiddenAndAnonymous: ({ changes, first }) => {
    changes.edit(first, { post_manually: true, anonymous_grading: true });
    changes.unpost(first);
  },
  notSynced: ({ changes, first }) => changes.edit(first, { post_to_sis: false }),
  unpublished: ({ changes, first }) => changes.edit(first, { workflow_state: "unpublished" }),
  completeIncomplete: ({ changes, first }) => changes.edit(first, { grading_type: "pass_fail" }),
  letters: ({ changes, first }) => changes.edit(first, { grading_type: "letter_grade" }),
  outsideTheFinalGrade: ({ changes, first }) => changes.edit(first, { omit_from_final_grade: true }),
  ownGroup: ({ changes, first }) => changes.regroup(first, "Participation"),
  someoneWithoutSisId: ({ state, changes, course, first }) => {
    const guest = changes.createUser("Gale", "Visiting");
    enterAndBeGraded(state, changes, course, first, guest.id);
  },
  someoneWhoLeft: ({ state, changes, course, first, turn }) => {
    const left = changes.createUser("Robin", "Departed");
    changes.setSisId(left.id, `gone-${String(turn).padStart(3, "0")}`);
    const section = enterAndBeGraded(state, changes, course, first, left.id);
    if (section !== undefined) changes.conclude(left.id, section);
  },
  testStudent: ({ state, changes, course }) => {
    const [section] = state.school.sectionsOf(course.id);
    if (section !== undefined) changes.addTestStudent(section.id);
  },
  sectionOfItsOwn: ({ state, changes, course }) => {
    const members = everybody(state, course).slice(0, 2);
    const group = changes.createSection(course.id, "Study group");
    for (const student of members) changes.enrollStudent(student, group.id);
  },
  withoutTheFeature: ({ changes, course }) => {
    changes.setSisExport(course.id, false);
  },
  unpublishedCourse: ({ changes, course }) => {
    changes.unpublishCourse(course.id);
  },
};

const PERIOD = 24;
const PLAIN = 1;

/** Does to the `index`th course what is its turn; most often nothing that a SIS would not take. */
export function addOddity(
  state: WorkState,
  changes: Changes,
  course: Course,
  made: readonly Assignment[],
  index: number,
): void {
  const names = Object.keys(ODDITIES);
  const name = names[(index % PERIOD) - PLAIN];
  const [first, second] = made;
  if (name === undefined || first === undefined) return;
  const turn = Math.floor(index / PERIOD);
  ODDITIES[name]?.({ state, changes, course, first, second: second ?? first, turn });
}

/** Every 24th course takes the next one's sections in, when both are of one school and term. */
export function crossListSome(state: WorkState, changes: Changes): void {
  const courses = [...state.school.courses.all()];
  for (const [index, course] of courses.entries()) {
    const next = courses[index + 1];
    if (index % PERIOD !== PERIOD - 1 || next?.term_id !== course.term_id) continue;
    if (next.account_id !== course.account_id) continue;
    for (const section of state.school.sectionsOf(next.id)) changes.crossList(section.id, course.id);
  }
}

function enterAndBeGraded(
  state: WorkState,
  changes: Changes,
  course: Course,
  assignment: Assignment,
  user: number,
): number | undefined {
  const [section] = state.school.sectionsOf(course.id);
  if (section === undefined) return undefined;
  changes.enrollStudent(user, section.id);
  changes.grade(assignment, user, (assignment.points_possible ?? 0) / 2);
  return section.id;
}

function everybody(state: WorkState, course: Course): number[] {
  return state.school
    .sectionsOf(course.id)
    .flatMap((section) => studentsOf(state, section.id).map((user) => user.id));
}

function later({ due_at }: Assignment, days: number): string | null {
  if (due_at === null) return null;
  return new Date(Date.parse(due_at) + days * DAY).toISOString().replace(".000Z", "Z");
}
