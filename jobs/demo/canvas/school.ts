/** Accounts, terms, courses, sections, people and who is enrolled where: what SIS imports fill. */
import type { Account, Course, Enrollment, GradingPeriod, Section, Term, User } from "./records.ts";
import type { NextId } from "./ids.ts";
import { periodsOf } from "./grading-periods.ts";

/** Something by Canvas's own id (a number) or by its SIS id (text). */
export type Ref = number | string;

/** One kind of things, found by either id. */
export interface Shelf<T extends { id: number; sis_id: string | null }> {
  add(thing: T): T;
  /** Undefined where there is none. */
  find(ref: Ref): T | undefined;
  /** @throws Error naming the ref where there is none */
  get(ref: Ref): T;
  all(): Iterable<T>;
}

export interface School {
  readonly accounts: Shelf<Account>;
  readonly terms: Shelf<Term>;
  readonly courses: Shelf<Course>;
  readonly sections: Omit<Shelf<Section>, "add">;
  readonly users: Shelf<User>;
  /** Teaches a section, new or old, in a course from now on. */
  place(section: Section, course: number): Section;
  enroll(enrollment: Omit<Enrollment, "id">): Enrollment;
  enrollments(): Iterable<Enrollment>;
  enrollmentsOfSection(section: number): readonly Enrollment[];
  enrollmentsOfUser(user: number): readonly Enrollment[];
  /** Sections taught in the course now, deleted ones left out, in the order of their ids. */
  sectionsOf(course: number): Section[];
  /** Grading periods of a term, none for short ones. */
  gradingPeriods(term: number): GradingPeriod[];
}

export const ROOT_ACCOUNT = 1;

export function openSchool(nextId: NextId): School {
  const enrollments: Enrollment[] = [];
  const bySection = new Map<number, Enrollment[]>();
  const byUser = new Map<number, Enrollment[]>();
  const everIn = new Map<number, Set<Section>>();
  const periods = new Map<number, GradingPeriod[]>();
  const sections = shelf<Section>("section");
  const school: School = {
    accounts: shelf("account"),
    terms: shelf("term"),
    courses: shelf("course"),
    sections,
    users: shelf("user"),
    place(section, course) {
      section.course_id = course;
      everIn.set(course, (everIn.get(course) ?? new Set()).add(section));
      return sections.add(section);
    },
    enroll(given) {
      const enrollment = { id: nextId("enrollment"), ...given };
      enrollments.push(enrollment);
      listed(bySection, given.section_id).push(enrollment);
      listed(byUser, given.user_id).push(enrollment);
      return enrollment;
    },
    enrollments: () => enrollments,
    enrollmentsOfSection: (section) => bySection.get(section) ?? [],
    enrollmentsOfUser: (user) => byUser.get(user) ?? [],
    sectionsOf: (course) =>
      [...(everIn.get(course) ?? [])]
        .filter((section) => section.course_id === course && section.workflow_state === "active")
        .sort((one, other) => one.id - other.id),
    gradingPeriods(id) {
      const known = periods.get(id);
      if (known !== undefined) return known;
      const made = periodsOf(school.terms.get(id), nextId);
      periods.set(id, made);
      return made;
    },
  };
  school.accounts.add({
    id: ROOT_ACCOUNT,
    sis_id: null,
    parent_id: null,
    name: "Sandbox Canvas",
    workflow_state: "active",
  });
  return school;
}

function shelf<T extends { id: number; sis_id: string | null }>(kind: string): Shelf<T> {
  const byId = new Map<number, T>();
  const bySis = new Map<string, T>();
  const find = (ref: Ref) => {
    if (typeof ref === "number") return byId.get(ref);
    const named = bySis.get(ref);
    return named?.sis_id === ref ? named : undefined;
  };
  return {
    add(thing) {
      byId.set(thing.id, thing);
      if (thing.sis_id !== null) bySis.set(thing.sis_id, thing);
      return thing;
    },
    find,
    get(ref) {
      const found = find(ref);
      if (found === undefined) throw new Error(`the sandbox Canvas has no ${kind} ${ref}`);
      return found;
    },
    all: () => byId.values(),
  };
}

function listed<K, V>(map: Map<K, V[]>, key: K): V[] {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made: V[] = [];
  map.set(key, made);
  return made;
}
