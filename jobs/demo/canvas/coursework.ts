/** The work of a district's courses, as its instructors can change it; API and files show what is in here. */
import { startClock } from "./clock.ts";
import { countIds } from "./ids.ts";
import type { Assignment, AssignmentGroup, Dates, Submission, User } from "./records.ts";
import { openSchool, type Ref, type School } from "./school.ts";
import { importRoster } from "./sis-import.ts";
import { datesFor, placesOf } from "./work/assigned.ts";
import { type AssignmentChanges, assignmentChanges, type AssignmentRef } from "./work/assignments.ts";
import { fillCourse, type WorkRules } from "./work/generate.ts";
import { type Grading, grading } from "./work/grading.ts";
import { addOddity, crossListSome } from "./work/oddities.ts";
import { type PeopleChanges, peopleChanges, studentsOf } from "./work/people.ts";
import { standingOf, type Standing } from "./work/standing.ts";
import { assignmentsOf, emptyState, groupsOf, type WorkState } from "./work/state.ts";
import { alignSubmissions } from "./work/submissions.ts";

/** Every change takes effect at once, a second after the one before. Unknown ids, and students who are not in, throw. */
export interface Coursework extends AssignmentChanges, Grading, PeopleChanges {
  /** Canvas's clock, an ISO instant; nothing else depends on the day. */
  readonly now: string;
  readonly school: School;
  /** Not the deleted ones, in the order of their ids. */
  assignments(course: Ref): Assignment[];
  groups(course: Ref): AssignmentGroup[];
  /** Undefined: not assigned. */
  submission(assignment: AssignmentRef, student: Ref): Submission | undefined;
  /** Active students, in the order of their enrollments. */
  students(section: Ref): User[];
  /** When it is due for this student, and when it opens and closes. */
  dates(assignment: AssignmentRef, student: Ref): Dates;
  standing(assignment: AssignmentRef, student: Ref): Standing;
  /** What a later roster brought: takes its CSVs over as a SIS import does; the work stays. */
  importRoster(folder: string): void;
}

export interface CourseworkOptions extends WorkRules {
  /** Folder with the Canvas CSVs of a roster night. */
  roster: string;
  now?: string;
}

/** @throws Error when the roster refers to what it does not hold */
export function makeCoursework(options: CourseworkOptions): { coursework: Coursework; state: WorkState } {
  const nextId = countIds();
  const school = openSchool(nextId);
  importRoster(school, options.roster, nextId);
  const state = emptyState(school, startClock(school, options.now), nextId);
  const changes = { ...assignmentChanges(state), ...grading(state), ...peopleChanges(state) };

  if (options.oddities) crossListSome(state, changes);
  for (const [index, course] of [...school.courses.all()].entries()) {
    if (course.workflow_state !== "available" || school.sectionsOf(course.id).length === 0) continue;
    course.group_weighting_scheme = index % 2 === 1 ? "percent" : "equal";
    course.grading_standard = index % 3 === 0;
    const made = fillCourse(state, course, options);
    if (options.oddities) addOddity(state, changes, course, made, index);
  }
  // Not spread into a new object: `now` is read anew each time.
  return { coursework: Object.assign(reading(state), changes), state };
}

function reading(state: WorkState): Omit<Coursework, keyof (AssignmentChanges & Grading & PeopleChanges)> {
  const { school, clock, nextId } = state;

  function find(ref: AssignmentRef): Assignment {
    const found = state.assignments.get(Number(typeof ref === "object" ? ref.id : ref));
    if (found === undefined) throw new Error(`the sandbox Canvas has no assignment ${JSON.stringify(ref)}`);
    return found;
  }

  function submission(ref: AssignmentRef, student: Ref): Submission | undefined {
    const found = state.submissions.get(find(ref).id)?.get(school.users.get(student).id);
    return found?.workflow_state === "deleted" ? undefined : found;
  }

  function dates(ref: AssignmentRef, student: Ref): Dates {
    const assignment = find(ref);
    const user = school.users.get(student).id;
    const places = placesOf(school, assignment.course_id);
    const { due_at, unlock_at, lock_at } = datesFor(assignment, user, places.get(user) ?? []);
    return { due_at, unlock_at, lock_at };
  }

  return {
    get now() {
      return clock.now();
    },
    school,
    assignments: (course) => assignmentsOf(state, school.courses.get(course).id),
    groups: (course) => groupsOf(state, school.courses.get(course).id),
    submission,
    students: (section) => studentsOf(state, section),
    dates,
    standing(ref, student) {
      const found = submission(ref, student);
      if (found === undefined) throw new Error(`the assignment is not assigned to user ${student}`);
      return standingOf(find(ref), found, dates(ref, student).due_at, clock.now());
    },
    importRoster(folder) {
      importRoster(school, folder, nextId);
      clock.tick();
      for (const course of school.courses.all()) alignSubmissions(state, course.id);
    },
  };
}
