import { afterAll, describe, expect, it } from "vitest";
import { forgetNights, inCanvas, inSis, someWork, startSemester } from "./semester.ts";

afterAll(forgetNights);

const few = { canvas: { assignmentsPerCourse: 2 } } as const;

describe("a SIS that stores under sourcedIds of its own", () => {
  it.each(["body", "pairs", "pairs-object", "location"] as const)(
    "and tells them by %s is updated under those, and nothing is there twice",
    async (allocate) => {
      await using semester = await startSemester({ ...few, gradebook: { renames: true, allocate } });
      expect((await semester.pass()).code).toBe(0);
      expect(inSis(semester)).toEqual(inCanvas(semester));
      const { lineItems, results } = semester.sis.gradebook;
      const counts = [lineItems.size, results.size];
      expect((await semester.pass()).writes).toEqual({});

      const { coursework } = semester.canvas;
      const { first, student, section } = someWork(semester);
      coursework.rename(first, "Renamed in Canvas");
      coursework.grade(first, student, 3.25);
      const classes = semester.sections.filter(
        (id) => coursework.school.sections.get(id).course_id === section.course_id,
      );
      expect((await semester.pass()).writes).toEqual({ "PUT lineItems": classes.length, "PUT results": 1 });
      expect(inSis(semester)).toEqual(inCanvas(semester));
      expect([lineItems.size, results.size]).toEqual(counts);
    },
  );
});

describe("a SIS whose PUT only replaces", () => {
  it("is told of in its own words, with the setting that helps, and goes on with what it has", async () => {
    await using semester = await startSemester({ ...few, gradebook: { updatesOnly: true } });
    const { section, first, student } = someWork(semester);
    const category = semester.sis.gradebook.categories.find(({ title }) => title === "Homework")!;
    const theirs = semester.sis.gradebook.addLineItem({
      classId: section.sis_id!,
      title: first.name,
      dueDate: first.due_at!,
      category: category.sourcedId,
    });
    const score = semester.sis.gradebook.addResult({ lineItem: theirs, student, score: 1 });
    semester.canvas.coursework.grade(first, student, 6.5);
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    expect(semester.sis.gradebook.results.get(score)?.score).toBe(6.5);
    expect(semester.sis.gradebook.lineItems.size).toBe(1);
    expect(grades.reasons.map(({ reason }) => reason)).toContain("the SIS refused the line item (404)");
    const refused = semester.rows().filter(({ outcome }) => outcome === "refused");
    expect(refused.filter(({ hint }) => !hint?.includes("set grades.endpoints: modified"))).toEqual([]);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused.every((row) => row["sis_message"] !== "")).toBe(true);
  });
});
