/**
 * Where the students of a Gradebook export belong. An export names neither its course nor the section of a score, only
 * names of sections; what the last delivered roster says of its students decides, where it does so without doubt.
 */
import type { GradebookStudent } from "./gradebook.ts";
import { namesSection } from "./section-names.ts";
import { clearWinner, countEach } from "./votes.ts";

/** What is asked of the last delivered roster. */
export interface RosterGroundView {
  section(section_id: string): RosterSection | undefined;
  /** section_ids in which the roster enrolls this user as a student now. */
  sectionsOf(user_id: string): readonly string[];
}

export interface RosterSection {
  section_id: string;
  course_id: string;
  name: string;
}

export interface Place {
  /** null: the student is in none of the export's. */
  section: RosterSection | null;
  /** Why the student's scores cannot be passed back, although the section is known well enough to tell it there. */
  problem?: string;
}

export type Placement =
  { kind: "placed"; place: (student: GradebookStudent) => Place } | { kind: "unknown"; problem: string };

/**
 * The course of a section name is the one in which most of the students who have that name are enrolled in a section of
 * it, with no other course half as good: classmates share many courses, and scores in another course would be worse
 * than none. Where not even one name is the roster's, it may be a course that no SIS knows.
 */
export function placeStudents(students: readonly GradebookStudent[], ground: RosterGroundView): Placement {
  const classes = new Map(students.map((student) => [student, sectionsOf(student, ground)]));
  const known = students.filter((student) => (classes.get(student)?.length ?? 0) > 0);
  if (known.length === 0) return { kind: "unknown", problem: NOBODY_KNOWN };

  const courseOfName = coursesByName(known, classes);
  const courses = new Set(courseOfName.values());
  if (courses.size === 0) return { kind: "unknown", problem: NO_COURSE };
  return {
    kind: "placed",
    place: (student) => placeOf(student, sectionsOf(student, ground), courseOfName, courses),
  };
}

function sectionsOf({ sisUserId }: GradebookStudent, ground: RosterGroundView): RosterSection[] {
  if (sisUserId === null) return [];
  return ground.sectionsOf(sisUserId).flatMap((id) => ground.section(id) ?? []);
}

function coursesOf(sections: readonly RosterSection[]): Set<string> {
  return new Set(sections.map(({ course_id }) => course_id));
}

function coursesByName(
  known: readonly GradebookStudent[],
  classes: ReadonlyMap<GradebookStudent, RosterSection[]>,
): Map<string, string> {
  const names = new Set([...classes.values()].flatMap((sections) => sections.map(({ name }) => name)));
  const byCell = Map.groupBy(known, ({ section }) => section);
  const found = new Map<string, string>();
  for (const name of names) {
    const voters = [...byCell].flatMap(([cell, students]) => (namesSection(cell, name) ? students : []));
    const votes = voters.map((student) =>
      coursesOf((classes.get(student) ?? []).filter((section) => section.name === name)),
    );
    const winner = clearWinner(countEach(votes), voters.length);
    if (winner !== undefined) found.set(name, winner);
  }
  return found;
}

function placeOf(
  { sisUserId, section: cell }: GradebookStudent,
  enrolled: readonly RosterSection[],
  courseOfName: ReadonlyMap<string, string>,
  courses: ReadonlySet<string>,
): Place {
  if (sisUserId === null) return { section: null };
  const named = enrolled.filter(
    ({ name, course_id }) => courseOfName.get(name) === course_id && namesSection(cell, name),
  );
  const candidates = named.length > 0 ? named : enrolled.filter(({ course_id }) => courses.has(course_id));
  const [section = null] = candidates;
  if (section === null) return { section, problem: NOT_ENROLLED };
  if (candidates.length === 1) return { section };
  const ids = candidates.map(({ section_id }) => section_id).sort();
  return { section, problem: `${IN_SEVERAL} ${ids.join(", ")}. ${LEAVE_ONE}` };
}

const NOBODY_KNOWN =
  "The last delivered roster has none of the export's students. Check that it is an export of this institution, and " +
  "that no spreadsheet has changed its SIS User IDs (such as 0042 to 42).";
const NO_COURSE =
  "Which course this is cannot be told: its section names are none of the roster's, or several courses of its students " +
  "have such sections. Give the sections their names of the roster in Canvas and export again.";
const NOT_ENROLLED =
  "The last delivered roster does not enroll this student in the export's course. Enroll the student in the SIS, or " +
  "remove the student from the course in Canvas.";
const IN_SEVERAL =
  "The student is in several sections, and the export does not say which a score belongs to:";
const LEAVE_ONE = "End all but one of these enrollments in the SIS.";
