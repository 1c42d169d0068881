/** What instructors do to assignments and their groups. */
import type { Assignment, AssignmentGroup, Dates, Override } from "../records.ts";
import type { Ref } from "../school.ts";
import { groupsOf, keep, type WorkState } from "./state.ts";
import { alignSubmissions } from "./submissions.ts";

/** Canvas's id of an assignment, or the assignment. */
export type AssignmentRef = number | string | { readonly id: number };

export interface NewAssignment extends Partial<
  Omit<
    Assignment,
    | "id"
    | "course_id"
    | "assignment_group_id"
    | "overrides"
    | "position"
    | "created_at"
    | "updated_at"
    | "workflow_state"
  >
> {
  /** Name of its group; default: the course's first. A group that is not there is made. */
  group?: string;
  workflow_state?: "published" | "unpublished";
}

/** For whom dates hold, when not for everybody. */
export interface Whom {
  section?: Ref;
  students?: readonly Ref[];
}

/** What may be edited besides dates, group and name: `undefined` in a change is not allowed, null often is. */
export type AssignmentChange = Partial<
  Pick<
    Assignment,
    | "points_possible"
    | "grading_type"
    | "submission_types"
    | "workflow_state"
    | "post_to_sis"
    | "only_visible_to_overrides"
    | "omit_from_final_grade"
    | "anonymous_grading"
    | "post_manually"
    | "sis_assignment_id"
    | "integration_id"
  >
>;

export interface AssignmentChanges {
  createGroup(
    course: Ref,
    name: string,
    more?: { group_weight?: number; sis_source_id?: string },
  ): AssignmentGroup;
  renameGroup(course: Ref, from: string, to: string): AssignmentGroup;
  /** By default worth 10 points, due a week before now, handed in on paper, published, and synced to the SIS. */
  createAssignment(course: Ref, given: NewAssignment & { name: string }): Assignment;
  rename(assignment: AssignmentRef, name: string): Assignment;
  /** Into the course's group of that name, which is made when it is not there. */
  regroup(assignment: AssignmentRef, group: string): Assignment;
  /** New dates for everybody, or for those named; dates that are not given stay. */
  redate(assignment: AssignmentRef, dates: Partial<Dates>, whom?: Whom): Assignment;
  /** Takes back the dates of a section or of students. */
  removeOverrides(assignment: AssignmentRef): Assignment;
  setPoints(assignment: AssignmentRef, points: number | null): Assignment;
  edit(assignment: AssignmentRef, change: AssignmentChange): Assignment;
  deleteAssignment(assignment: AssignmentRef): void;
  /** From the course's "undelete" page. */
  restoreAssignment(assignment: AssignmentRef): Assignment;
}

const WEEK = 7 * 86_400_000;

export function assignmentChanges(state: WorkState): AssignmentChanges {
  const { school, nextId, clock } = state;

  function find(ref: AssignmentRef): Assignment {
    const found = state.assignments.get(Number(typeof ref === "object" ? ref.id : ref));
    if (found === undefined) throw new Error(`the sandbox Canvas has no assignment ${JSON.stringify(ref)}`);
    return found;
  }

  function group(course: number, name: string | undefined): AssignmentGroup {
    const groups = groupsOf(state, course);
    const there = name === undefined ? groups[0] : groups.find((each) => each.name === name);
    return there ?? changes.createGroup(course, name ?? "Assignments");
  }

  function change(ref: AssignmentRef, values: Partial<Assignment>): Assignment {
    const assignment = find(ref);
    Object.assign(assignment, values, { updated_at: clock.tick() });
    alignSubmissions(state, assignment.course_id);
    return assignment;
  }

  /** The override for exactly those, made on first use. */
  function overrideFor(assignment: Assignment, { section, students }: Whom): Override {
    const set_id = section === undefined ? null : school.sections.get(section).id;
    const student_ids = (students ?? []).map((student) => school.users.get(student).id);
    const there = assignment.overrides.find((each) =>
      set_id === null
        ? each.set_type === "ADHOC" && each.student_ids.join() === student_ids.join()
        : each.set_id === set_id,
    );
    if (there !== undefined) return there;
    const { due_at, unlock_at, lock_at } = assignment;
    const made: Override = {
      id: nextId("override"),
      assignment_id: assignment.id,
      set_type: set_id === null ? "ADHOC" : "CourseSection",
      set_id,
      student_ids,
      title: set_id === null ? `${student_ids.length} students` : school.sections.get(set_id).name,
      due_at,
      unlock_at,
      lock_at,
    };
    assignment.overrides.push(made);
    return made;
  }

  const changes: AssignmentChanges = {
    createGroup(course, name, more = {}) {
      const course_id = school.courses.get(course).id;
      const made: AssignmentGroup = {
        id: nextId("group"),
        course_id,
        name,
        position: groupsOf(state, course_id).length + 1,
        group_weight: more.group_weight ?? 0,
        sis_source_id: more.sis_source_id ?? null,
        workflow_state: "available",
      };
      state.groups.set(made.id, made);
      clock.tick();
      return made;
    },
    renameGroup(course, from, to) {
      const renamed = groupsOf(state, school.courses.get(course).id).find((each) => each.name === from);
      if (renamed === undefined) throw new Error(`course ${course} has no assignment group ${from}`);
      renamed.name = to;
      clock.tick();
      return renamed;
    },
    createAssignment(course, { group: name, ...given }) {
      const course_id = school.courses.get(course).id;
      const at = clock.tick();
      const assignment: Assignment = {
        id: nextId("assignment"),
        course_id,
        assignment_group_id: group(course_id, name).id,
        position: (state.byCourse.get(course_id)?.length ?? 0) + 1,
        created_at: at,
        updated_at: at,
        due_at: new Date(Date.parse(at) - WEEK).toISOString().replace(".000Z", "Z"),
        unlock_at: null,
        lock_at: null,
        points_possible: 10,
        grading_type: "points",
        submission_types: ["on_paper"],
        workflow_state: "published",
        post_to_sis: true,
        only_visible_to_overrides: false,
        omit_from_final_grade: false,
        anonymous_grading: false,
        post_manually: false,
        sis_assignment_id: null,
        integration_id: null,
        overrides: [],
        ...given,
      };
      keep(state, assignment);
      alignSubmissions(state, course_id);
      return assignment;
    },
    rename: (assignment, name) => change(assignment, { name }),
    regroup: (assignment, name) =>
      change(assignment, { assignment_group_id: group(find(assignment).course_id, name).id }),
    redate(ref, dates, whom) {
      const assignment = find(ref);
      if (whom === undefined) return change(assignment, dates);
      Object.assign(overrideFor(assignment, whom), dates);
      return change(assignment, {});
    },
    removeOverrides: (assignment) => change(assignment, { overrides: [] }),
    setPoints: (assignment, points_possible) => change(assignment, { points_possible }),
    edit: change,
    deleteAssignment(assignment) {
      change(assignment, { workflow_state: "deleted" });
    },
    restoreAssignment: (assignment) => change(assignment, { workflow_state: "published" }),
  };
  return changes;
}
