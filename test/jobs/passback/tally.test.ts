import { describe, expect, it } from "vitest";
import { because, type Outcome, problem, type Row, row, type Why } from "../../../jobs/passback/rows.ts";
import { createTally, type TallyState } from "../../../jobs/passback/tally.ts";

const PLACE = { course: "ALG1", class: "alg1-p2" };

function result(student: string, outcome: Outcome, why?: Why, title = "Quiz"): Row {
  return row({ record: "result", assignment: "7", title, student }, outcome, why);
}

describe("createTally", () => {
  it("counts line items and results by what became of them", () => {
    const tally = createTally();
    tally.add(PLACE, [
      row({ record: "lineItem", assignment: "7", title: "Quiz", student: "" }, "sent"),
      ...(["sent", "removed", "unchanged", "skipped", "refused", "unknown", "would-send"] as const).map(
        (outcome, at) => result(`s${at}`, outcome),
      ),
    ]);
    tally.add({ ...PLACE, course: "ART" }, [result("s1", "sent")]);
    expect(tally.entry()).toEqual({
      lineItems: { sent: 1, unchanged: 0, skipped: 0, refused: 0, wouldSend: 0 },
      results: { sent: 3, unchanged: 1, skipped: 1, refused: 2, wouldSend: 1 },
      reasons: [],
    });
    expect(tally.courses().map(({ course, results }) => [course, results.sent])).toEqual([
      ["ALG1", 2],
      ["ART", 1],
    ]);
  });

  it("gives the problems of all courses by reason, the most frequent first, and no mere information", () => {
    const tally = createTally();
    const [rare, often, none] = [problem("rare"), problem("often"), because("as it should be")];
    tally.add(PLACE, [
      result("s1", "skipped", rare),
      result("s2", "unchanged", none),
      result("s3", "skipped", often),
    ]);
    tally.add({ course: "ART", class: "art" }, [result("s1", "skipped", often)]);
    expect(tally.entry().reasons).toEqual([
      { reason: "often", count: 2 },
      { reason: "rare", count: 1 },
    ]);
  });

  it("puts rows of one cause together, apart by the SIS's words, and names the first few students and titles", () => {
    const tally = createTally();
    const refused = (words: string) => problem("refused", "unlock it", words);
    for (let n = 0; n < 40; n++)
      tally.add(PLACE, [result(`s${n}`, "refused", refused("locked"), `Quiz ${n % 2}`)]);
    tally.add(PLACE, [result("s1", "refused", refused("no such student"))]);
    const [locked, unknown] = tally.courses()[0]!.groups;
    expect(locked).toMatchObject({
      count: 40,
      sisMessage: "locked",
      hint: "unlock it",
      titles: ["Quiz 0", "Quiz 1"],
    });
    expect(locked!.students).toHaveLength(12);
    expect(unknown).toMatchObject({ count: 1, students: ["s1"] });
  });

  it("stays small and loses no count where a SIS says something else of every record", () => {
    const tally = createTally();
    for (let n = 0; n < 500; n++)
      tally.add(PLACE, [result("s1", "refused", problem("refused", "", `error ${n}`))]);
    expect(tally.courses()[0]!.groups.length).toBeLessThan(80);
    expect(tally.entry().reasons).toEqual([{ reason: "refused", count: 500 }]);
  });

  it("goes on from what was written down, and keeps the first name of a course", () => {
    const first = createTally();
    first.name(PLACE, "Algebra I");
    first.add(PLACE, [result("s1", "skipped", problem("no due date"))]);
    const kept = JSON.parse(JSON.stringify({ courses: first.courses() })) as TallyState;
    const second = createTally(kept);
    second.name(PLACE, "Another");
    second.add({ ...PLACE, class: "alg1-p3" }, [result("s2", "skipped", problem("no due date"))]);
    expect(second.courses()).toMatchObject([
      { name: "Algebra I", classes: ["alg1-p2", "alg1-p3"], groups: [{ count: 2, students: ["s1", "s2"] }] },
    ]);
  });
});
