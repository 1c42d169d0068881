import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { readZip } from "../../connectors/store/zip-reader.ts";
import { readCsv } from "../csv-reader.ts";
import { withCanvas } from "./canvas-kit.ts";

/** Cells of every line, for files without quotes. */
function cells(file: string, separator = ","): string[][] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => line.split(separator));
}

describe("a Gradebook export of the sandbox Canvas", () => {
  it("has Canvas's header, the Manual Posting row, Points Possible, and a student once", async () => {
    await withCanvas(
      { assignmentsPerCourse: 0 },
      async ({ coursework, writeGradebookExports }, { folder }) => {
        const essay = coursework.createAssignment("ALG", { name: "Essay; part 1", points_possible: 12.5 });
        const quiz = coursework.createAssignment("ALG", {
          name: "Quiz",
          group: "Quizzes",
          post_manually: true,
        });
        coursework.createAssignment("ALG", { name: "Survey", grading_type: "not_graded" });
        coursework.createAssignment("ALG", { name: "Draft", workflow_state: "unpublished" });
        coursework.redate(quiz, {}, { section: "ALG-2" });
        coursework.edit(quiz, { only_visible_to_overrides: true });
        coursework.grade(essay, "0042", 8.333);
        coursework.excuse(essay, "s2");
        const test = coursework.addTestStudent("ALG-1");
        const files = await writeGradebookExports(folder, { courses: ["ALG"], totals: false });

        expect(files.map((file) => basename(file))).toEqual([
          expect.stringMatching(/^2026-1\d-\d\dT\d{4}_Grades-ALG1 \(301\)\.csv$/),
        ]);
        expect(statSync(files[0]!).mode & 0o777).toBe(0o600);
        const text = readFileSync(files[0]!, "utf8");
        const id = (ref: string) => coursework.school.users.get(ref).id;
        expect(text).toBe(
          `Student,ID,SIS User ID,SIS Login ID,Section,Essay; part 1 (${essay.id}),Quiz (${quiz.id})\n` +
            ",,,,,,Manual Posting\n" +
            "    Points Possible,,,,,12.50,10.00\n" +
            `"Ántal, Zora",${id("0042")},0042,zora,Algebra 1,8.33,N/A\n` +
            `"Booth, Ben",${id("s2")},s2,ben,Algebra 1 and Algebra 2,EX,\n` +
            `"Cruz, Cleo ""C""",${id("s3")},s3,cleo,Algebra 2,,\n` +
            `"Student, Test",${test.id},,test${test.id},Algebra 1,,N/A\n`,
        );
      },
    );
  });

  it("looks as account, instructor and language want it", async () => {
    await withCanvas(
      { assignmentsPerCourse: 0 },
      async ({ coursework, writeGradebookExports }, { folder }) => {
        const lab = coursework.createAssignment("BIO", { name: "Lab", post_manually: true });
        coursework.grade(lab, "s4", 1234.5);
        const [file] = await writeGradebookExports(folder, {
          courses: ["BIO"],
          semicolon: true,
          decimalComma: true,
          bom: true,
          splitNames: true,
          integrationIds: true,
          rootAccount: true,
          customColumns: ["Notes"],
          muted: true,
          readOnlyText: "(sólo lectura)",
          gradingPeriodTitle: "Fall",
        });
        expect(readFileSync(file!).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
        const [header, muted, points, dan] = cells(file!, ";");
        expect(header!.slice(0, 10)).toEqual([
          "\uFEFFLastName",
          "FirstName",
          "ID",
          "SIS User ID",
          "SIS Login ID",
          "Integration ID",
          "Root Account",
          "Section",
          "Notes",
          `Lab (${lab.id})`,
        ]);
        expect(header!.slice(10, 14)).toEqual([
          "Homework Current Score (Fall)",
          "Homework Unposted Current Score (Fall)",
          "Homework Final Score (Fall)",
          "Homework Unposted Final Score (Fall)",
        ]);
        expect(header!.at(-1)).toBe("Unposted Final Score (Fall)");
        expect(muted![9]).toBe("Muted");
        expect([points![0], points![9], points!.at(-1)]).toEqual([
          "    Points Possible",
          "10,00",
          "(sólo lectura)",
        ]);
        expect(dan!.slice(0, 2)).toEqual(['"=""=Dunn"""', '"=""=Dan"""']);
        expect(dan![9]).toBe("1234,50");
      },
    );
  });

  it("has points where groups are not weighted, letters with a scheme, and an override that may be imported", async () => {
    await withCanvas(
      { assignmentsPerCourse: 1 },
      async ({ coursework, writeGradebookExports }, { folder }) => {
        coursework.overrideFinalGrade("ALG", "s3", 91.5);
        const [file] = await writeGradebookExports(folder, { courses: ["ALG"], finalGradeOverride: true });
        const rows = readCsv(readFileSync(file!, "utf8"));
        expect(Object.keys(rows[0]!).slice(-12)).toEqual([
          "Current Points",
          "Final Points",
          "Current Score",
          "Unposted Current Score",
          "Final Score",
          "Unposted Final Score",
          "Current Grade",
          "Unposted Current Grade",
          "Final Grade",
          "Unposted Final Grade",
          "Override Score",
          "Override Grade",
        ]);
        expect(rows[0]).toMatchObject({
          "Homework Final Points": "(read only)",
          "Override Score": "",
          "Override Grade": "(read only)",
        });
        expect(rows.at(-1)).toMatchObject({ "Override Score": "91.50", "Override Grade": "A-" });
      },
    );
  });

  it("hides from everybody what is anonymous and not posted, and can lack a column", async () => {
    await withCanvas(
      { assignmentsPerCourse: 0 },
      async ({ coursework, writeGradebookExports }, { folder }) => {
        const blind = coursework.createAssignment("CHE", {
          name: "Blind",
          anonymous_grading: true,
          post_manually: true,
        });
        coursework.grade(blind, "s4", 5);
        const [file] = await writeGradebookExports(folder, { courses: ["CHE"], leaveOut: ["SIS User ID"] });
        const rows = readCsv(readFileSync(file!, "utf8"));
        expect(rows[0]![`Blind (${blind.id})`]).toBe("Manual Posting (scores hidden from instructors)");
        expect(rows[2]![`Blind (${blind.id})`]).toBe("N/A");
        expect(rows[2]).not.toHaveProperty("SIS User ID");
      },
    );
  });

  it("is one for each published course with students", async () => {
    await withCanvas({}, async ({ coursework, writeGradebookExports }, { folder }) => {
      coursework.unpublishCourse("BIO");
      coursework.drop("s4", "CHE-1");
      expect(await writeGradebookExports(folder)).toHaveLength(1);
    });
  });
});

describe("the sandbox Canvas's reports of course grades", () => {
  it("have a row for each enrollment, with the state in the middle", async () => {
    await withCanvas({ assignmentsPerCourse: 0 }, async ({ coursework, writeGradeExport }, { folder }) => {
      const work = coursework.createAssignment("ALG", { name: "Essay" });
      coursework.grade(work, "s2", 8.5);
      coursework.conclude("s2", "ALG-2");
      coursework.unpublishCourse("BIO");
      const file = await writeGradeExport(folder);
      expect(basename(file)).toMatch(/^grade_export_csv_\d\d_[A-Z][a-z]{2}_2026_\d+\.csv$/);
      const rows = readCsv(readFileSync(file, "utf8"));
      expect(readFileSync(file, "utf8").split("\n")[0]).toBe(
        "student name,student id,student sis,course,course id,course sis,section,section id,section sis,term,term id," +
          "term sis,current score,final score,enrollment state,unposted current score,unposted final score," +
          "current grade,final grade,unposted current grade,unposted final grade",
      );
      expect(rows.map((row) => [row["student sis"], row["section sis"], row["enrollment state"]])).toEqual([
        ["0042", "ALG-1", "active"],
        ["s2", "ALG-1", "active"],
        ["s2", "ALG-2", "concluded"],
        ["s3", "ALG-2", "active"],
        ["s4", "CHE-1", "active"],
      ]);
      expect(rows[1]).toMatchObject({ "current score": "85", "final grade": "B", "course sis": "ALG" });
      expect(rows[0]).toMatchObject({ "current score": "", "final score": "0" });
    });
  });

  it("have override and integration columns when asked, in any order, without those left out, and of some terms", async () => {
    await withCanvas({ assignmentsPerCourse: 1 }, async ({ coursework, writeGradeExport }, { folder }) => {
      coursework.overrideFinalGrade("ALG", "0042", 77.7);
      const file = await writeGradeExport(folder, {
        override: true,
        integrationIds: true,
        reversed: true,
        leaveOut: ["final score"],
        terms: ["S1"],
      });
      const [row, ...others] = readCsv(readFileSync(file, "utf8"));
      expect(Object.keys(row!).slice(0, 2)).toEqual(["override grade", "unposted final grade"]);
      expect(row).toMatchObject({
        "override score": "77.7",
        "override grade": "C+",
        "student integration id": "",
      });
      expect(row).not.toHaveProperty("final score");
      expect(others).toHaveLength(4);
    });
  });

  it("come by grading period as a zip with a file for each term", async () => {
    await withCanvas({ assignmentsPerCourse: 0 }, async ({ coursework, writeGradeExport }, { folder }) => {
      const work = coursework.createAssignment("ALG", { name: "Essay", due_at: "2026-09-01T00:00:00Z" });
      coursework.grade(work, "0042", 9);
      const file = await writeGradeExport(folder, { mgp: true });
      expect(basename(file)).toMatch(/^mgp_grade_export_csv_.*\.zip$/);
      const entries = readZip(readFileSync(file));
      expect(entries.map(({ name }) => name)).toEqual(["Semester 1.csv", "Quarter 1.csv"]);
      expect(entries[1]!.content.toString()).toBe("no grading periods configured for this term\n");
      const [row] = readCsv(entries[0]!.content.toString());
      expect(Object.keys(row!).slice(12, 20)).toEqual([
        "grading period set",
        "grading period set id",
        "Grading Period 1 grading period id",
        "Grading Period 1 current score",
        "Grading Period 1 final score",
        "Grading Period 1 unposted current score",
        "Grading Period 1 unposted final score",
        "Grading Period 1 current grade",
      ]);
      expect(row).toMatchObject({
        "student sis": "0042",
        "Grading Period 1 current score": "90",
        "Grading Period 2 current score": "",
        "current score": "90",
      });
    });
  });
});
