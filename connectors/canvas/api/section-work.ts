/** From the assignments of a course to those of each of its sections, with the dates that hold there. Pure. */
import { z } from "zod";
import type { Assignment, CanvasCourse, CanvasSection } from "../records.ts";
import { canvasId, compareIds, sisId } from "./ids.ts";
import { instant, sameInstant } from "./instants.ts";
import type { CourseAssignments, SisAssignment, SisSection } from "./sis-assignments.ts";

export interface SectionWork {
  section: CanvasSection;
  course: CanvasCourse;
  assignments: AssignmentWork[];
}

export interface AssignmentWork {
  assignment: Assignment;
  /** Canvas's ids of the students who have a due date of their own. */
  apart: ReadonlySet<string>;
  /** It is not this section's: at most for these students of it, by name, if any of them is in it. */
  only?: ReadonlySet<string>;
}

const Dates = z.object({ due_at: instant, unlock_at: instant, lock_at: instant });
type Dates = z.output<typeof Dates>;

const Details = z.object({
  name: z.string().trim().min(1),
  points_possible: z.number().nullish(),
  assignment_group: z.object({ id: canvasId, name: z.string().nullish(), sis_source_id: sisId }).nullish(),
});

const UserOverrides = z
  .array(
    z.object({
      due_at: instant,
      students: z.array(z.object({ user_id: canvasId })).min(1),
    }),
  )
  .nullish();

/** What templates may speak of, beside what every assignment has. */
const MORE = [
  "submission_types",
  "sis_assignment_id",
  "integration_id",
  "integration_data",
  "include_in_final_grade",
  "created_at",
  "course_id",
];

/**
 * Sections and their assignments in the order of their ids. An assignment for single students alone is in no section:
 * it comes with a section that the SIS does not know, so that it is told.
 * @param canvasUrl where assignments are looked at
 */
export function sectionWork({ course_id, assignments }: CourseAssignments, canvasUrl: URL): SectionWork[] {
  const sections = new Map<string, SectionWork>();
  const alone: AssignmentWork[] = [];
  for (const raw of assignments.toSorted((a, b) => compareIds(a.id, b.id))) {
    if (raw.sections.length === 0) alone.push({ assignment: plain(raw, canvasUrl), apart: new Set() });
    for (const section of raw.sections) {
      const work = sections.get(section.id) ?? emptyWork(section);
      sections.set(section.id, work);
      work.assignments.push(inSection(raw, section, canvasUrl));
    }
  }
  for (const raw of assignments) elsewhere(raw, sections, canvasUrl);
  const inOrder = [...sections.values()].sort((a, b) => compareIds(a.section.id ?? "", b.section.id ?? ""));
  if (alone.length === 0) return inOrder;
  // A course of which every section is taught in another one has nobody in it, and nothing to be mended.
  const isEmpty = sections.size === 0 && assignments.every(({ user_overrides }) => !hasSome(user_overrides));
  if (!isEmpty) for (const { assignment } of alone) assignment.problem = FOR_SOME;
  const own = inOrder.find(({ course }) => course.id === course_id)?.course;
  return [
    ...inOrder,
    { section: { sis_id: null }, course: own ?? { id: course_id, sis_id: null }, assignments: alone },
  ];
}

/**
 * An assignment of some sections may be given to single students of the others too, and Canvas does not say in which
 * section a student is.
 */
function elsewhere(raw: SisAssignment, sections: ReadonlyMap<string, SectionWork>, canvasUrl: URL): void {
  const students = UserOverrides.safeParse(raw.user_overrides).data?.flatMap((override) => override.students);
  if (raw.sections.length === 0 || students === undefined || students.length === 0) return;
  const only = new Set(students.map(({ user_id }) => user_id));
  const own = new Set(raw.sections.map(({ id }) => id));
  for (const [id, { assignments }] of sections) {
    if (own.has(id)) continue;
    assignments.push({ assignment: plain(raw, canvasUrl), apart: new Set(), only });
    assignments.sort((a, b) => compareIds(a.assignment.id, b.assignment.id));
  }
}

export const FOR_SOME =
  "It is assigned to single students or groups, and the SIS knows only whole sections. Assign it to everyone or to sections in Canvas.";

function hasSome(overrides: unknown): boolean {
  return Array.isArray(overrides) && overrides.length > 0;
}

function emptyWork({ id, name, sis_id, origin_course: course }: SisSection): SectionWork {
  return {
    section: { id, sis_id, ...(name != null && { name }) },
    course: { id: course.id, sis_id: course.sis_id, ...(course.name != null && { name: course.name }) },
    assignments: [],
  };
}

/** "The override object's keys/values can be merged with the top level assignment object" (SIS Integration API). */
function inSection(raw: SisAssignment, section: SisSection, canvasUrl: URL): AssignmentWork {
  const assignment = plain(raw, canvasUrl);
  const dates = Dates.safeParse({ ...raw, ...section.override });
  if (!dates.success) assignment.problem ??= unreadable(dates.error);
  else Object.assign(assignment, withoutAbsent(dates.data));

  const overrides = UserOverrides.safeParse(raw.user_overrides);
  if (!overrides.success) {
    assignment.problem ??=
      "Some students have due dates of their own, and Canvas does not say who. Give it one due date for the whole section in Canvas.";
    return { assignment, apart: new Set() };
  }
  const apart = (overrides.data ?? []).filter(
    ({ due_at }) => due_at === undefined || !sameInstant(due_at, assignment.due_at),
  );
  return {
    assignment,
    apart: new Set(apart.flatMap(({ students }) => students.map(({ user_id }) => user_id))),
  };
}

/** The assignment without its dates. */
function plain(raw: SisAssignment, canvasUrl: URL): Assignment {
  const address = new URL(`courses/${raw.course_id}/assignments/${raw.id}`, canvasUrl).href;
  const more = Object.fromEntries(MORE.filter((key) => raw[key] != null).map((key) => [key, raw[key]]));
  const base = { kind: "assignment", id: raw.id, html_url: address, more } as const;
  const { data, error } = Details.safeParse(raw);
  if (data === undefined) {
    const name = typeof raw.name === "string" ? raw.name : "";
    return { ...base, name, problem: unreadable(error) };
  }
  const { name, points_possible, assignment_group: group } = data;
  return {
    ...base,
    name,
    ...(points_possible != null && { points_possible }),
    ...(group != null && {
      assignment_group: withoutAbsent({
        id: group.id,
        name: group.name ?? undefined,
        sis_source_id: group.sis_source_id ?? undefined,
      }),
    }),
  };
}

function unreadable({ issues }: z.ZodError): string {
  const field = issues[0]?.path.join(".") ?? "";
  return `Canvas gives its ${field || "details"} in a form that cannot be read. Open it in Canvas, save it again, and tell Canvas's support if that does not help.`;
}

function withoutAbsent<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
