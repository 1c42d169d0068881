import { afterAll, describe, expect, it } from "vitest";
import { forgetNights, inCanvas, inSis, type Semester, someWork, startSemester } from "./semester.ts";

afterAll(forgetNights);

/** A run after which the SIS holds what Canvas says, record by record; gives what it wrote. */
async function inStep(semester: Semester): Promise<Record<string, number>> {
  const { code, writes, stderr } = await semester.pass();
  expect(inSis(semester)).toEqual(inCanvas(semester));
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return writes;
}

describe("a semester", () => {
  it("is in the SIS as it is in Canvas, record by record, and nothing is sent a second time", async () => {
    await using semester = await startSemester();
    const first = await inStep(semester);
    expect(first["PUT lineItems"]).toBeGreaterThan(20);
    expect(first["PUT results"]).toBeGreaterThan(50);
    expect(await inStep(semester)).toEqual({});
    expect(semester.home.manifest(semester.newest()).grades).toMatchObject({
      lineItems: { sent: 0, unchanged: first["PUT lineItems"], skipped: 0, refused: 0 },
      results: { sent: 0, unchanged: first["PUT results"], refused: 0 },
    });
  });

  it("follows every change that an instructor can make, one after the other, with no more than that change", async () => {
    await using semester = await startSemester();
    await inStep(semester);
    const { coursework } = semester.canvas;
    const { first, second, student, other, third, section } = someWork(semester);

    coursework.grade(first, student, 3.25);
    expect(await inStep(semester)).toEqual({ "PUT results": 1 });

    coursework.rename(first, "Renamed: a map of Oakdale");
    expect(Object.keys(await inStep(semester))).toEqual(["PUT lineItems"]);

    coursework.redate(first, { due_at: "2026-10-14T06:59:00Z" });
    expect(Object.keys(await inStep(semester))).toEqual(["PUT lineItems"]);

    coursework.regroup(first, "Projects");
    expect(Object.keys(await inStep(semester))).toEqual(["PUT lineItems"]);

    coursework.setPoints(first, 40);
    expect(Object.keys(await inStep(semester))).toEqual(["PUT lineItems"]);

    coursework.excuse(first, student);
    expect(await inStep(semester)).toEqual({ "PUT results": 1 });

    coursework.grade(first, other, -2);
    coursework.grade(second, other, 999.5);
    expect(await inStep(semester)).toEqual({ "PUT results": 2 });

    coursework.markMissing(second, third);
    coursework.grade(second, third, 0);
    coursework.markMissing(second, third);
    await inStep(semester);

    const made = coursework.createAssignment(section.course_id, {
      name: "New: field trip",
      due_at: "2026-10-20T06:59:00Z",
    });
    coursework.regroup(made, "Homework");
    coursework.grade(made, student, 7);
    const writes = await inStep(semester);
    expect(writes["PUT results"]).toBe(1);

    coursework.redate(second, { due_at: "2026-10-21T06:59:00Z" }, { section: section.id });
    expect(await inStep(semester)).toEqual({ "PUT lineItems": 1 });
    expect(await inStep(semester)).toEqual({});
  });
});
