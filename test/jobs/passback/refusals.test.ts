import { afterAll, describe, expect, it } from "vitest";
import { forgetNights, inCanvas, inSis, someWork, startSemester } from "./semester.ts";

afterAll(forgetNights);

describe("what the SIS refuses", () => {
  it("is told in its own words with what to do, and everything else arrives", async () => {
    await using semester = await startSemester();
    const { section, first, student } = someWork(semester);
    const words = "422 Invalid Due Date: the grading window is closed";
    semester.sis.gradebook.refuse({
      kind: "lineItem",
      match: ({ title }) => title === first.name,
      status: 422,
      words,
    });
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    expect(grades.lineItems.refused).toBeGreaterThan(0);
    expect(grades.reasons).toEqual([
      {
        reason: "the SIS refused the line item (422)",
        count: grades.lineItems.refused + grades.results.skipped,
      },
    ]);

    const lineItem = semester
      .rows()
      .find((row) => row["class"] === section.sis_id && row["outcome"] === "refused");
    expect(lineItem).toMatchObject({
      record: "lineItem",
      title: first.name,
      sis_message: expect.stringContaining(words) as unknown,
    });
    expect(lineItem?.["hint"]).not.toBe("");
    const result = semester
      .rows()
      .find((row) => row["assignment"] === String(first.id) && row["student"] === student);
    expect(result).toMatchObject({
      record: "result",
      outcome: "skipped",
      sis_message: expect.stringContaining(words) as unknown,
    });

    const rest = inCanvas(semester).filter((line) => !line.includes(` ${first.name} |`));
    expect(inSis(semester)).toEqual(rest);
    const page = semester.page(section.sis_id!);
    expect(page).toContain("WHAT DID NOT REACH THE SIS");
    expect(page).toContain(words);
    expect(page).toContain(first.name);
    for (const { name } of semester.canvas.coursework.students(section.id)) expect(page).not.toContain(name);
  });

  it("is tried again by the next run and by rerun, and then the run is well", async () => {
    await using semester = await startSemester();
    const { student } = someWork(semester);
    const lift = semester.sis.gradebook.refuse({
      kind: "result",
      match: (body) => (body["student"] as { sourcedId?: string } | undefined)?.sourcedId === student,
      status: 404,
      words: "Student does not belong to this class",
    });
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    expect(grades.results.refused).toBeGreaterThan(0);
    const again = await semester.pass();
    expect(again.grades.results).toMatchObject({ sent: 0, refused: grades.results.refused });

    lift();
    const run = semester.newest();
    const { code: rerun, writes } = await semester.rerun();
    expect(semester.newest()).toBe(run);
    expect({ rerun, writes }).toEqual({ rerun: 0, writes: { "PUT results": grades.results.refused } });
    expect(semester.home.manifest(run)).toMatchObject({ status: "ok", exitCode: 0 });
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it("does not matter when it comes as 429 and 503 among the PUTs: they are sent again, once", async () => {
    await using semester = await startSemester({ students: 12, source: { retries: 4 } });
    semester.sis.failNext({
      path: /\/(lineItems|results)\/[^/]+$/,
      after: 5,
      times: 2,
      answer: { status: 429, headers: { "retry-after": "0" } },
    });
    semester.sis.failNext({ path: /\/results\/[^/]+$/, after: 12, times: 3, answer: { status: 503 } });
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });
});

describe("a SIS that answers 200 and stores nothing", () => {
  it("is found out by reading back, and told; nothing counts as sent", async () => {
    await using semester = await startSemester();
    semester.sis.gradebook.storesNothing = true;
    const { code, grades, stderr } = await semester.pass();
    expect(code).toBe(6);
    expect(grades.lineItems).toMatchObject({ sent: 0, refused: grades.lineItems.refused });
    expect(grades.lineItems.refused).toBeGreaterThan(20);
    expect(grades.results.sent).toBe(0);
    expect(grades.reasons[0]?.reason).toContain("stored nothing");
    expect(stderr).toContain("read back");
    expect(semester.rows().every(({ outcome }) => outcome !== "sent")).toBe(true);

    semester.sis.gradebook.storesNothing = false;
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it("is found out when it only keeps what it had before", async () => {
    await using semester = await startSemester();
    await semester.pass();
    const { first, student } = someWork(semester);
    semester.canvas.coursework.grade(first, student, 1.5);
    semester.sis.gradebook.storesNothing = true;
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    expect(grades.results).toMatchObject({ sent: 0, refused: 1 });
    semester.sis.gradebook.storesNothing = false;
    expect((await semester.pass()).writes).toEqual({ "PUT results": 1 });
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it("is found out when it only keeps what it had of work that was deleted in Canvas and made again", async () => {
    await using semester = await startSemester();
    const { coursework } = semester.canvas;
    const { first, student, section } = someWork(semester);
    const { name, due_at, points_possible, assignment_group_id } = first;
    const group = coursework.groups(section.course_id).find(({ id }) => id === assignment_group_id)!.name;
    coursework.grade(first, student, 9);
    await semester.pass();
    coursework.deleteAssignment(first);
    const made = coursework.createAssignment(section.course_id, { name, due_at, points_possible, group });
    coursework.grade(made, student, 1.5);
    semester.sis.gradebook.losesResultsOf.add(student);
    expect(await semester.pass()).toMatchObject({ code: 6, grades: { results: { sent: 0, refused: 1 } } });
    semester.sis.gradebook.losesResultsOf.clear();
    expect((await semester.pass()).writes).toEqual({ "PUT results": 1 });
  });

  it("is found out when it removes nothing either, and is asked again", async () => {
    await using semester = await startSemester({ grades: { whenCleared: "delete" } });
    const { first, student } = someWork(semester);
    semester.canvas.coursework.grade(first, student, 1.5);
    await semester.pass();
    semester.canvas.coursework.clear(first, student);
    semester.sis.gradebook.storesNothing = true;
    for (const time of ["at first", "and again"]) {
      const { code, grades, writes } = await semester.pass();
      expect({ time, code, writes }).toEqual({ time, code: 6, writes: { "DELETE results": 1 } });
      expect(grades.reasons).toEqual([
        { reason: expect.stringContaining("still has it") as unknown, count: 1 },
      ]);
      expect(grades.results).toMatchObject({ sent: 0, refused: 1 });
    }
    semester.sis.gradebook.storesNothing = false;
    expect(await semester.pass()).toMatchObject({ code: 0, writes: { "DELETE results": 1 } });
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });

  it("for some students only is found out as soon as one of them is in the sample, in the classes before too", async () => {
    await using semester = await startSemester({ students: 40 });
    const students = new Set<string>();
    for (const id of semester.sections) {
      for (const { sis_id } of semester.canvas.coursework.students(id).slice(0, 1))
        students.add(sis_id ?? "");
    }
    for (const student of students) semester.sis.gradebook.losesResultsOf.add(student);
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    const lost = inCanvas(semester).filter((line) =>
      [...students].some((student) => line.includes(` | ${student}: `)),
    );
    expect(grades.results.refused).toBe(lost.length);
    expect(inSis(semester)).toEqual(inCanvas(semester).filter((line) => !lost.includes(line)));
  });
});
