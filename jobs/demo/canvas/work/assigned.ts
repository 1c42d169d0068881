/** Whose an assignment is, and when it is due for whom: its own dates, a section's, or a student's. */
import type { Assignment, Dates, Override } from "../records.ts";
import type { School } from "../school.ts";

/** The sections of a course in which each of its students is; those who were dropped are in none. */
export function placesOf(school: School, course: number): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const section of school.sectionsOf(course)) {
    for (const { user_id, type, workflow_state } of school.enrollmentsOfSection(section.id)) {
      if (type !== "StudentEnrollment" && type !== "StudentViewEnrollment") continue;
      if (workflow_state === "deleted" || workflow_state === "inactive") continue;
      const there = places.get(user_id);
      if (there === undefined) places.set(user_id, [section.id]);
      else there.push(section.id);
    }
  }
  return places;
}

/** @param sections those of the course in which the user is a student */
export function isAssigned(assignment: Assignment, user: number, sections: readonly number[]): boolean {
  if (!assignment.only_visible_to_overrides) return true;
  return assignment.overrides.some((override) => isFor(override, user, sections));
}

/** A student's own dates come first, then the section's, of several the latest; else everybody's. */
export function datesFor(assignment: Assignment, user: number, sections: readonly number[]): Dates {
  const own = assignment.overrides.find(
    (override) => override.set_type === "ADHOC" && override.student_ids.includes(user),
  );
  return own ?? sectionDates(assignment, sections) ?? assignment;
}

function sectionDates({ overrides }: Assignment, sections: readonly number[]): Override | undefined {
  return overrides
    .filter((override) => override.set_id !== null && sections.includes(override.set_id))
    .sort((one, other) => lateness(other) - lateness(one))[0];
}

/** No due date is the latest of all. */
function lateness({ due_at }: Dates): number {
  return due_at === null ? Number.POSITIVE_INFINITY : Date.parse(due_at);
}

function isFor(override: Override, user: number, sections: readonly number[]): boolean {
  return override.set_type === "ADHOC"
    ? override.student_ids.includes(user)
    : override.set_id !== null && sections.includes(override.set_id);
}
