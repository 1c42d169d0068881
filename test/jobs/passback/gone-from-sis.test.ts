import { afterAll, describe, expect, it } from "vitest";
import { forgetNights, inCanvas, inSis, type Semester, someWork, startSemester } from "./semester.ts";

afterAll(forgetNights);

const MODIFIED = { gradebook: { endpoints: "modified" }, grades: { endpoints: "modified" } } as const;

function lineItemOf({ sis }: Semester, title: string, classId: string): string {
  const found = [...sis.gradebook.lineItems.values()].find(
    (item) => item.title === title && item.class.sourcedId === classId,
  );
  return found!.sourcedId;
}

function courseOf({ canvas }: Semester, course: number): string {
  return canvas.coursework.school.courses.get(course).sis_id ?? "";
}

function resultOf({ sis }: Semester, lineItem: string, student: string): string {
  const found = [...sis.gradebook.results.values()].find(
    (result) => result.lineItem.sourcedId === lineItem && result.student.sourcedId === student,
  );
  return found!.sourcedId;
}

describe("a result that somebody deleted in a SIS that gives its own ids", () => {
  it("is made anew once it changes in Canvas", async () => {
    await using semester = await startSemester(MODIFIED);
    await semester.pass();
    const { section, first, student } = someWork(semester);
    const lineItem = lineItemOf(semester, first.name, section.sis_id!);
    semester.sis.gradebook.remove("result", resultOf(semester, lineItem, student));
    semester.canvas.coursework.grade(first, student, 3);
    expect((await semester.pass()).code).toBe(6);
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });
});

describe.each([
  ["gives its own ids", MODIFIED],
  ["takes ours", {}],
])("a line item that somebody deleted in a SIS that %s", (_, options) => {
  it("is made anew with all its results by --remaster", async () => {
    await using semester = await startSemester(options);
    await semester.pass();
    const { section, first } = someWork(semester);
    semester.sis.gradebook.remove("lineItem", lineItemOf(semester, first.name, section.sis_id!));
    const course = courseOf(semester, section.course_id);
    expect((await semester.pass("--course", course, "--remaster")).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });

  it("is found to be gone by a grade that is refused, and made anew by the next run", async () => {
    await using semester = await startSemester(options);
    await semester.pass();
    const { section, first, student } = someWork(semester);
    semester.sis.gradebook.remove("lineItem", lineItemOf(semester, first.name, section.sis_id!));
    semester.canvas.coursework.grade(first, student, 3);
    expect((await semester.pass()).code).toBe(6);
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });

  it("has all its results again when the run that made it anew failed before them", async () => {
    await using semester = await startSemester({ ...options, source: { retries: 0 } });
    await semester.pass();
    const { section, first } = someWork(semester);
    semester.sis.gradebook.remove("lineItem", lineItemOf(semester, first.name, section.sis_id!));
    const course = courseOf(semester, section.course_id);
    const results = new RegExp(`/classes/${section.sis_id!}/results`);
    semester.sis.failNext({ path: results, answer: { status: 503 } });
    expect((await semester.pass("--course", course, "--remaster")).code).toBe(3);
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });
});
