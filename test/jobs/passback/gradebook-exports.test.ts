import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { endsOfSections, inExports } from "./exported-work.ts";
import {
  forgetNights,
  inSis,
  type Semester,
  type SemesterOptions,
  someWork,
  startSemester,
} from "./semester.ts";

afterAll(forgetNights);

type Exported = Parameters<Semester["canvas"]["writeGradebookExports"]>[1];

/** A semester whose instructors export their Gradebooks. */
async function startExporting(options: SemesterOptions = {}) {
  const semester = await startSemester(options);
  const folder = join(semester.home.folder, "exports");
  semester.configure({ source: { kind: "gradebook-csv", path: folder } });
  return Object.assign(semester, {
    async export(look: Exported = {}) {
      rmSync(folder, { recursive: true, force: true });
      await semester.canvas.writeGradebookExports(folder, look);
    },
  });
}

const LOOKS: [string, Exported][] = [
  ["with commas", {}],
  ["with semicolons, decimal commas and a BOM", { semicolon: true, decimalComma: true, bom: true }],
];

describe("grades from Gradebook exports", () => {
  it.each(LOOKS)("%s are in the SIS as they are in Canvas, and sent once", async (_, look) => {
    await using semester = await startExporting();
    const { first, second, student, other } = someWork(semester);
    semester.canvas.coursework.grade(first, student, 7.25);
    semester.canvas.coursework.excuse(second, other);
    await semester.export(look);

    const { code, grades } = await semester.pass();
    expect({ code, reasons: grades.reasons }).toEqual({ code: 0, reasons: [] });
    expect(inSis(semester)).toEqual(inExports(semester));
    expect(inSis(semester).filter((line) => line.endsWith(`| ${student}: 7.25 (fully graded)`))).toHaveLength(
      1,
    );

    expect((await semester.pass()).writes).toEqual({});
    semester.canvas.coursework.grade(first, student, 8.5);
    await semester.export(look);
    expect((await semester.pass()).writes).toEqual({ "PUT results": 1 });
    expect(inSis(semester)).toEqual(inExports(semester));
  });

  it("say in the log that no category can be told, and how to give one", async () => {
    await using semester = await startExporting();
    await semester.export();
    const { stderr } = await semester.pass();
    expect(stderr).toContain("Gradebook exports name no assignment groups");
    expect(stderr).toContain("grades.categories.whenUnmatched: default");
  });

  it("take the default category where there is one, for line items that have none", async () => {
    await using semester = await startExporting();
    const [category] = categoriesOf(semester);
    const path = join(semester.home.folder, "exports");
    semester.configure({
      source: { kind: "gradebook-csv", path },
      categories: { whenUnmatched: "default", default: category!.sourcedId },
    });
    await semester.export();
    const { code, stderr } = await semester.pass();
    expect(code).toBe(0);
    expect(stderr).not.toContain("name no assignment groups");
    expect(inSis(semester)).toEqual(
      inExports(semester).map((line) => line.replace(/ \| none$/, ` | ${category!.title}`)),
    );
  });

  it("leave a line item that a teacher made its dates and its category", async () => {
    await using semester = await startExporting();
    const { gradebook } = semester.sis;
    const { section, first } = someWork(semester);
    const [category] = categoriesOf(semester);
    const end = endsOfSections(semester).get(section.sis_id!)!;
    const day = (before: number) => new Date(Date.parse(end) - before * 86_400_000).toISOString();
    const theirs = gradebook.addLineItem({
      classId: section.sis_id!,
      title: first.name,
      dueDate: day(20),
      category: category!.sourcedId,
    });
    gradebook.editLineItem(theirs, { assignDate: day(30) });
    await semester.export();

    expect((await semester.pass()).code).toBe(0);
    const kept = { dueDate: day(20), assignDate: day(30), category: { sourcedId: category!.sourcedId } };
    expect(gradebook.lineItems.get(theirs)).toMatchObject({
      ...kept,
      resultValueMax: first.points_possible,
    });
    expect(titled(semester, first.name, section.sis_id!)).toEqual([theirs]);
    expect((await semester.pass()).writes).toEqual({});

    semester.canvas.coursework.setPoints(first, 77);
    await semester.export();
    expect((await semester.pass()).writes["PUT lineItems"]).toBe(sectionsOf(semester, section.course_id));
    expect(gradebook.lineItems.get(theirs)).toMatchObject({ ...kept, resultValueMax: 77 });
    expect((await semester.pass()).writes).toEqual({});
  });

  it("keep the category that a teacher gave a line item of ours, whatever else changes", async () => {
    await using semester = await startExporting();
    const { gradebook } = semester.sis;
    const { section, first } = someWork(semester);
    await semester.export();
    await semester.pass();
    const [ours] = titled(semester, first.name, section.sis_id!);
    const { sourcedId } = categoriesOf(semester)[1]!;
    const reference = { sourcedId, type: "category", href: `${semester.sis.url}/categories/${sourcedId}` };
    gradebook.editLineItem(ours!, { category: reference });
    expect((await semester.pass()).writes).toEqual({});

    semester.canvas.coursework.rename(first, "Renamed in Canvas");
    await semester.export();
    expect((await semester.pass()).code).toBe(0);
    expect(gradebook.lineItems.get(ours!)).toMatchObject({
      title: "Renamed in Canvas",
      category: { sourcedId },
    });
    expect((await semester.pass()).writes).toEqual({});
  });

  it("tell of an export that is no course of the roster, in its own name, and send the others", async () => {
    await using semester = await startExporting();
    await semester.export();
    const strange = [
      "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (77)",
      "    Points Possible,,,,,10.00",
      '"Lee, Ann",9001,00042,ann,Algebra P1,9.00',
    ];
    writeFileSync(join(semester.home.folder, "exports", "algebra.csv"), strange.join("\r\n"));
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    expect(grades.reasons.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^algebra\.csv: The last delivered roster has none of the export's students/),
    ]);
    expect(semester.page("algebra.csv")).toContain("algebra.csv: The last delivered roster");
    expect(inSis(semester)).toEqual(inExports(semester));
  });

  it("are refused whole, with code 3, when one export lost a column that tells whose scores they are", async () => {
    await using semester = await startExporting();
    await semester.export({ leaveOut: ["SIS User ID"] });
    const { code, stderr } = await semester.pass();
    expect(code).toBe(3);
    expect(stderr).toContain("SIS User ID");
    expect(semester.sis.gradebook.writes).toEqual([]);
  });
});

function categoriesOf({ sis }: Semester) {
  return sis.gradebook.categories.filter(({ status }) => status === "active");
}

function titled({ sis }: Semester, title: string, classId: string): string[] {
  return [...sis.gradebook.lineItems.values()]
    .filter((item) => item.title === title && item.class.sourcedId === classId)
    .map(({ sourcedId }) => sourcedId);
}

function sectionsOf({ canvas, sections }: Semester, course: number): number {
  const { coursework } = canvas;
  return sections.filter((id) => {
    const section = coursework.school.sections.get(id);
    return section.course_id === course && coursework.students(section.id).length > 0;
  }).length;
}
