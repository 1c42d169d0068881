import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readGradebookExports } from "../../../../connectors/canvas/gradebook-export/read-gradebook-exports.ts";
import type { SectionGrades, Submission } from "../../../../connectors/canvas/records.ts";
import {
  collected,
  type ExportFolder,
  exportFolder,
  failureOf,
  listening,
  never,
  type Told,
} from "../export-files/folder-of.ts";
import { ALGEBRA, gradebook, HEADER, POINTS, rosterOf, type RosterRows, row } from "./course.ts";

let folder: ExportFolder;
let told: Told;

beforeEach(async () => {
  folder = await exportFolder();
  told = listening();
});
afterEach(() => folder.remove());

const read = (roster: RosterRows = ALGEBRA) =>
  readGradebookExports(folder.path, rosterOf(roster), never, told.tell);
const readAll = (roster?: RosterRows) => collected(read(roster));

type Scored = Omit<Submission, "sis_user_id" | "user_id">;

/** `{ "alg-1": { Quiz: { s1: submission } } }` without what every submission has. */
function bySection(
  sections: SectionGrades[],
): Partial<Record<string, Record<string, Record<string, Scored>>>> {
  return Object.fromEntries(
    sections.map(({ section, assignments }) => [
      section.sis_id ?? "",
      Object.fromEntries(
        assignments.map(({ assignment, submissions }) => [
          assignment.name,
          Object.fromEntries(
            submissions.map(({ sis_user_id, user_id, ...rest }) => [sis_user_id ?? user_id ?? "", rest]),
          ),
        ]),
      ),
    ]),
  );
}

describe("a Gradebook export", () => {
  it("gives the assignments and scores of the section that the roster has the student in", async () => {
    await folder.put(
      "alg.csv",
      gradebook(
        ["Quiz (7)"],
        row("s1", "Algebra P1", "8.50"),
        row("s2", "Algebra P1", ""),
        row("s3", "Algebra P2", "EX"),
      ),
    );

    const assignment = {
      kind: "assignment",
      id: "7",
      name: "Quiz",
      dates_unknown: true,
      group_unknown: true,
      points_possible: 10,
    };
    expect(await readAll()).toEqual([
      {
        section: { sis_id: "alg-1", name: "Algebra P1" },
        course: { sis_id: "alg-1" },
        assignments: [
          {
            assignment,
            submissions: [
              { sis_user_id: "s1", user_id: "1s1".replace("s", "1"), graded: true, score: 8.5, posted: true },
              { sis_user_id: "s2", user_id: "112", graded: false },
            ],
          },
        ],
      },
      {
        section: { sis_id: "alg-2", name: "Algebra P2" },
        course: { sis_id: "alg-2" },
        assignments: [
          {
            assignment,
            submissions: [{ sis_user_id: "s3", user_id: "113", graded: true, excused: true, posted: true }],
          },
        ],
      },
    ]);
  });

  it("is read with split names, every optional column, own columns, totals and overrides", async () => {
    const header =
      "LastName,FirstName,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section,Notes,Locker (12)," +
      "Quiz (7),Essay (draft) (8),Homework Current Score,Final Score (2026),Override Score (2026),Override Status";
    const points =
      '"    Points Possible",,,,,,,,(Nur lesen),,10.00,20.00,(Nur lesen),(Nur lesen),,(Nur lesen)';
    const student =
      '"=""=Smith""",Jo,11,s1,jo,int-1,oakdale.example.org,Algebra P1,late bus,104,9.00,N/A,90.00,90.00,,';
    await folder.put("alg.csv", [header, points, student].join("\n"));
    const [section] = await readAll();

    expect(
      section?.assignments.map(({ assignment: { id, name, points_possible } }) => [
        id,
        name,
        points_possible,
      ]),
    ).toEqual([
      ["12", "Locker", undefined],
      ["7", "Quiz", 10],
      ["8", "Essay (draft)", 20],
    ]);
    expect(section?.assignments.map(({ submissions }) => submissions.map(({ score }) => score))).toEqual([
      [104],
      [9],
      [],
    ]);
    expect(section?.assignments[0]?.assignment.problem).toMatch(/no points possible/);
  });

  it("does not know what Manual Posting has already shown to students: not posted", async () => {
    const hidden = ",,,,,Manual Posting,,Manual Posting (scores hidden from instructors)";
    const text = gradebook(
      ["Quiz (7)", "Essay (8)", "Exam (9)"],
      row("s1", "Algebra P1", "1.00", "2.00", "N/A"),
    );
    await folder.put("alg.csv", text.replace(POINTS, `${hidden}\n${POINTS}`));

    expect(bySection(await readAll())["alg-1"]).toEqual({
      Quiz: { s1: { graded: true, score: 1, posted: false } },
      Essay: { s1: { graded: true, score: 2, posted: true } },
      Exam: {},
    });
  });

  it("is read with semicolons, decimal commas, a BOM and Windows line ends", async () => {
    const text =
      '\uFEFFStudent;ID;SIS User ID;SIS Login ID;Section;Essay, part 1 (7)\r\n"    Points Possible";;;;;10,00\r\n' +
      "Last, First;11;s1;jo;Algebra P1;8,25\r\n";
    await folder.put("alg.csv", text);

    expect(bySection(await readAll())["alg-1"]).toEqual({
      "Essay, part 1": { s1: { graded: true, score: 8.25, posted: true } },
    });
  });

  it("leaves out the test student, whatever it is called, and keeps people who have such a name", async () => {
    const login = "0123456789abcdef0123456789abcdef01234567";
    await folder.put(
      "alg.csv",
      gradebook(
        ["Quiz (7)"],
        row("s1", "Algebra P1", "1.00").replace("Last, First", "Student, Test"),
        `"Schüler, Test",90,,${login},Algebra P1,2.00`,
        `"Student, Test",91,,,Algebra P1,3.00`,
      ),
    );

    expect(Object.keys(bySection(await readAll())["alg-1"]?.["Quiz"] ?? {})).toEqual(["s1"]);
  });

  it("tells of graded students without SIS id, and only of those", async () => {
    await folder.put(
      "alg.csv",
      gradebook(
        ["Quiz (7)"],
        row("s1", "Algebra P1", "1.00"),
        '"A, B",90,,ab,Algebra P1,2.00',
        '"C, D",91,,cd,Algebra P1,',
      ),
    );
    const [section] = await readAll();

    expect(section?.assignments[0]?.submissions).toEqual([
      { sis_user_id: "s1", user_id: "111", graded: true, score: 1, posted: true },
      { sis_user_id: null, user_id: "90", graded: true, score: 2, posted: true },
    ]);
  });

  it("reads ids that were protected from a spreadsheet", async () => {
    await folder.put("alg.csv", gradebook(["Quiz (7)"], row('"=""s1"""', "Algebra P1", "1.00")));

    expect(bySection(await readAll())["alg-1"]).toMatchObject({ Quiz: { s1: { score: 1 } } });
  });

  it("says of what kind a score is that is no number, and never quotes it", async () => {
    await folder.put(
      "alg.csv",
      gradebook(["Quiz (7)"], row("s1", "Algebra P1", "ask Jo"), row("s2", "Algebra P1", "85%")),
    );
    const quiz = bySection(await readAll())["alg-1"]?.["Quiz"];

    expect(quiz?.["s1"]?.problem).toMatch(/holds text where a score should be/);
    expect(quiz?.["s2"]?.problem).toMatch(/holds a percentage/);
    expect(JSON.stringify(quiz)).not.toMatch(/Jo|85/);
  });
});

describe("a student of an export", () => {
  it("who is in two of its sections is told, not guessed", async () => {
    const roster: RosterRows = [
      ["p1", "alg", "Algebra P1", ["s1", "s2"]],
      ["p2", "alg", "Algebra P2", ["s1", "s3"]],
    ];
    const cell = "Algebra P1 and Algebra P2";
    await folder.put(
      "alg.csv",
      gradebook(
        ["Quiz (7)"],
        row("s1", cell, "1.00"),
        row("s2", "Algebra P1", "2.00"),
        row("s3", "Algebra P2", "3.00"),
      ),
    );
    const sections = bySection(await readAll(roster));

    expect(sections["p1"]?.["Quiz"]?.["s1"]?.problem).toMatch(/several sections.*p1, p2/);
    expect(sections["p2"]?.["Quiz"]).not.toHaveProperty("s1");
  });

  it("who is in a section of the roster and one of Canvas belongs to the roster's", async () => {
    await folder.put("alg.csv", gradebook(["Quiz (7)"], row("s1", "Algebra P1 et Groupe A", "1.00")));

    expect(bySection(await readAll())).toMatchObject({ "alg-1": { Quiz: { s1: { score: 1 } } } });
  });

  it("who changed section belongs where the roster has the student now", async () => {
    const roster: RosterRows = [
      ["p1", "alg", "Algebra P1", ["s1"]],
      ["p2", "alg", "Algebra P2", ["s2", "s3"]],
    ];
    await folder.put(
      "alg.csv",
      gradebook(
        ["Quiz (7)"],
        row("s1", "Algebra P1", "1.00"),
        row("s2", "Algebra P1", "2.00"),
        row("s3", "Algebra P2", "3.00"),
      ),
    );

    expect(bySection(await readAll(roster))).toMatchObject({
      p2: { Quiz: { s2: { score: 2 }, s3: { score: 3 } } },
    });
  });

  it("who left is told with a reason, and another class of the student gets nothing", async () => {
    const left: RosterRows = [...ALGEBRA, ["art-1", "art-1", "Algebra P1", ["s9"]]];
    await folder.put(
      "alg.csv",
      gradebook(
        ["Quiz (7)"],
        row("s9", "Algebra P1", "9.00"),
        ...["s1", "s2"].map((student) => row(student, "Algebra P1", "1.00")),
      ),
    );
    const sections = bySection(await readAll(left));

    expect(Object.keys(sections)).toEqual(["alg-1"]);
    expect(sections["alg-1"]?.["Quiz"]?.["s9"]?.problem).toMatch(/does not enroll this student/);
  });

  it("whose id another student has as well is told", async () => {
    await folder.put(
      "alg.csv",
      gradebook(
        ["Quiz (7)"],
        row("s1", "Algebra P1", "1.00"),
        row("s1", "Algebra P1", "2.00").replace("111", "999"),
      ),
    );
    const [section] = await readAll();

    expect(section?.assignments[0]?.submissions.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/Two students/),
      expect.stringMatching(/Two students/),
    ]);
  });
});

describe("the course of an export", () => {
  const cohort: RosterRows = ["math", "art", "reading"].map((id) => [id, id, "4A", ["s1", "s2", "s3"]]);

  it("is told, not guessed, where classmates share several with the same section name", async () => {
    await folder.put("4a.csv", gradebook(["Quiz (7)"], row("s1", "4A", "1.00"), row("s2", "4A", "1.00")));

    const sections = await readAll(cohort);
    expect(sections).toEqual([
      {
        section: { sis_id: null, name: "4a.csv" },
        course: { sis_id: null, name: "4a.csv" },
        assignments: [{ assignment: expect.objectContaining({ name: "Quiz" }) as unknown, submissions: [] }],
      },
    ]);
    expect(sections[0]?.assignments[0]?.assignment.problem).toMatch(
      /^4a\.csv: Which course this is cannot be told/,
    );
  });

  it("is not that of the only other course which its students have", async () => {
    const roster: RosterRows = [["alg-1", "alg-1", "Algebra P1", ["s1", "s2", "s3"]]];
    const rows = ["s1", "s2", "s3"].map((student) => row(student, "Chess Club", "1.00"));
    await folder.put("chess.csv", gradebook(["Opening (7)"], ...rows));

    expect((await readAll(roster)).map(({ section }) => section.sis_id)).toEqual([null]);
  });

  it("is told where the roster knows nobody, with a word on spreadsheets", async () => {
    await folder.put("alg.csv", gradebook(["Quiz (7)"], row("42", "Algebra P1", "1.00")));
    const [section] = await readAll();

    expect(section?.assignments[0]?.assignment.problem).toMatch(/none of the export's students.*0042 to 42/);
  });

  it("may be several of the roster's, cross-listed in Canvas", async () => {
    await folder.put(
      "alg.csv",
      gradebook(["Quiz (7)"], row("s1", "Algebra P1", "1.00"), row("s3", "Algebra P2", "3.00")),
    );

    expect((await readAll()).map(({ course }) => course.sis_id)).toEqual(["alg-1", "alg-2"]);
  });
});

describe("several exports of a course", () => {
  it("give the newest score, by Canvas's stamp, and are told", async () => {
    const scores = (score: string) => gradebook(["Quiz (7)"], row("s1", "Algebra P1", score));
    await folder.put("2026-11-20T0800_Grades-ALG.csv", scores("1.00"), "2026-11-25T00:00:00Z");
    await folder.put("2026-11-21T0800_Grades-ALG.csv", scores("2.00"), "2026-11-22T00:00:00Z");

    expect(bySection(await readAll())["alg-1"]).toMatchObject({ Quiz: { s1: { score: 2 } } });
    expect(told.events).toEqual([
      {
        event: "grades.older-exports",
        details: { newest: "2026-11-21T0800_Grades-ALG.csv", older: ["2026-11-20T0800_Grades-ALG.csv"] },
      },
    ]);
  });

  it("have one score of a student whose Canvas user is another since, as after a merge", async () => {
    const scores = (user: string, score: string) =>
      gradebook(["Quiz (7)"], row("s1", "Algebra P1", score).replace(",111,", `,${user},`));
    await folder.put("2026-11-20T0800_Grades-ALG.csv", scores("111", "1.00"));
    await folder.put("2026-11-21T0800_Grades-ALG.csv", scores("222", "2.00"));

    const [section] = await readAll();
    expect(section?.assignments[0]?.submissions).toMatchObject([
      { sis_user_id: "s1", user_id: "222", score: 2 },
    ]);
  });

  it("complete each other where instructors see only their own students", async () => {
    const roster: RosterRows = [["p1", "alg", "Algebra P1", ["s1", "s2"]]];
    await folder.put(
      "a.csv",
      gradebook(["Quiz (7)"], row("s1", "Algebra P1", "1.00")),
      "2026-11-20T00:00:00Z",
    );
    await folder.put(
      "b.csv",
      gradebook(["Quiz (7)"], row("s2", "Algebra P1", "2.00")),
      "2026-11-21T00:00:00Z",
    );

    const sections = await readAll(roster);
    expect(sections).toHaveLength(1);
    expect(bySection(sections)["p1"]).toMatchObject({ Quiz: { s1: { score: 1 }, s2: { score: 2 } } });
  });

  it("keep each section to itself where they have no student in common", async () => {
    await folder.put("school a/alg.csv", gradebook(["Quiz (7)"], row("s1", "Algebra P1", "1.00")));
    await folder.put("school b/alg.csv", gradebook(["Test (8)"], row("s3", "Algebra P2", "2.00")));

    expect(bySection(await readAll())).toMatchObject({ "alg-1": { Quiz: {} }, "alg-2": { Test: {} } });
    expect(told.events).toEqual([]);
  });
});

describe("a folder of no use", () => {
  const fine = gradebook(["Quiz (7)"], row("s1", "Algebra P1", "1.00"));

  it("is refused before anything is given, with every bad file and what to do", async () => {
    await folder.put("a.csv", fine);
    await folder.put("b.csv", fine.replace("SIS User ID,", "").replace(",s1,", ","));
    await folder.put("users.csv", "user_id,login_id,status\nu1,l1,active\n");
    const failure = await failureOf(read());

    expect(failure).toMatchObject({ code: "source.exports", exitCode: 3 });
    expect(failure.message).toMatch(/b\.csv lacks the column "SIS User ID"/);
    expect(failure.message).toMatch(/users\.csv is not a Gradebook export/);
    expect(failure.message).not.toContain("a.csv");
    expect(failure.hint).toMatch(/SIS Data - read/);
  });

  it.each([
    [
      "lacks its sections",
      fine.replace(",Section", "").replaceAll("Algebra P1", ""),
      "source.export-columns",
    ],
    [
      "has an assignment twice",
      fine.replace("Quiz (7)", "Quiz (7),Quiz (7)").replace("10.00", "10.00,10.00"),
      "source.export-columns",
    ],
    ["has a column of Canvas's twice", fine.replace("Section", "Section,Section"), "source.export-columns"],
    ["lacks the row of points", fine.replace(/^.*Points Possible.*\n/m, ""), "source.export-damaged"],
    ["has a row without ID", `${fine}"Average",,,,,5.00\n`, "source.export-damaged"],
    ["is empty", "", "source.not-an-export"],
    ["is nothing but a header", `${HEADER}\n`, "source.export-damaged"],
  ])("is told by name: a file that %s", async (_, content, code) => {
    await folder.put("alg.csv", content);
    const failure = await failureOf(read());

    expect(failure.code).toBe(code);
    expect(failure.message).toContain("alg.csv");
    expect(failure.hint).not.toBe("");
  });

  it("is empty, or is not there", async () => {
    await folder.put(".DS_Store", "");
    expect(await failureOf(read())).toMatchObject({ code: "source.no-exports", exitCode: 3 });

    const missing = readGradebookExports(`${folder.path}-gone`, rosterOf(ALGEBRA), never, told.tell);
    expect(await failureOf(missing)).toMatchObject({ code: "source.no-folder", exitCode: 3 });
  });

  it("may hold other things, which are named", async () => {
    await folder.put("alg.csv", fine);
    await folder.put("seating.xlsx", "");
    await readAll();

    expect(told.events).toEqual([{ event: "grades.other-files", details: { files: ["seating.xlsx"] } }]);
  });
});
