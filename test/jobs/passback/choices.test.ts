import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { forgetNights, inCanvas, inSis, type Semester, someWork, startSemester } from "./semester.ts";

afterAll(forgetNights);

describe("a score that is taken back in Canvas", () => {
  it("stays in the SIS with whenCleared: keep, and is told", async () => {
    await using semester = await startSemester();
    await semester.pass();
    const { first, student } = someWork(semester);
    const before = inSis(semester);
    semester.canvas.coursework.clear(first, student);
    const { code, writes } = await semester.pass();
    expect({ code, writes }).toEqual({ code: 0, writes: {} });
    expect(inSis(semester)).toEqual(before);
    const told = semester
      .rows()
      .find((row) => row["assignment"] === String(first.id) && row["student"] === student);
    expect(told?.["reason"]).toContain("taken back in Canvas");
  });

  it("is overwritten with whenCleared: clear, once", async () => {
    await using semester = await startSemester({ grades: { whenCleared: "clear" } });
    await semester.pass();
    const { first, student } = someWork(semester);
    const cleared = () =>
      inSis(semester).filter(
        (line) => line.includes(first.name) && line.endsWith(`${student}: none (not submitted)`),
      );
    expect(cleared()).toEqual([]);
    semester.canvas.coursework.clear(first, student);
    expect((await semester.pass()).writes).toEqual({ "PUT results": 1 });
    expect(cleared()).toHaveLength(1);
    expect((await semester.pass()).writes).toEqual({});
  });

  it("is taken out of the SIS with whenCleared: delete, once", async () => {
    await using semester = await startSemester({ grades: { whenCleared: "delete" } });
    await semester.pass();
    const { first, student } = someWork(semester);
    semester.canvas.coursework.clear(first, student);
    expect((await semester.pass()).writes).toEqual({ "DELETE results": 1 });
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
    semester.canvas.coursework.grade(first, student, 4);
    expect((await semester.pass()).writes).toEqual({ "PUT results": 1 });
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it.each(["keep", "clear", "delete"])(
    "after the SIS had refused it is none, with whenCleared: %s",
    async (whenCleared) => {
      await using semester = await startSemester({ students: 12, grades: { whenCleared } });
      const { coursework } = semester.canvas;
      const [section] = semester.sections
        .map((id) => coursework.school.sections.get(id))
        .filter(({ id }) => coursework.students(id).length > 0);
      const graded = coursework.assignments(section!.course_id);
      const { sis_id: student } = coursework.students(section!.id)[0]!;
      coursework.grade(graded[0]!, student!, 4);
      const isTheirs = (body: Record<string, unknown>) => JSON.stringify(body["student"]).includes(student!);
      semester.sis.gradebook.refuse({ kind: "result", match: isTheirs, status: 422, words: "Not in class" });
      const course = coursework.school.courses.get(section!.course_id).sis_id!;
      expect((await semester.pass("--course", course)).code).toBe(6);

      for (const assignment of graded) {
        coursework.clear(assignment, student!);
        coursework.markNone(assignment, student!);
      }
      expect(await semester.pass("--course", course, "--dry-run")).toMatchObject({ code: 0 });
      expect(semester.rows().filter((row) => row["student"] === student)).toEqual([]);
      expect(await semester.pass("--course", course)).toMatchObject({ code: 0, writes: {} });
      expect(semester.rows().filter((row) => row["student"] === student)).toEqual([]);
    },
  );
});

describe("an assignment that was deleted in Canvas and made again under its name and due date", () => {
  async function madeAgain(whenCleared: string) {
    const semester = await startSemester({ grades: { whenCleared } });
    await semester.pass();
    const { coursework } = semester.canvas;
    const { section, first, student, other } = someWork(semester);
    const { name, due_at, points_possible, assignment_group_id } = first;
    const group = coursework.groups(section.course_id).find(({ id }) => id === assignment_group_id)!.name;
    coursework.deleteAssignment(first);
    const again = coursework.createAssignment(section.course_id, { name, due_at, points_possible, group });
    coursework.grade(again, other, 4);
    return { semester, again, student };
  }

  it("has no scores of the first one left in the SIS with whenCleared: delete", async () => {
    const made = await madeAgain("delete");
    await using semester = made.semester;
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });

  it("keeps them with whenCleared: keep, and tells it every night", async () => {
    const { semester: made, again, student } = await madeAgain("keep");
    await using semester = made;
    for (const writes of [{ "PUT lineItems": 1, "PUT results": 1 }, {}]) {
      expect((await semester.pass()).writes).toEqual(writes);
      const told = semester.rows().find((row) => {
        return row["assignment"] === String(again.id) && row["student"] === student;
      });
      expect(told?.["reason"]).toContain("taken back in Canvas");
    }
  });
});

describe("a grade that is hidden again", () => {
  it("stays in the SIS as it was", async () => {
    await using semester = await startSemester();
    await semester.pass();
    const { first } = someWork(semester);
    const before = inSis(semester);
    semester.canvas.coursework.unpost(first);
    expect((await semester.pass()).writes).toEqual({});
    expect(inSis(semester)).toEqual(before);
  });
});

describe("a category", () => {
  it("that somebody gave the line item in the SIS stays where it is sticky, night after night", async () => {
    await using semester = await startSemester({ grades: { categories: { sticky: true } } });
    await semester.pass();
    const { gradebook } = semester.sis;
    const { section, first } = someWork(semester);
    const item = [...gradebook.lineItems.values()].find(
      ({ title, class: { sourcedId } }) => title === first.name && sourcedId === section.sis_id,
    );
    const other = gradebook.categories.find(
      ({ sourcedId, status }) => status === "active" && sourcedId !== item?.category?.sourcedId,
    );
    gradebook.editLineItem(item!.sourcedId, {
      category: { ...item!.category!, sourcedId: other!.sourcedId },
    });
    expect((await semester.pass()).writes).toEqual({});

    const name = "Renamed, and still where the teacher put it";
    semester.canvas.coursework.rename(first, name);
    const passed = await semester.pass();
    expect({
      code: passed.code,
      refused: semester.rows().filter(({ outcome }) => outcome === "refused"),
    }).toEqual({
      code: 0,
      refused: [],
    });
    expect(gradebook.lineItems.get(item!.sourcedId)).toMatchObject({
      title: name,
      category: { sourcedId: other!.sourcedId },
    });
    expect((await semester.pass()).writes).toEqual({});
  });

  it("that the SIS does not have is told with those that it has", async () => {
    await using semester = await startSemester();
    const { first, section } = someWork(semester);
    semester.canvas.coursework.regroup(first, "Underwater basket weaving");
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    expect(grades.reasons[0]?.reason).toContain("Homework");
    expect(semester.page(section.sis_id!)).toContain("Underwater basket weaving");
    expect(inSis(semester)).toEqual(
      inCanvas(semester).filter(
        (line) => !line.includes(` ${first.name} | ${new Date(first.due_at!).toISOString()}`),
      ),
    );
  });

  it.each(["per-class", "filter"])("is found with lookup: %s among those of the class", async (lookup) => {
    await using semester = await startSemester({
      students: 12,
      gradebook: { categories: "per-class" },
      grades: { categories: { lookup } },
    });
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });
});

describe("work that is missing", () => {
  it("is not submitted in the SIS, once; a score that somebody gave there stays, whatever the ledger knows", async () => {
    await using semester = await startSemester({ grades: { whenCleared: "clear" } });
    const { coursework } = semester.canvas;
    const { first, student } = someWork(semester);
    await semester.pass();
    coursework.clear(first, student);
    await semester.pass();
    coursework.markMissing(first, student);
    expect((await semester.pass()).writes).toEqual({});

    const ours = [...semester.sis.gradebook.results.values()].find(
      ({ student: who, score, scoreStatus, lineItem }) =>
        who.sourcedId === student &&
        score == null &&
        scoreStatus === "not submitted" &&
        semester.sis.gradebook.lineItems.get(lineItem.sourcedId)?.title === first.name,
    );
    semester.sis.gradebook.editResult(ours!.sourcedId, { score: 7, scoreStatus: "fully graded" });
    for (const file of readdirSync(semester.home.state).filter((name) => name.includes("-ledger"))) {
      rmSync(join(semester.home.state, file));
    }
    await semester.pass();
    expect(semester.sis.gradebook.results.get(ours!.sourcedId)?.score).toBe(7);
    expect((await semester.pass()).writes).toEqual({});
  });
});

describe("a status without a score that is true no more", () => {
  async function inFirstRun(change: "markMissing" | "excuse") {
    const semester = await startSemester({ canvas: { assignmentsPerCourse: 2 } });
    const { first, student, section } = someWork(semester);
    const { coursework } = semester.canvas;
    coursework.clear(first, student);
    coursework[change](first, student);
    expect((await semester.pass()).code).toBe(0);
    const { gradebook } = semester.sis;
    const held = () =>
      [...gradebook.results.values()].find(({ student: who, lineItem }) => {
        const item = gradebook.lineItems.get(lineItem.sourcedId);
        return (
          who.sourcedId === student && item?.title === first.name && item.class.sourcedId === section.sis_id
        );
      });
    const told = () =>
      semester.rows().find((row) => row["assignment"] === String(first.id) && row["student"] === student);
    return { semester, coursework, gradebook, first, student, held, told };
  }

  it("not submitted stays until there is a grade, and is told as what it is", async () => {
    const { semester, coursework, first, student, held, told } = await inFirstRun("markMissing");
    await using _ = semester;
    coursework.submit(first, student);
    coursework.markNone(first, student);
    expect(await semester.pass()).toMatchObject({ code: 0, writes: {} });
    expect(held()).toMatchObject({ scoreStatus: "not submitted", score: null });
    expect(told()).toMatchObject({ outcome: "unchanged" });
    expect(told()?.["reason"]).toBe(
      'not missing in Canvas any more, and not graded yet; the SIS keeps "not submitted" until it is',
    );
    expect(told()?.["hint"]).toContain("The next grade in Canvas replaces it");
    coursework.grade(first, student, 5);
    expect((await semester.pass()).writes).toEqual({ "PUT results": 1 });
    expect(held()).toMatchObject({ scoreStatus: "fully graded", score: 5 });
  });

  it("exempt stays while there is no other, and is told; it gives way to not submitted, once", async () => {
    const { semester, coursework, first, student, held, told } = await inFirstRun("excuse");
    await using _ = semester;
    coursework.clear(first, student);
    coursework.markNone(first, student);
    expect(await semester.pass()).toMatchObject({ code: 0, writes: {} });
    expect(told()?.["reason"]).toBe(
      'not excused in Canvas any more, and not graded yet; the SIS keeps "exempt" until it is',
    );
    coursework.markMissing(first, student);
    expect((await semester.pass()).writes).toEqual({ "PUT results": 1 });
    expect(held()).toMatchObject({ scoreStatus: "not submitted", score: null });
    expect((await semester.pass()).writes).toEqual({});
  });

  it("leaves a score that somebody gave in the SIS meanwhile, whatever is to become of it", async () => {
    const { semester, coursework, gradebook, first, student, held } = await inFirstRun("excuse");
    await using _ = semester;
    gradebook.editResult(held()!.sourcedId, { score: 7, scoreStatus: "fully graded" });
    coursework.clear(first, student);
    coursework.markMissing(first, student);
    expect((await semester.pass()).writes).toEqual({});
    coursework.markNone(first, student);
    semester.configure({ whenCleared: "delete" });
    expect((await semester.pass()).writes).toEqual({});
    expect(held()?.score).toBe(7);
  });
});

describe("people", () => {
  it("who left the class are not sent, and told; who is in Canvas alone too", async () => {
    await using semester = await startSemester();
    const { coursework } = semester.canvas;
    const { section, first, student } = someWork(semester);
    const elsewhere = semester.sections.find((id) => {
      const other = coursework.school.sections.get(id);
      return (
        other.course_id !== section.course_id &&
        !coursework.students(other.id).some(({ sis_id }) => sis_id === student)
      );
    });
    const other = coursework.school.sections.get(elsewhere!);
    coursework.enrollStudent(student, other.id);
    const [work] = coursework.assignments(other.course_id);
    coursework.grade(work!, student, 5);
    const guest = coursework.createUser("Guest", "Auditor");
    coursework.enrollStudent(guest.id, section.id);
    coursework.grade(first, guest.id, 5);

    expect((await semester.pass()).code).toBe(0);
    const told = semester.rows().filter(({ outcome }) => outcome === "skipped");
    expect(told.map(({ reason }) => reason).sort()).toEqual([
      "the student has no SIS id in Canvas, so the SIS knows no such student",
      "the student is not enrolled in this class any more, says the last delivered roster",
    ]);
    const isStrange = (line: string) => line.startsWith(elsewhere!) && line.includes(` | ${student}: `);
    expect(inSis(semester)).toEqual(inCanvas(semester).filter((line) => !isStrange(line)));
  });
});

/** A section of another course, with work of its own. */
function sectionElsewhere({ sections, canvas: { coursework } }: Semester, course: number) {
  return sections
    .map((id) => coursework.school.sections.get(id))
    .find(({ course_id }) => course_id !== course && coursework.assignments(course_id).length > 0);
}

describe("a section", () => {
  it("that is cross-listed goes to the class that it came from", async () => {
    await using semester = await startSemester();
    const { coursework } = semester.canvas;
    const { section } = someWork(semester);
    const host = sectionElsewhere(semester, section.course_id);
    coursework.crossList(section.id, host!.course_id);
    const { code } = await semester.pass();
    expect(code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it("that is cross-listed is sent with --course of the course it is taught in; with its own the log says why not", async () => {
    await using semester = await startSemester();
    const { coursework } = semester.canvas;
    const { section } = someWork(semester);
    const host = sectionElsewhere(semester, section.course_id);
    const nameOf = (course: number) => coursework.school.courses.get(course).sis_id ?? "";
    const own = nameOf(section.course_id);
    coursework.crossList(section.id, host!.course_id);

    const { writes, stderr } = await semester.pass("--course", own);
    expect(writes).toEqual({});
    expect(stderr).toContain(`Canvas gave no work of the course ${own}`);
    expect(stderr).toContain("cross-listed");

    const taught = await semester.pass("--course", nameOf(host!.course_id));
    expect(taught.stderr).not.toContain("Canvas gave no work");
    const classes = new Set(semester.rows().map((row) => row["class"]));
    expect(classes).toEqual(new Set([section.sis_id, host!.sis_id]));
  });

  it("that was made in Canvas is no trouble, and is told", async () => {
    await using semester = await startSemester();
    const { section } = someWork(semester);
    semester.sections.splice(semester.sections.indexOf(section.sis_id!), 1);
    section.sis_id = null;
    expect((await semester.pass()).code).toBe(0);
    const told = semester.rows().filter(({ outcome }) => outcome === "skipped");
    expect([...new Set(told.map(({ reason }) => reason))]).toEqual([
      "the section was made in Canvas and is no class of the SIS",
    ]);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it("that the roster does not have is told, and nothing of it is sent", async () => {
    await using semester = await startSemester();
    const { coursework } = semester.canvas;
    const { section } = someWork(semester);
    const { sis_id } = section;
    semester.sections.splice(semester.sections.indexOf(sis_id!), 1);
    section.sis_id = "GHOST-1";
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    expect(grades.reasons.map(({ reason }) => reason)).toEqual([
      "the section is no class of the last delivered roster",
    ]);
    expect(coursework.students(section.id).length).toBeGreaterThan(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });
});
