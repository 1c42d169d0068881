import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startSandboxGateway } from "../../../jobs/demo/gateway.ts";
import { readZip } from "../../connectors/store/zip-reader.ts";
import { type Row, readCsv } from "../csv-reader.ts";
import { sftp } from "../night-kit.ts";
import { endsOfSections } from "./exported-work.ts";
import { env, forgetNights, inSis, type Semester, startSemester } from "./semester.ts";

afterAll(forgetNights);

type Reported = NonNullable<Parameters<Semester["canvas"]["writeGradeExport"]>[1]>;

const TITLE = "Canvas course grade";

/** A semester whose account has its Grade Export reports put into a folder. */
async function startReporting(courseGrades: object = {}) {
  const semester = await startSemester({ students: 12 });
  const folder = join(semester.home.folder, "reports");
  mkdirSync(folder);
  const configure = (path: unknown) => {
    semester.configure({ source: { kind: "grade-export", path }, courseGrades });
  };
  configure(folder);
  return Object.assign(semester, {
    folder,
    pickUpAt: configure,
    async report(look: Reported = {}) {
      for (const file of readdirSync(folder)) rmSync(join(folder, file));
      return semester.canvas.writeGradeExport(folder, look);
    },
  });
}

/** Rows of a report, however it is packed. */
function rowsOf(file: string): Row[] {
  const content = readFileSync(file);
  const texts = file.endsWith(".zip")
    ? readZip(content).map((entry) => entry.content.toString("utf8"))
    : [content.toString("utf8")];
  return texts.flatMap((text) => readCsv(text));
}

/** What the SIS should hold of a report, as lines that `inSis` gives. @param totals titles by their columns */
function inReport(semester: Semester, rows: readonly Row[], totals: Record<string, string>): string[] {
  const ends = endsOfSections(semester);
  const lines = rows.flatMap((row) =>
    Object.entries(totals).flatMap(([column, title]) => {
      const section = row["section sis"] ?? "";
      const byHand = row[column.replace(/final score$/, "override score")];
      const score = column.endsWith("final score") && byHand ? byHand : row[column];
      if (section === "" || score === undefined) return [];
      const name = `${section} | ${title} | ${ends.get(section) ?? "never"}`;
      const item = `${name} | of 100 | none`;
      return score === ""
        ? [item]
        : [item, `${name} | ${row["student sis"] ?? ""}: ${Number(score)} (fully graded)`];
    }),
  );
  return [...new Set(lines)].sort();
}

/** Every total of the first course becomes another. */
function changeTotals({ canvas, sections }: Semester): void {
  const { coursework } = canvas;
  const { course_id } = coursework.school.sections.get(sections[0]!);
  for (const assignment of coursework.assignments(course_id)) coursework.setPoints(assignment, 31);
}

describe("course grades from a Grade Export report", () => {
  it("are one line item a section, due when it ends, and sent once", async () => {
    await using semester = await startReporting();
    const file = await semester.report();
    expect((await semester.pass()).code).toBe(0);
    const before = inSis(semester);
    expect(before).toEqual(inReport(semester, rowsOf(file), { "final score": TITLE }));
    expect(before.some((line) => line.endsWith("(fully graded)"))).toBe(true);
    expect((await semester.pass()).writes).toEqual({});

    changeTotals(semester);
    const changed = rowsOf(await semester.report());
    const { writes } = await semester.pass();
    const after = inReport(semester, changed, { "final score": TITLE });
    expect(inSis(semester)).toEqual(after);
    expect(writes).toEqual({ "PUT results": after.filter((line) => !before.includes(line)).length });
  });

  it.each([
    ["final", "final score"],
    ["current", "current score"],
    ["unposted-current", "unposted current score"],
    ["unposted-final", "unposted final score"],
  ])("are those that courseGrades.score: %s chooses, under their own title", async (score, column) => {
    await using semester = await startReporting({ enabled: true, score, title: "Term grade" });
    const { coursework } = semester.canvas;
    const [section] = semester.sections.map((id) => coursework.school.sections.get(id));
    const [hidden, blank] = coursework.assignments(section!.course_id);
    const [student] = coursework.students(section!.id);
    coursework.unpost(hidden!);
    coursework.clear(blank!, student!.id);
    const rows = rowsOf(await semester.report());
    const their = rows.find((row) => row["student sis"] === student!.sis_id);
    const totals = ["final", "current", "unposted current", "unposted final"];
    expect(new Set(totals.map((total) => their?.[`${total} score`])).size).toBe(4);
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inReport(semester, rows, { [column]: "Term grade" }));
  });

  it("are a line item for each grading period too, out of the zip of a term each", async () => {
    await using semester = await startReporting();
    const { coursework } = semester.canvas;
    const { id, course_id } = coursework.school.sections.get(semester.sections[0]!);
    const [student] = coursework.students(id);
    coursework.overrideFinalGrade(course_id, student!.id, 99.25);
    const rows = rowsOf(
      await semester.report({ mgp: true, integrationIds: true, override: true, reversed: true }),
    );
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(
      inReport(semester, rows, {
        "final score": TITLE,
        "Grading Period 1 final score": `${TITLE} – Grading Period 1`,
        "Grading Period 2 final score": `${TITLE} – Grading Period 2`,
      }),
    );
    expect(inSis(semester).some((line) => line.includes("Grading Period 2"))).toBe(true);
    expect(inSis(semester).some((line) => line.endsWith(`${student!.sis_id}: 99.25 (fully graded)`))).toBe(
      true,
    );
    expect((await semester.pass()).writes).toEqual({});
  });

  it("are picked up at a gateway, whose files stay there", async () => {
    await using semester = await startReporting();
    const gateway = await startSandboxGateway({ folders: ["/reports"] });
    try {
      await semester.canvas.writeGradeExport(join(gateway.folder, "reports"));
      const before = await gateway.files();
      semester.pickUpAt({ ...sftp(gateway), path: "/reports" });
      const keys = { ...env, GATEWAY_KEY: gateway.privateKey };
      const { code, stderr } = await semester.home.call(["grades"], { env: keys });
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      const rows = rowsOf(await semester.report());
      expect(inSis(semester)).toEqual(inReport(semester, rows, { "final score": TITLE }));
      expect(await gateway.files()).toEqual(before);
      expect(stderr).not.toContain("PRIVATE KEY");
      const fetched = join(semester.home.runFolder(semester.newest()), "fetched");
      expect(readdirSync(fetched).map((name) => statSync(join(fetched, name)).mode & 0o077)).toEqual([0]);
    } finally {
      await gateway.stop();
    }
  });

  it.each(["section sis", "student sis", "final score", "enrollment state"])(
    "are refused with code 3 where the column %s was removed, which is named",
    async (column) => {
      await using semester = await startReporting();
      await semester.report({ leaveOut: [column] });
      const { code, stderr } = await semester.pass();
      expect(code).toBe(3);
      expect(stderr).toContain(column);
      expect(semester.sis.gradebook.writes).toEqual([]);
    },
  );
});
