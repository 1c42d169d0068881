import { describe, expect, it } from "vitest";
import { coursePage, hasNews, pageName } from "../../../jobs/passback/course-summary.ts";
import { because, problem, type Row, row, type Why } from "../../../jobs/passback/rows.ts";
import { createTally } from "../../../jobs/passback/tally.ts";

const FACTS = { run: "20261121T020003Z-grades", at: "2026-11-21T02:00:03.000Z", dryRun: false };

function courseOf(rows: Row[], name = "Algebra I") {
  const tally = createTally();
  tally.name({ course: "ALG1", class: "alg1-p2" }, name);
  tally.add({ course: "ALG1", class: "alg1-p2" }, rows);
  return tally.courses()[0]!;
}

const grade = (student: string, outcome: Row["outcome"], why?: Why) =>
  row({ record: "result", assignment: "7", title: "Quiz", student, score: "8" }, outcome, why);

describe("the page of a course", () => {
  it("says what went, what did not, in whose words, what to do, and of whom by id", () => {
    const refused = problem(
      "the SIS refused the grade (422)",
      "Unlock it in the SIS.",
      "Grading window closed",
    );
    const page = coursePage(
      courseOf([
        row({ record: "lineItem", assignment: "7", title: "Quiz", student: "" }, "sent"),
        ...Array.from({ length: 1200 }, (_, n) => grade(`s${n}`, "sent")),
        grade("s7", "refused", refused),
        grade("s8", "unchanged", because("taken back in Canvas")),
      ]),
      FACTS,
    );
    expect(page).toBe(
      [
        "Grades of Algebra I (ALG1)",
        "Class alg1-p2",
        "Run 20261121T020003Z-grades, 2026-11-21T02:00:03.000Z",
        "",
        "Assignments: 1 sent, 0 in the SIS already, 0 not sent, 0 refused by the SIS",
        "Grades: 1,200 sent, 1 in the SIS already, 0 not sent, 1 refused by the SIS",
        "",
        "WHAT DID NOT REACH THE SIS",
        "",
        "* 1 grade: the SIS refused the grade (422)",
        "    The SIS says: Grading window closed",
        "    What to do: Unlock it in the SIS.",
        "    Of: Quiz",
        "    Students: s7",
        "",
        "FOR YOUR INFORMATION",
        "",
        "* 1 grade: taken back in Canvas",
        "    Of: Quiz",
        "    Students: s8",
        "",
      ].join("\n"),
    );
  });

  it("of a dry run says so, and counts what would be sent", () => {
    const page = coursePage(courseOf([grade("s1", "would-send")]), { ...FACTS, dryRun: true });
    expect(page).toContain("a dry run: nothing was sent");
    expect(page).toContain("Grades: 1 would be sent");
    expect(page).toContain("Nothing needs your attention.");
  });

  it("holds nothing that would paint a terminal or break its lines, whatever the SIS says", () => {
    const page = coursePage(
      courseOf([grade("s1", "refused", problem("no", "", "\u001b[31mred\r\nFAKE LINE"))], "A\nB"),
      FACTS,
    );
    expect(page).not.toMatch(/[^\P{Cc}\n]/u);
    expect(page.split("\n")).not.toContain("FAKE LINE");
  });

  it("is made only where there is something to tell", () => {
    expect(hasNews(courseOf([grade("s1", "unchanged")]))).toBe(false);
    expect(hasNews(courseOf([grade("s1", "sent")]))).toBe(true);
    expect(hasNews(courseOf([grade("s1", "would-send")]))).toBe(true);
    expect(hasNews(courseOf([grade("s1", "unchanged", because("taken back"))]))).toBe(true);
  });

  it("has a name that any file system takes, in the folder and nowhere else, and each course its own", () => {
    const ids = [
      "ALG1",
      "../../etc/passwd",
      "a/b",
      "a b",
      "a=20b",
      "..",
      ".hidden",
      "Ünï",
      "x".repeat(400),
      "漢".repeat(200),
      "lone \ud800",
    ];
    const names = ids.map(pageName);
    expect(new Set(names).size).toBe(ids.length);
    for (const name of names) {
      expect(name).toMatch(/^[^./\\][^/\\]*\.txt$/);
      expect(Buffer.byteLength(name)).toBeLessThan(255);
    }
  });

  it("keeps long ids apart that begin alike", () => {
    const id = (end: string) => `${"district-course-".repeat(10)}${end}`;
    expect(pageName(id("1"))).not.toBe(pageName(id("2")));
  });
});
