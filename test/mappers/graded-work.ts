/** Graded work as a source hands it over: whole and unremarkable, but for what a test says. */
import { Grades } from "../../config/schema.ts";
import type { Assignment, CanvasCourse, CanvasSection, Submission } from "../../connectors/canvas/records.ts";
import type { GradebookContext, GradesConfig } from "../../mappers/gradebook-body.ts";
import type { LineItemGround, LineItemInput } from "../../mappers/line-items.ts";
import type { ResultInput } from "../../mappers/results.ts";

export const section: CanvasSection = { id: "71", sis_id: "class-1", name: "Algebra I, period 2" };
export const course: CanvasCourse = { id: "7", sis_id: "course-1", name: "Algebra I" };
export const ground: LineItemGround = {
  classId: "class-1",
  schoolId: "school-1",
  end_date: "2027-06-12T06:59:59Z",
};

export function assignment(said: Partial<Assignment> = {}): Assignment {
  return {
    kind: "assignment",
    id: "501",
    name: "Quadratics quiz",
    points_possible: 20,
    due_at: "2026-10-03T06:59:59Z",
    assignment_group: { id: "31", name: "Quizzes" },
    ...said,
  };
}

export function total(said: Partial<Assignment> = {}): Assignment {
  return { kind: "course-grade", id: "course-grade", name: "Canvas course grade", ...said };
}

/** Graded with 17.5, and posted. */
export function submission(said: Partial<Submission> = {}): Submission {
  return { sis_user_id: "u-1", score: 17.5, graded: true, posted: true, ...said };
}

/** What nobody has graded. */
export function blank(said: Partial<Submission> = {}): Submission {
  return { sis_user_id: "u-1", graded: false, posted: true, ...said };
}

export function lineItemInput(said: Partial<LineItemInput> = {}): LineItemInput {
  const one = said.assignment ?? assignment();
  return {
    assignment: one,
    section,
    course,
    ground,
    title: one.name,
    category: { sourcedId: "cat-quiz" },
    gradingPeriod: null,
    ...said,
  };
}

export function resultInput(said: Partial<ResultInput> = {}): ResultInput {
  return {
    submission: submission(),
    assignment: assignment(),
    section,
    course,
    classId: "class-1",
    studentId: "student-1",
    ...said,
  };
}

/** The grades block of a configuration that says only this much. */
export function grades(said: object = {}): GradesConfig {
  return Grades.parse({ source: { kind: "gradebook-csv", path: "exports" }, ...said });
}

export function context(said: Partial<GradebookContext> = {}): GradebookContext {
  return {
    base: "https://sis.example.org/ims/oneroster/v1p1",
    canvasUrl: "https://oakdale.instructure.com",
    version: "1.1",
    timezone: "America/Los_Angeles",
    ...said,
  };
}
