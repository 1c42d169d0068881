/** What is read from the sandbox Canvas's exports is what its instructors have graded, however an export looks. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readGradeExports } from "../../../../connectors/canvas/grade-export/read-grade-exports.ts";
import { readGradebookExports } from "../../../../connectors/canvas/gradebook-export/read-gradebook-exports.ts";
import type { SectionGrades } from "../../../../connectors/canvas/records.ts";
import type { SandboxCanvas } from "../../../../jobs/demo/canvas.ts";
import { withCanvas } from "../../../jobs/demo/canvas-kit.ts";
import { collected, listening, never } from "../export-files/folder-of.ts";
import { rosterOf } from "./course.ts";

/** What the roster of the sandbox Canvas enrolls, without the student who is in two sections. */
const ROSTER = rosterOf([
  ["ALG-1", "ALG", "Algebra 1", ["0042"]],
  ["ALG-2", "ALG", "Algebra 2", ["s2", "s3"]],
  ["BIO-1", "BIO", "Biology 1", ["0042", "s4"]],
  ["CHE-1", "CHE", "Chemistry 1", ["s4"]],
]);

const { tell } = listening();
const gradebooks = (folder: string) => collected(readGradebookExports(folder, ROSTER, never, tell));
const reports = (folder: string) =>
  collected(readGradeExports(folder, { score: "final", title: "Total" }, never, tell));

/** `ALG-1 7 0042: 8.5`, for every student and assignment. */
function lines(sections: SectionGrades[]): string[] {
  return sections
    .flatMap(({ section, assignments }) =>
      assignments.flatMap(({ assignment, submissions }) =>
        submissions.map(({ sis_user_id, score, excused }) =>
          [
            section.sis_id,
            assignment.id,
            `${sis_user_id ?? ""}:`,
            excused === true ? "excused" : (score ?? "none"),
          ].join(" "),
        ),
      ),
    )
    .sort();
}

function inCanvas({ coursework }: SandboxCanvas): string[] {
  const places = { ALG: ["ALG-1", "ALG-2"], BIO: ["BIO-1"], CHE: ["CHE-1"] };
  const found: string[] = [];
  for (const [course, sections] of Object.entries(places)) {
    for (const assignment of coursework.assignments(course)) {
      if (assignment.workflow_state !== "published" || assignment.grading_type === "not_graded") continue;
      for (const section of sections) {
        for (const { sis_id } of coursework.students(section)) {
          const submission = sis_id === null ? undefined : coursework.submission(assignment, sis_id);
          if (submission === undefined || !ROSTER.sectionsOf(sis_id ?? "").includes(section)) continue;
          const { excused, score } = submission;
          const rounded = score === null ? "none" : Math.round(score * 100) / 100;
          found.push(`${section} ${assignment.id} ${sis_id ?? ""}: ${excused ? "excused" : rounded}`);
        }
      }
    }
  }
  return found.sort();
}

describe("Gradebook exports of the sandbox Canvas", () => {
  it.each([
    ["as most look", {}],
    [
      "of another country",
      { semicolon: true, decimalComma: true, bom: true, readOnlyText: "(Nur lesen)", andText: " und " },
    ],
    [
      "with everything",
      {
        splitNames: true,
        integrationIds: true,
        rootAccount: true,
        customColumns: ["Notes"],
        finalGradeOverride: true,
        gradingPeriodTitle: "2026",
      },
    ],
    ["as they were years ago", { muted: true, totals: false }],
  ])("hold what is graded: %s", async (_, options) => {
    await withCanvas({ assignmentsPerCourse: 12 }, async (canvas, { folder }) => {
      canvas.coursework.addTestStudent("BIO-1");
      await canvas.writeGradebookExports(folder, options);
      const expected = inCanvas(canvas);

      expect(expected.length).toBeGreaterThan(30);
      expect(lines(await gradebooks(folder))).toEqual(expected);
    });
  });
});

describe("Grade Export reports of the sandbox Canvas", () => {
  it("give the same course totals in both kinds, however the columns stand", async () => {
    await withCanvas({ assignmentsPerCourse: 12 }, async ({ writeGradeExport }, { folder }) => {
      const [plain, reversed, periods] = ["plain", "reversed", "mgp"].map((name) => join(folder, name));
      for (const place of [plain!, reversed!, periods!]) await mkdir(place);
      await writeGradeExport(plain!);
      await writeGradeExport(reversed!, { reversed: true, bom: true, integrationIds: true, override: true });
      await writeGradeExport(periods!, { mgp: true, override: true });
      const expected = lines(await reports(plain!));

      expect(expected).toHaveLength(7);
      expect(lines(await reports(reversed!))).toEqual(expected);
      // The term of Biology has no grading periods, so the report by periods says nothing of it.
      const withPeriods = expected.filter((line) => !line.startsWith("BIO-1"));
      const ofCourse = lines(await reports(periods!)).filter((line) => line.includes(" course-grade "));
      expect(ofCourse).toEqual(withPeriods);
    });
  });
});
