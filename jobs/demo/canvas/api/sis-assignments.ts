/** Assignments for the SIS, with their sections. Source: Canvas API, SIS Integration; Canvas's sis_assignment.rb. */
import { type Answer, jsonAnswer } from "../../sis/answers.ts";
import { badRequest, forbidden, notFound } from "../answers.ts";
import { pageOf } from "../pages.ts";
import type { Assignment, Course, Override, Section } from "../records.ts";
import type { School } from "../school.ts";
import { assignmentsOf, type WorkState } from "../work/state.ts";
import { type ApiCall, find, listed } from "./call.ts";

const NOT_ENABLED =
  "A SIS integration is not configured and the bulk SIS Grade Export feature is not enabled";
const NOT_PUBLISHED = "Grade data is not available for non-published courses";

/** GET /api/sis/accounts/:id/assignments: of the published courses of the account and those below it. */
export function sisAssignmentsOfAccount(call: ApiCall, ref: string): Answer {
  const { school } = call.state;
  const account = find(school, "account", ref);
  if (account === undefined) return notFound();
  if (call.quirks.has("no-rights")) return forbidden();
  if (!call.sisExport) return badRequest("not_enabled", NOT_ENABLED);
  const below = accountsUnder(school, account.id);
  const courses = [...school.courses.all()]
    .filter((course) => below.has(course.account_id) && isPublished(course) && isInTime(call, course))
    .sort((one, other) => one.id - other.id);
  return list(call, `/api/sis/accounts/${account.id}/assignments`, courses);
}

/** GET /api/sis/courses/:id/assignments */
export function sisAssignmentsOfCourse(call: ApiCall, ref: string): Answer {
  const course = find(call.state.school, "course", ref);
  if (course === undefined || course.workflow_state === "deleted") return notFound();
  if (call.quirks.has("no-rights")) return forbidden();
  if (!call.sisExport || !course.sis_grade_export) return badRequest("not_enabled", NOT_ENABLED);
  if (!isPublished(course)) return badRequest("unpublished_course", NOT_PUBLISHED);
  return list(call, `/api/sis/courses/${course.id}/assignments`, [course]);
}

function isPublished(course: Course): boolean {
  return course.workflow_state === "available" || course.workflow_state === "completed";
}

function isInTime({ query, state }: ApiCall, course: Course): boolean {
  const { start_at, end_at } = state.school.terms.get(course.term_id);
  const before = Date.parse(query.get("starts_before") ?? "");
  const after = Date.parse(query.get("ends_after") ?? "");
  const starts = Number.isNaN(before) || start_at === null || Date.parse(start_at) < before;
  return starts && (Number.isNaN(after) || end_at === null || Date.parse(end_at) > after);
}

function accountsUnder(school: School, top: number): Set<number> {
  const under = new Set([top]);
  for (let known = 0; known !== under.size;) {
    known = under.size;
    for (const { id, parent_id } of school.accounts.all()) {
      if (parent_id !== null && under.has(parent_id)) under.add(id);
    }
  }
  return under;
}

function list(call: ApiCall, path: string, courses: readonly Course[]): Answer {
  const assignments = courses.flatMap((course) =>
    assignmentsOf(call.state, course.id).filter(
      (each) => each.workflow_state === "published" && each.post_to_sis,
    ),
  );
  const { query, maxPageSize: maximum } = call;
  const page = pageOf(assignments, { address: call.origin + path, query, maximum, by: "number" });
  if (page === undefined) return notFound();
  const withStudents = listed(query, "include").includes("student_overrides");
  const records = page.records.map((each) => sisAssignment(call.state, each, withStudents));
  return jsonAnswer(200, records, { link: page.link });
}

function sisAssignment(state: WorkState, assignment: Assignment, withStudents: boolean): object {
  const group = state.groups.get(assignment.assignment_group_id);
  const { overrides } = assignment;
  const studentOverrides = overrides.filter((override) => override.set_type === "ADHOC");
  return {
    id: assignment.id,
    created_at: assignment.created_at,
    due_at: assignment.due_at,
    unlock_at: assignment.unlock_at,
    lock_at: assignment.lock_at,
    points_possible: assignment.points_possible,
    integration_id: assignment.integration_id,
    integration_data: {},
    sis_assignment_id: assignment.sis_assignment_id,
    name: assignment.name,
    course_id: assignment.course_id,
    submission_types: assignment.submission_types,
    include_in_final_grade: !assignment.omit_from_final_grade && assignment.grading_type !== "not_graded",
    ...(group === undefined
      ? {}
      : {
          assignment_group: {
            id: group.id,
            name: group.name,
            group_weight: group.group_weight,
            sis_source_id: group.sis_source_id,
            integration_data: {},
          },
        }),
    sections: sectionsFor(state.school, assignment).map((section) =>
      sectionJson(state.school, section, overrides),
    ),
    ...(withStudents
      ? { user_overrides: studentOverrides.map((override) => studentsJson(state.school, override)) }
      : {}),
  };
}

/** An assignment for some sections only names those; for some students only, none. */
function sectionsFor(school: School, assignment: Assignment): Section[] {
  const sections = school.sectionsOf(assignment.course_id);
  if (!assignment.only_visible_to_overrides) return sections;
  return sections.filter(({ id }) => assignment.overrides.some((override) => override.set_id === id));
}

function sectionJson(school: School, section: Section, overrides: readonly Override[]): object {
  const override = overrides.find((each) => each.set_id === section.id);
  const { nonxlist_course_id } = section;
  return {
    id: section.id,
    name: section.name,
    integration_id: null,
    sis_id: section.sis_id,
    origin_course: courseJson(school.courses.get(nonxlist_course_id ?? section.course_id)),
    ...(nonxlist_course_id === null
      ? {}
      : { xlist_course: courseJson(school.courses.get(section.course_id)) }),
    ...(override === undefined
      ? {}
      : { override: { id: override.id, override_title: override.title, ...datesJson(override) } }),
  };
}

function courseJson({ id, name, sis_id }: Course): object {
  return { id, name, integration_id: null, sis_id };
}

function studentsJson(school: School, override: Override): object {
  return {
    id: override.id,
    title: override.title,
    ...datesJson(override),
    students: override.student_ids.map((id) => ({ user_id: id, sis_user_id: school.users.get(id).sis_id })),
  };
}

function datesJson({ due_at, unlock_at, lock_at }: Override): object {
  return { due_at, unlock_at, lock_at };
}
