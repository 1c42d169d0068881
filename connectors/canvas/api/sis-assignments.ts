/** What Canvas's SIS Integration API says of the assignments that instructors set to "Sync to SIS". */
import { z } from "zod";
import type { CanvasClient } from "./client.ts";
import { incomplete, notCanvas } from "./failures.ts";
import { canvasId, sisId } from "./ids.ts";
import { pagesOf } from "./pages.ts";

const SisCourse = z.object({ id: canvasId, name: z.string().nullish(), sis_id: sisId });

const SisSection = z.object({
  id: canvasId,
  name: z.string().nullish(),
  sis_id: sisId,
  /** The course that the SIS put the section into, also when it was cross-listed since. */
  origin_course: SisCourse,
  override: z.record(z.string(), z.unknown()).nullish(),
});
export type SisSection = z.output<typeof SisSection>;

/** What must be readable to know whose assignment it is; the rest is read later, and told where it is not. */
const SisAssignment = z.looseObject({
  id: canvasId,
  course_id: canvasId,
  sections: z.array(SisSection),
});
export type SisAssignment = z.output<typeof SisAssignment>;

/** All assignments of one course, as it is taught in Canvas. */
export interface CourseAssignments {
  course_id: string;
  assignments: SisAssignment[];
}

/**
 * Course by course, as soon as one is complete: Canvas gives an account's assignments in the order of their courses
 * (canvas-lms SisApiController).
 * @throws Failure when a course comes again after others, with something new: then something was moved meanwhile
 */
export async function* assignmentsByCourse(
  client: CanvasClient,
  list: URL,
  signal: AbortSignal,
): AsyncGenerator<CourseAssignments> {
  const doneCourses = new Set<string>();
  const seen = new Set<string>();
  let course: CourseAssignments | undefined;

  for await (const { url, entries } of pagesOf(client, list, signal)) {
    for (const entry of entries) {
      const assignment = readAssignment(entry, url);
      // A list that grows while it is read shows again what moved to the next page.
      if (seen.has(assignment.id)) continue;
      seen.add(assignment.id);
      if (course?.course_id === assignment.course_id) {
        course.assignments.push(assignment);
        continue;
      }
      if (doneCourses.has(assignment.course_id)) {
        throw incomplete(
          url,
          `came back to course ${assignment.course_id}: the list changed while it was read`,
        );
      }
      if (course !== undefined) yield course;
      doneCourses.add(assignment.course_id);
      course = { course_id: assignment.course_id, assignments: [assignment] };
    }
  }
  if (course !== undefined) yield course;
}

function readAssignment(entry: unknown, url: URL): SisAssignment {
  const { data, error } = SisAssignment.safeParse(entry);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw notCanvas(url, `gave an assignment whose ${issue?.path.join(".") || "JSON"} cannot be read`);
}
