import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { readGradeExports } from "../../../../connectors/canvas/grade-export/read-grade-exports.ts";
import type { TotalChoice } from "../../../../connectors/canvas/grade-export/report-columns.ts";
import type { SectionGrades } from "../../../../connectors/canvas/records.ts";
import {
  collected,
  type ExportFolder,
  exportFolder,
  failureOf,
  listening,
  never,
  type Told,
} from "../export-files/folder-of.ts";
import { HEADER, periodReport, report, row } from "./reports.ts";

let folder: ExportFolder;
let told: Told;

beforeEach(async () => {
  folder = await exportFolder();
  told = listening();
});
afterEach(() => folder.remove());

const read = (score: TotalChoice = "final") =>
  readGradeExports(folder.path, { score, title: "Canvas grade" }, never, told.tell);
const readAll = (score?: TotalChoice) => collected(read(score));
const eventsOf = (event: string) =>
  told.events.filter((one) => one.event === event).map(({ details }) => details);

async function putZip(name: string, entries: Record<string, string>): Promise<void> {
  const zip = new ZipFile();
  for (const [entry, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), entry);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(join(folder.path, name)));
}

/** `{ "alg-1": { "Canvas grade": { s1: 80 } } }`; what is no score is its problem, or null where nothing is graded. */
function scores(sections: SectionGrades[]) {
  return Object.fromEntries(
    sections.map(({ section, assignments }) => [
      section.sis_id ?? "",
      Object.fromEntries(
        assignments.map(({ assignment, submissions }) => [
          assignment.name,
          Object.fromEntries(
            submissions.map(({ sis_user_id, user_id, score, problem }) => [
              sis_user_id ?? `user ${user_id ?? ""}`,
              problem ?? score ?? null,
            ]),
          ),
        ]),
      ),
    ]),
  );
}

describe("a Grade Export report", () => {
  it("is one line item a section: the course's total", async () => {
    await folder.put("report.csv", report(row(), row({ student: "s2", final: "" })));

    expect(await readAll()).toEqual([
      {
        section: { id: "41", sis_id: "alg-1", name: "Algebra P1" },
        course: { id: "31", sis_id: "alg", name: "Algebra" },
        assignments: [
          {
            assignment: {
              kind: "course-grade",
              id: "course-grade",
              name: "Canvas grade",
              points_possible: 100,
            },
            submissions: [
              { sis_user_id: "s1", graded: true, score: 80, posted: true },
              { sis_user_id: "s2", graded: false },
            ],
          },
        ],
      },
    ]);
  });

  it.each([
    ["final", 80],
    ["current", 90],
    ["unposted-current", 91],
    ["unposted-final", 81],
  ] as const)("gives the chosen score: %s", async (choice, expected) => {
    await folder.put("report.csv", report(row()));

    expect(scores(await readAll(choice))).toEqual({ "alg-1": { "Canvas grade": { s1: expected } } });
  });

  it("is known by its column names, in any order, with more of them, and in a spreadsheet's form", async () => {
    const text =
      "\uFEFFfinal score;student integration id;section sis;something new;course sis;student sis;enrollment state;final grade\r\n" +
      '"66,67";int;alg-1;?;alg;s1;active;D\r\n';
    await folder.put("report.csv", text);

    expect(scores(await readAll())).toEqual({ "alg-1": { "Canvas grade": { s1: 66.67 } } });
  });

  it("keeps every decimal", async () => {
    await folder.put("report.csv", report(row({ final: "66.66666666666667" })));

    expect(scores(await readAll())).toEqual({ "alg-1": { "Canvas grade": { s1: 66.66666666666667 } } });
  });

  it("gives the final score as the instructor overrode it, and the current one as it was", async () => {
    const overridden = `${HEADER},override score,override grade\n${row()},95.5,A\n${row({ student: "s2" })},,\n`;
    await folder.put("report.csv", overridden);

    expect(scores(await readAll("final"))).toEqual({ "alg-1": { "Canvas grade": { s1: 95.5, s2: 80 } } });
    expect(scores(await readAll("current"))).toEqual({ "alg-1": { "Canvas grade": { s1: 90, s2: 90 } } });
  });

  it("keeps who has concluded, and leaves out who was removed or is inactive", async () => {
    const states = ["active", "concluded", "deleted", "inactive"];
    await folder.put("report.csv", report(...states.map((state, i) => row({ student: `s${i}`, state }))));

    expect(scores(await readAll())).toEqual({ "alg-1": { "Canvas grade": { s0: 80, s1: 80 } } });
  });

  it("takes the current one of a student's two enrollments, and tells two that differ", async () => {
    await folder.put(
      "report.csv",
      report(
        row({ final: "10", state: "concluded" }),
        row({ final: "20" }),
        row({ final: "30", state: "concluded" }),
        row({ student: "s2", final: "40" }),
        row({ student: "s2", final: "40" }),
        row({ student: "s3", final: "50" }),
        row({ student: "s3", final: "60" }),
      ),
    );

    expect(scores(await readAll())).toEqual({
      "alg-1": {
        "Canvas grade": { s1: 20, s2: 40, s3: expect.stringMatching(/twice in this section/) as unknown },
      },
    });
  });

  it("gathers a section whose rows are not together", async () => {
    const rows = ["alg-1", "alg-2", "alg-1"].map((section, i) => row({ section, student: `s${i}` }));
    await folder.put("report.csv", report(...rows));

    expect(scores(await readAll())).toEqual({
      "alg-1": { "Canvas grade": { s0: 80, s2: 80 } },
      "alg-2": { "Canvas grade": { s1: 80 } },
    });
  });

  it("tells students without SIS id, and counts sections that no SIS knows", async () => {
    await folder.put("report.csv", report(row({ student: "" }), row({ section: "" })));

    expect(scores(await readAll())).toEqual({ "alg-1": { "Canvas grade": { "user 900": 80 } } });
    expect(eventsOf("grades.sections-without-sis-id")).toEqual([{ file: "report.csv", sections: 1 }]);
  });

  it("says of what kind a score is that is no number, and never quotes it", async () => {
    await folder.put("report.csv", report(row({ final: "ask Jo" }), row({ student: "s2", state: "aktiv" })));
    const found = JSON.stringify(await readAll());

    expect(found).toMatch(/The report holds text where a score should be/);
    expect(found).toMatch(/a state that is none of Canvas's/);
    expect(found).not.toContain("Jo");
  });

  it("may have no rows at all", async () => {
    await folder.put("report.csv", report());

    expect(await readAll()).toEqual([]);
  });
});

describe("a report with grading periods", () => {
  const fall = periodReport({ scores: ["70.0", "75.5"] }, { student: "s2", scores: ["", "60.0"] });

  it("is a zip with a file a term: one line item a section and period, and one for the course", async () => {
    await putZip("mgp.zip", {
      "Fall.csv": fall,
      "Summer.csv": "no grading periods configured for this term\n",
    });
    const [section] = await readAll();

    expect(section?.assignments.map(({ assignment }) => assignment)).toEqual([
      { kind: "course-grade", id: "course-grade", name: "Canvas grade", points_possible: 100 },
      {
        kind: "grading-period-grade",
        id: "grading-period-11",
        name: "Canvas grade – Q1",
        points_possible: 100,
      },
      {
        kind: "grading-period-grade",
        id: "grading-period-12",
        name: "Canvas grade – Q2",
        points_possible: 100,
      },
    ]);
    expect(scores([section!])).toEqual({
      "alg-1": {
        "Canvas grade": { s1: 80, s2: 80 },
        "Canvas grade – Q1": { s1: 70, s2: null },
        "Canvas grade – Q2": { s1: 75.5, s2: 60 },
      },
    });
    expect(eventsOf("grades.term-without-periods")).toEqual([{ file: "mgp.zip/Summer.csv" }]);
  });

  it("may lie unpacked", async () => {
    await putZip("mgp.zip", { "Fall.csv": fall });
    const packed = await readAll();
    await folder.remove();
    folder = await exportFolder();
    await folder.put("mgp/Fall.csv", fall);
    await folder.put("mgp/Summer.csv", "no grading periods configured for this term\n");

    expect(await readAll()).toEqual(packed);
  });

  it("does not take a period that is called Unposted for the course's own column", async () => {
    await folder.put("Fall.csv", fall.replaceAll("Q1", "Unposted"));

    expect(scores(await readAll())).toMatchObject({
      "alg-1": { "Canvas grade": { s1: 80 }, "Canvas grade – Unposted": { s1: 70 } },
    });
  });

  it("lacks a period's column: told by name", async () => {
    await folder.put("Fall.csv", fall.replace("Q2 final score", "Q2 finale"));

    expect((await failureOf(read())).message).toBe('Fall.csv lacks the column "Q2 final score".');
  });

  it("is damaged where a period changes its id from row to row", async () => {
    await folder.put("Fall.csv", fall.replace(/12,1\.0,60/, "13,1.0,60"));

    expect(await failureOf(read())).toMatchObject({ code: "source.export-damaged" });
  });
});

describe("several reports", () => {
  it("give the newest total, by the date that Canvas puts into the name, and are told", async () => {
    await folder.put(
      "grade_export_csv_9_Nov_2026_81.csv",
      report(row({ final: "1" }), row({ section: "alg-2", final: "2" })),
    );
    await folder.put(
      "grade_export_csv_21_Nov_2026_82.csv",
      report(row({ final: "3" })),
      "2026-01-01T00:00:00Z",
    );

    expect(scores(await readAll())).toEqual({
      "alg-1": { "Canvas grade": { s1: 3 } },
      "alg-2": { "Canvas grade": { s1: 2 } },
    });
    expect(eventsOf("grades.older-report")).toEqual([
      { file: "grade_export_csv_9_Nov_2026_81.csv", sectionsInNewerOnes: 1 },
    ]);
    expect(eventsOf("grades.report").map(({ file }) => file)).toEqual([
      "grade_export_csv_21_Nov_2026_82.csv",
      "grade_export_csv_9_Nov_2026_81.csv",
    ]);
  });

  it("of both kinds complete each other: the course's total from the newer one", async () => {
    await folder.put("grade_export_csv_21_Nov_2026_82.csv", report(row({ final: "3" })));
    await putZip("mgp_grade_export_csv_20_Nov_2026_81.zip", {
      "Fall.csv": periodReport({ scores: ["70", "75"] }),
    });

    expect(scores(await readAll())).toEqual({
      "alg-1": {
        "Canvas grade": { s1: 3 },
        "Canvas grade – Q1": { s1: 70 },
        "Canvas grade – Q2": { s1: 75 },
      },
    });
  });
});

describe("a folder of no use", () => {
  it.each(["student sis", "section sis", "course sis", "enrollment state", "final score"])(
    "has a report without the column %s: told by name, with what to do",
    async (column) => {
      await folder.put("report.csv", report(row()).replace(`,${column},`, ",removed,"));
      const failure = await failureOf(read());

      expect(failure).toMatchObject({ code: "source.export-columns", exitCode: 3 });
      expect(failure.message).toBe(`report.csv lacks the column "${column}".`);
      expect(failure.hint).toMatch(/Run the report again/);
    },
  );

  it("has a report in another language", async () => {
    const german =
      "Name,Studierende ID,SIS,Kurs,Kurs ID,Kurs SIS,Sektion,Sektion ID,Sektion SIS\nx,1,s1,a,1,a,b,2,b\n";
    await folder.put("report.csv", german);
    const failure = await failureOf(read());

    expect(failure).toMatchObject({ code: "source.not-an-export" });
    expect(failure.hint).toMatch(/language in Canvas is English/);
  });

  it("has another CSV, a broken zip and a zip without CSVs: all are told at once", async () => {
    await folder.put("users.csv", "user_id,login_id,status\nu1,l1,active\n");
    await folder.put("broken.zip", "no zip");
    await putZip("pictures.zip", { "class.jpg": "" });
    const { message } = await failureOf(read());

    expect(message).toMatch(/users\.csv is not a Grade Export report/);
    expect(message).toMatch(/broken\.zip cannot be read/);
    expect(message).toMatch(/pictures\.zip cannot be read: there is no CSV in the zip/);
  });

  it("has a column twice", async () => {
    await folder.put("report.csv", report(row()).replace("current grade", "final score"));

    expect((await failureOf(read())).message).toBe('report.csv has the column "final score" twice.');
  });

  it("has an empty file, no file, or is not there", async () => {
    expect(await failureOf(read())).toMatchObject({ code: "source.no-exports", exitCode: 3 });
    await folder.put("report.csv", "");
    expect((await failureOf(read())).message).toBe("report.csv cannot be read: it is empty.");
    await folder.remove();
    expect(await failureOf(read())).toMatchObject({ code: "source.no-folder" });
    folder = await exportFolder();
  });
});
