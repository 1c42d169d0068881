import { afterAll, describe, expect, it } from "vitest";
import { smallDistrict } from "../night-kit.ts";
import { forgetNights, inCanvas, inSis, type Semester, someWork, startSemester } from "./semester.ts";

afterAll(forgetNights);

type Body = Record<string, unknown>;

/** What was sent, oldest first. */
function sent({ sis }: Semester, kind: "lineItem" | "result"): Body[] {
  return sis.gradebook.writes.flatMap(({ body }) => {
    const record = (body as Record<string, Body | undefined> | undefined)?.[kind];
    return record === undefined ? [] : [record];
  });
}

const lineItemNamed = (semester: Semester, title: string, classId: string) =>
  [...semester.sis.gradebook.lineItems.values()].find(
    (item) => item.title === title && item.class.sourcedId === classId,
  )!;

/** The result of the first assignment that `someWork` gives. */
function resultOf(semester: Semester, student: string) {
  const { section, first } = someWork(semester);
  const item = lineItemNamed(semester, first.name, section.sis_id!);
  return [...semester.sis.gradebook.results.values()].find(
    (result) => result.lineItem.sourcedId === item.sourcedId && result.student.sourcedId === student,
  );
}

const few = { students: 30, canvas: { assignmentsPerCourse: 2 } } as const;

describe("grades.gradingPeriod", () => {
  it("by-due-date is the SIS's own period in which the work is due, and the SIS takes it", async () => {
    await using semester = await startSemester({ ...few, grades: { gradingPeriod: "by-due-date" } });
    expect((await semester.pass()).code).toBe(0);
    const { academicSessions } = smallDistrict({ students: 30, schools: 1, oddities: false });
    const periods = academicSessions.filter(({ type }) => type === "gradingPeriod");
    const bodies = sent(semester, "lineItem");
    for (const { dueDate, gradingPeriod } of bodies) {
      const day = String(dueDate).slice(0, 10);
      const period = periods.find(({ startDate, endDate }) => startDate <= day && day <= endDate);
      expect(gradingPeriod).toMatchObject({ sourcedId: period!.sourcedId, type: "academicSession" });
    }
    expect(
      new Set(bodies.map(({ gradingPeriod }) => (gradingPeriod as Body)["sourcedId"])).size,
    ).toBeGreaterThan(1);
    expect((await semester.pass()).writes).toEqual({});
  });

  it("null is sent, and omit is not", async () => {
    await using semester = await startSemester(few);
    await semester.pass();
    expect(sent(semester, "lineItem").every((body) => body["gradingPeriod"] === null)).toBe(true);
    const before = sent(semester, "lineItem").length;
    semester.configure({ gradingPeriod: "omit" });
    expect((await semester.pass()).writes["PUT lineItems"]).toBe(before);
    expect(
      sent(semester, "lineItem")
        .slice(before)
        .some((body) => "gradingPeriod" in body),
    ).toBe(false);
  });
});

describe("grades.lineItem", () => {
  it("titleMaxLength cuts titles, makes no two of them one, and changes none when others come", async () => {
    await using semester = await startSemester({
      ...few,
      gradebook: { titleMaxLength: 20, twins: "refuse" },
      grades: { lineItem: { titleMaxLength: 20 } },
    });
    const { coursework } = semester.canvas;
    const { first, second, section } = someWork(semester);
    const name = (part: string) => `Reflection on the field trip to the museum, part ${part}`;
    coursework.rename(first, name("one"));
    coursework.rename(second, name("two"));
    coursework.redate(second, { due_at: first.due_at, unlock_at: first.unlock_at });
    expect((await semester.pass()).code).toBe(0);
    const titles = () =>
      [...semester.sis.gradebook.lineItems.values()]
        .filter((item) => item.class.sourcedId === section.sis_id && item.title.startsWith("Reflection"))
        .map(({ title }) => title);
    const before = titles();
    expect(new Set(before).size).toBe(2);
    for (const title of before) expect(Array.from(title).length).toBeLessThanOrEqual(20);

    coursework.createAssignment(section.course_id, {
      name: name("three"),
      due_at: first.due_at,
      group: "Homework",
    });
    const classes = semester.sections.filter(
      (id) => coursework.school.sections.get(id).course_id === section.course_id,
    );
    expect((await semester.pass()).writes).toEqual({ "PUT lineItems": classes.length });
    expect(titles()).toEqual(expect.arrayContaining(before));
    expect(new Set(titles()).size).toBe(3);
  });

  it("values, metadata and omit are what the SIS gets, over Canvas's own data", async () => {
    await using semester = await startSemester({
      ...few,
      grades: {
        lineItem: {
          omit: ["description"],
          values: { title: "{course.name}: {assignment.name}", resultValueMin: -5 },
          metadata: {
            canvasId: "{assignment.id}",
            group: "{assignment.assignment_group.name}",
            worth: "{assignment.points_possible}",
            place: "{class.sourcedId}/{section.sis_id}",
          },
        },
        result: {
          omit: ["status", "dateLastModified"],
          values: { comment: "graded {submission.graded_at}" },
          metadata: {
            "x.late": "{submission.late}",
            entered: "{submission.entered_score}",
            who: "{student.sourcedId}",
          },
        },
      },
    });
    const { first, section, student } = someWork(semester);
    const graded = semester.canvas.coursework.grade(first, student, 6.5);
    semester.canvas.coursework.markLate(first, student);
    expect((await semester.pass()).code).toBe(0);
    const course = semester.canvas.coursework.school.courses.get(section.course_id);
    const body = sent(semester, "lineItem").find(
      ({ metadata }) =>
        (metadata as Body)["canvasId"] === String(first.id) &&
        (metadata as Body)["place"] === `${section.sis_id}/${section.sis_id}`,
    );
    expect(body).toMatchObject({
      title: `${course.name}: ${first.name}`,
      resultValueMin: -5,
      metadata: { group: "Homework", worth: first.points_possible },
    });
    expect(body).not.toHaveProperty("description");
    const result = sent(semester, "result").find(
      ({ score, student: who }) => score === 6.5 && (who as Body)["sourcedId"] === student,
    );
    expect(result).toMatchObject({
      comment: `graded ${graded.graded_at}`,
      metadata: { "x.late": true, entered: 6.5, who: student },
    });
    expect(Object.keys(result!)).not.toContain("status");
    expect(Object.keys(result!)).not.toContain("dateLastModified");
    expect((await semester.pass()).writes).toEqual({});
  });
});

describe("grades.result", () => {
  const max = (semester: Semester) => someWork(semester).first.points_possible!;

  it.each([
    ["send", (most: number) => most + 3],
    ["cap", (most: number) => most],
    ["skip", () => undefined],
  ])("overMax: %s", async (overMax, expected) => {
    await using semester = await startSemester({ ...few, grades: { result: { overMax } } });
    const { first, student } = someWork(semester);
    semester.canvas.coursework.grade(first, student, max(semester) + 3);
    expect((await semester.pass()).code).toBe(0);
    expect(resultOf(semester, student)?.score).toBe(expected(max(semester)));
    const [told] = semester.rows().filter(({ outcome }) => outcome === "skipped");
    if (overMax === "skip") expect(told?.["reason"]).toContain(`over the maximum of ${max(semester)}`);
    expect((await semester.pass()).writes).toEqual({});
  });

  it.each([
    ["send", -2],
    ["zero", 0],
    ["skip", undefined],
  ])("negative: %s", async (negative, expected) => {
    await using semester = await startSemester({ ...few, grades: { result: { negative } } });
    const { first, student } = someWork(semester);
    semester.canvas.coursework.grade(first, student, -2);
    expect((await semester.pass()).code).toBe(0);
    expect(resultOf(semester, student)?.score).toBe(expected);
  });

  it.each([
    ['"null"', "null", { score: null }],
    ["zero", "zero", { score: 0 }],
    ["omit", "omit", {}],
  ])("exemptScore: %s", async (_, exemptScore, expected) => {
    await using semester = await startSemester({ ...few, grades: { result: { exemptScore } } });
    const { first, student } = someWork(semester);
    semester.canvas.coursework.excuse(first, student);
    expect((await semester.pass()).code).toBe(0);
    const [body, ...more] = sent(semester, "result").filter(({ scoreStatus }) => scoreStatus === "exempt");
    expect(more).toEqual([]);
    expect({ ...("score" in body! ? { score: body["score"] } : {}) }).toEqual(expected);
    expect((await semester.pass()).writes).toEqual({});
  });

  it("comments and dates are not sent, unless they are wished for", async () => {
    await using semester = await startSemester(few);
    const { first, student } = someWork(semester);
    const { graded_at } = semester.canvas.coursework.grade(first, student, 6.5);
    semester.canvas.coursework.comment(first, student, "Show your work");
    await semester.pass();
    expect(sent(semester, "result").some((body) => "comment" in body || "scoreDate" in body)).toBe(false);
    semester.configure({ result: { comment: true, scoreDate: true } });
    expect((await semester.pass()).code).toBe(0);
    expect(resultOf(semester, student)).toMatchObject({
      comment: "Show your work",
      scoreDate: new Date(graded_at!).toLocaleDateString("en-CA", { timeZone: "America/Los_Angeles" }),
    });
    expect((await semester.pass()).writes).toEqual({});
  });

  it("a grade that is not posted is sent with unposted: send", async () => {
    await using semester = await startSemester({ ...few, grades: { result: { unposted: "send" } } });
    const { first, student } = someWork(semester);
    semester.canvas.coursework.grade(first, student, 6.5);
    semester.canvas.coursework.unpost(first);
    expect((await semester.pass()).code).toBe(0);
    expect(resultOf(semester, student)?.score).toBe(6.5);
  });
});

describe("grades.categories.whenUnmatched", () => {
  it.each(["default", "null"])("%s sends what has no category all the same", async (whenUnmatched) => {
    await using semester = await startSemester(few);
    const category = semester.sis.gradebook.categories.find(({ status }) => status === "active")!;
    semester.configure({ categories: { whenUnmatched, default: category.sourcedId } });
    const { first, section } = someWork(semester);
    semester.canvas.coursework.regroup(first, "Underwater basket weaving");
    expect((await semester.pass()).code).toBe(0);
    const named = whenUnmatched === "null" ? "none" : category.title;
    expect(inSis(semester)).toEqual(
      inCanvas(semester)
        .map((line) => line.replace(/ \| Underwater basket weaving$/, ` | ${named}`))
        .sort(),
    );
    expect(lineItemNamed(semester, first.name, section.sis_id!).category?.sourcedId ?? null).toBe(
      whenUnmatched === "null" ? null : category.sourcedId,
    );
  });
});
