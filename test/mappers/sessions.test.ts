import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AcademicSession } from "../../connectors/oneroster/records.ts";
import { type TermChoice, indexSessions, pickTerm } from "../../mappers/sessions.ts";
import { session } from "./records.ts";

const CHOICES: TermChoice[] = ["covering", "first", "last", "longest", "schoolYear"];

/** A school year of two semesters of two quarters; and the next one. */
const YEAR = [
  session("Y", { type: "schoolYear", startDate: "2026-08-17", endDate: "2027-06-11" }),
  session("S1", { type: "semester", startDate: "2026-08-17", endDate: "2026-12-18", parent: "Y" }),
  session("S2", { type: "semester", startDate: "2027-01-04", endDate: "2027-06-11", parent: "Y" }),
  session("Q1", { type: "gradingPeriod", startDate: "2026-08-17", endDate: "2026-10-16", parent: "S1" }),
  session("Q2", { type: "gradingPeriod", startDate: "2026-10-19", endDate: "2026-12-18", parent: "S1" }),
  session("Q3", { type: "gradingPeriod", startDate: "2027-01-04", endDate: "2027-03-19", parent: "S2" }),
  session("Q4", { type: "gradingPeriod", startDate: "2027-03-22", endDate: "2027-06-11", parent: "S2" }),
  session("NextY", { type: "schoolYear", startDate: "2027-08-16", endDate: "2028-06-09" }),
  session("NextS1", { type: "semester", startDate: "2027-08-16", endDate: "2027-12-17", parent: "NextY" }),
];

function picked(ids: string[], choice: TermChoice, sessions: AcademicSession[] = YEAR): string {
  const pick = pickTerm(ids, indexSessions(sessions, { endDates: "inclusive" }), choice);
  return pick.session?.sourcedId ?? `problem: ${pick.problem ?? ""}`;
}

describe("pickTerm covering", () => {
  it.each([
    ["two quarters → their semester", ["Q1", "Q2"], "S1"],
    ["the other two → theirs", ["Q4", "Q3"], "S2"],
    ["two semesters → the school year", ["S1", "S2"], "Y"],
    ["quarters of both semesters → the school year", ["Q1", "Q4"], "Y"],
    ["all four quarters → the school year", ["Q1", "Q2", "Q3", "Q4"], "Y"],
    ["one session → itself", ["Q3"], "Q3"],
    ["a semester with its quarters → the semester", ["Q2", "S1", "Q1"], "S1"],
    ["everything → the school year", ["Q1", "Q2", "S1", "S2", "Y"], "Y"],
  ])("%s", (_, ids, expected) => {
    expect(picked(ids, "covering")).toBe(expected);
  });

  it("covers by dates where the SIS sends no parents", () => {
    const flat = YEAR.map((one) => ({ ...one, parent: undefined }));
    expect(picked(["Q1", "S1"], "covering", flat)).toBe("S1");
    expect(picked(["Q1", "Q2"], "covering", flat)).toContain("problem: no academic session covers Q1, Q2");
  });

  it("covers by parents where a semester's dates are a day short", () => {
    const short = YEAR.map((one) => (one.sourcedId === "S1" ? { ...one, endDate: "2026-12-17" } : one));
    expect(picked(["Q1", "Q2"], "covering", short)).toBe("S1");
  });

  it("does not end access early through a parent shorter than what lies under it", () => {
    const broken = YEAR.map((one) => (one.sourcedId === "S1" ? { ...one, endDate: "2026-08-18" } : one));
    expect(picked(["Q1", "Q2"], "covering", broken)).toBe("Y");
    expect(picked(["Q1"], "covering", broken)).toBe("Q1");
  });

  it("takes its own session before an ancestor of the same length", () => {
    const sessions = [
      session("a-parent", { type: "gradingPeriod" }),
      session("z-own", { type: "schoolYear", parent: "a-parent" }),
      session("part", { startDate: "2026-09-01", endDate: "2026-10-01", parent: "z-own" }),
    ];
    expect(picked(["z-own", "part"], "covering", sessions)).toBe("z-own");
  });

  it("takes the smaller type, then the smaller sourcedId, of own ones of the same length", () => {
    const types = ["schoolYear", "semester", "term", "gradingPeriod"];
    const sessions = types.map((type, index) => session(`${index}`, { type }));
    expect(picked(["0", "1", "2", "3"], "covering", sessions)).toBe("3");
    expect(picked(["0", "1", "2"], "covering", sessions)).toBe("2");
    expect(picked(["0", "1"], "covering", sessions)).toBe("1");
    expect(picked(["b", "a"], "covering", [session("b"), session("a")])).toBe("a");
  });

  it("takes the smaller sourcedId of ancestors of the same length, whichever class's session they belong to", () => {
    const part = { startDate: "2026-09-01", endDate: "2026-10-01" };
    const sessions = [
      session("B"),
      session("A"),
      session("q1", { ...part, parent: "B" }),
      session("q2", { ...part, startDate: "2026-09-02", endDate: "2026-10-02", parent: "A" }),
    ];
    expect(picked(["q1", "q2"], "covering", sessions)).toBe("A");
  });

  it("takes a parent as long as one of those under it, although its dates are a little off", () => {
    const sessions = [
      session("S", { startDate: "2026-08-17", endDate: "2026-12-17" }),
      session("a", { startDate: "2026-08-18", endDate: "2026-12-18", parent: "S" }),
      session("b", { startDate: "2026-09-01", endDate: "2026-10-01", parent: "S" }),
      session("c", { startDate: "2026-08-17", endDate: "2026-08-20", parent: "S" }),
    ];
    expect(picked(["a", "b", "c"], "covering", sessions)).toBe("S");
  });

  it("says which sessions nothing covers, and what else could be chosen", () => {
    expect(picked(["S2", "NextS1"], "covering")).toMatch(
      /^problem: .*S2, NextS1.*first, last, longest or schoolYear/,
    );
  });

  it("goes through a parent that is gone to the one above it", () => {
    const sessions = YEAR.map((one) => (one.sourcedId === "S1" ? { ...one, gone: true } : one));
    expect(picked(["Q1", "Q2"], "covering", sessions)).toBe("Y");
  });
});

describe("pickTerm by dates", () => {
  it.each([
    ["first", ["Q2", "Q1"], "Q1"],
    ["first", ["S1", "Y", "Q1"], "Q1"],
    ["first", ["Q4", "Y"], "Y"],
    ["last", ["Q3", "Q4", "Q1"], "Q4"],
    ["last", ["Y", "S2", "Q4"], "Q4"],
    ["last", ["Q1", "Y"], "Y"],
    ["longest", ["Q1", "Q2", "S2"], "S2"],
    ["longest", ["Q1", "Y"], "Y"],
  ] as const)("%s of %j is %s", (choice, ids, expected) => {
    expect(picked([...ids], choice)).toBe(expected);
  });

  it("takes the earlier of two longest ones", () => {
    const sessions = [
      session("late", { startDate: "2027-01-01", endDate: "2027-02-01" }),
      session("zoo", { startDate: "2026-01-01", endDate: "2026-02-01" }),
    ];
    expect(picked(["late", "zoo"], "longest", sessions)).toBe("zoo");
  });
});

describe("pickTerm schoolYear", () => {
  it.each([
    ["a quarter → the year above its semester", ["Q3"], "Y"],
    ["sessions of one year → that year", ["Q1", "S2"], "Y"],
    ["the year itself → itself", ["Y"], "Y"],
  ])("%s", (_, ids, expected) => {
    expect(picked(ids, "schoolYear")).toBe(expected);
  });

  it.each(["schoolyear", "SCHOOLYEAR", "SchoolYear"])("reads the type %s in any case", (type) => {
    expect(picked(["Q1"], "schoolYear", [...YEAR, session("Y", { type })])).toBe("Y");
  });

  it("takes the nearest of two above each other", () => {
    const sessions = [
      session("far", { type: "schoolYear" }),
      session("near", { type: "schoolYear", parent: "far" }),
      session("term", { parent: "near" }),
    ];
    expect(picked(["term"], "schoolYear", sessions)).toBe("near");
  });

  it("refuses sessions of two years, and names the years", () => {
    expect(picked(["S2", "NextS1"], "schoolYear")).toMatch(/^problem: .*Y, NextY/);
  });

  it("refuses a session that has no school year above it, and names it", () => {
    expect(picked(["Q1", "lone"], "schoolYear", [...YEAR, session("lone")])).toMatch(
      /^problem: .*above lone/,
    );
  });
});

describe("pickTerm, whatever is chosen", () => {
  it.each(CHOICES)("%s refuses a class without sessions: Canvas's Default Term never ends", (choice) => {
    expect(picked([], choice)).toMatch(/^problem: the class has no academic session/);
  });

  it.each([
    ["gone", session("bad", { gone: true }), "is gone"],
    ["never sent", session("other"), "was not sent by the SIS"],
    [
      "without a day",
      session("bad", { startDate: "2027-06-12", endDate: "2027-06-11" }),
      "ends before it begins",
    ],
  ])("passes over a session that is %s, and notes it", (_, bad, words) => {
    for (const choice of CHOICES) {
      const index = indexSessions([...YEAR, bad], { endDates: "inclusive" });
      const pick = pickTerm(["bad", "Y"], index, choice);
      expect(pick.session?.sourcedId, choice).toBe("Y");
      expect(pick).toHaveProperty("notes", [
        { field: "terms", reason: `one of its academic sessions ${words}` },
      ]);
      expect(pickTerm(["bad"], index, choice).problem, choice).toContain(`bad ${words}`);
    }
  });

  it.each(CHOICES)(
    "%s makes no term of the others when a session is there that could not be read",
    (choice) => {
      const there = YEAR.filter(({ sourcedId }) => sourcedId !== "Q2");
      const index = indexSessions(there, { endDates: "inclusive", unread: new Set(["Q2"]) });
      for (const ids of [["Q1", "Q2"], ["Q2", "Y"], ["Q2"]]) {
        expect(pickTerm(ids, index, choice).problem).toContain("session Q2 was left out");
      }
      expect(pickTerm(["S1"], index, choice).problem).toBeUndefined();
    },
  );

  it("refuses a session whose id Canvas could not store", () => {
    const index = indexSessions([session("Y\0")], { endDates: "inclusive" });
    expect(pickTerm(["Y\0"], index, "covering").problem).toContain("NUL");
  });

  it("reads a session that begins and ends on one day as that day, or as none where endDate is excluded", () => {
    const one = session("day", { startDate: "2026-09-01", endDate: "2026-09-01" });
    expect(pickTerm(["day"], indexSessions([one], { endDates: "inclusive" }), "covering").session).toBe(one);
    expect(pickTerm(["day"], indexSessions([one], { endDates: "exclusive" }), "covering").problem).toContain(
      "day",
    );
  });

  it("does not hang on parents that form a ring", () => {
    const ring = [
      session("A", { parent: "B", endDate: "2026-09-01" }),
      session("B", { parent: "C", endDate: "2026-10-01" }),
      session("C", { parent: "A" }),
      session("self", { parent: "self" }),
    ];
    expect(picked(["A", "B"], "covering", ring)).toBe("B");
    expect(picked(["A"], "schoolYear", ring)).toContain("problem");
    expect(picked(["self"], "schoolYear", ring)).toContain("problem");
  });

  it("keeps a problem readable however many sessions it is about", () => {
    const ids = Array.from({ length: 200 }, (_, index) => `session-${index}`);
    expect(picked(ids, "covering").length).toBeLessThan(600);
    expect(picked(ids, "covering")).toContain("and 192 more");
    expect(picked(ids.slice(0, 8), "covering")).toMatch(/session-7 was not sent by the SIS$/);
  });
});

describe("pickTerm over any tree of sessions", () => {
  const day = fc
    .integer({ min: 0, max: 300 })
    .map((n) => new Date(Date.UTC(2026, 7, 1 + n)).toISOString().slice(0, 10));
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const sessions = fc.tuple(
    ...ids.map((id) =>
      fc.record({
        sourcedId: fc.constant(id),
        gone: fc.boolean(),
        title: fc.constant("t"),
        dateLastModified: fc.constant(""),
        type: fc.constantFrom("gradingPeriod", "term", "semester", "schoolYear"),
        startDate: day,
        endDate: day,
        parent: fc.option(fc.constantFrom(...ids, "unknown"), { nil: undefined }),
      }),
    ),
  );
  const own = fc.uniqueArray(fc.constantFrom(...ids, "unknown"), { maxLength: 4 });
  const usable = (one: AcademicSession | undefined) =>
    one !== undefined && !one.gone && one.startDate <= one.endDate;

  it("answers with a session that can be used, or with a problem, for every choice", () => {
    fc.assert(
      fc.property(sessions, own, fc.constantFrom(...CHOICES), (tree, asked, choice) => {
        const pick = pickTerm(asked, indexSessions(tree, { endDates: "inclusive" }), choice);
        if (pick.problem === undefined) expect(usable(pick.session)).toBe(true);
        else expect(pick.problem).not.toBe("");
      }),
    );
  });

  it("does not depend on the order in which sessions or classes' references were sent", () => {
    fc.assert(
      fc.property(sessions, own, fc.constantFrom(...CHOICES), (tree, asked, choice) => {
        const one = pickTerm(asked, indexSessions(tree, { endDates: "inclusive" }), choice);
        const other = pickTerm(
          [...asked].reverse(),
          indexSessions([...tree].reverse(), { endDates: "inclusive" }),
          choice,
        );
        expect(other.session).toEqual(one.session);
      }),
    );
  });

  it("covers: nothing smaller that has all of the class's days was passed over", () => {
    const length = (one: AcademicSession) => Date.parse(one.endDate) - Date.parse(one.startDate);
    fc.assert(
      fc.property(sessions, own, (tree, asked) => {
        const pick = pickTerm(asked, indexSessions(tree, { endDates: "inclusive" }), "covering");
        const mine = tree.filter((one) => asked.includes(one.sourcedId) && usable(one));
        const smaller = mine.filter(
          (candidate) =>
            (pick.session === undefined || length(candidate) < length(pick.session)) &&
            mine.every((one) => candidate.startDate <= one.startDate && candidate.endDate >= one.endDate),
        );
        expect(mine.length < 2 ? [] : smaller).toEqual([]);
        if (pick.session !== undefined) {
          for (const one of mine) expect(length(one)).toBeLessThanOrEqual(length(pick.session));
        }
      }),
    );
  });
});
