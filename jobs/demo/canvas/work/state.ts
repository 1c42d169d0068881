/** All the work of all courses, in memory. */
import type { Clock } from "../clock.ts";
import type { NextId } from "../ids.ts";
import type { Assignment, AssignmentGroup, Submission } from "../records.ts";
import type { School } from "../school.ts";

export interface WorkState {
  readonly school: School;
  readonly clock: Clock;
  readonly nextId: NextId;
  readonly groups: Map<number, AssignmentGroup>;
  readonly assignments: Map<number, Assignment>;
  /** By course, deleted ones too, in the order of their ids. */
  readonly byCourse: Map<number, Assignment[]>;
  /** By assignment and user, one for every student who has, or had, the assignment. */
  readonly submissions: Map<number, Map<number, Submission>>;
  /** Course grades that instructors set by hand, in percent: by course and user. */
  readonly finalOverrides: Map<number, Map<number, number>>;
}

export function emptyState(school: School, clock: Clock, nextId: NextId): WorkState {
  return {
    school,
    clock,
    nextId,
    groups: new Map(),
    assignments: new Map(),
    byCourse: new Map(),
    submissions: new Map(),
    finalOverrides: new Map(),
  };
}

/** Of a course, in the order of their ids; deleted ones only when asked for. */
export function assignmentsOf(state: WorkState, course: number, deletedToo = false): Assignment[] {
  const all = state.byCourse.get(course) ?? [];
  return deletedToo ? all : all.filter((each) => each.workflow_state !== "deleted");
}

export function groupsOf(state: WorkState, course: number): AssignmentGroup[] {
  return [...state.groups.values()]
    .filter((group) => group.course_id === course && group.workflow_state === "available")
    .sort((one, other) => one.position - other.position);
}

/** Puts an assignment on the books. */
export function keep(state: WorkState, assignment: Assignment): Assignment {
  state.assignments.set(assignment.id, assignment);
  state.submissions.set(assignment.id, new Map());
  const list = state.byCourse.get(assignment.course_id);
  if (list === undefined) state.byCourse.set(assignment.course_id, [assignment]);
  else list.push(assignment);
  return assignment;
}
