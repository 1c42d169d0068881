import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Submission } from "../../connectors/canvas/records.ts";
import type { GradebookContext } from "../../mappers/gradebook-body.ts";
import {
  clearedResult,
  mapResult,
  resultBody,
  type ResultInput,
  unscoredResults,
} from "../../mappers/results.ts";
import { assignment, blank, context, grades, resultInput, submission, total } from "./graded-work.ts";

const SIS = "https://sis.example.org/ims/oneroster/v1p1";
const V12 = { version: "1.2" } as const;

function map(said: Partial<ResultInput>, rules: object = {}, about: Partial<GradebookContext> = {}) {
  return mapResult(resultInput(said), grades({ result: rules }), context(about));
}

function work(said: Partial<Submission>, rules: object = {}, about: Partial<GradebookContext> = {}) {
  return map({ submission: submission(said) }, rules, about);
}

function sent(said: Partial<Submission>, rules: object = {}, about: Partial<GradebookContext> = {}) {
  const mapped = work(said, rules, about);
  if (mapped.kind !== "send") throw new Error(mapped.kind);
  return mapped.result;
}

const anyFlag = fc.option(fc.boolean(), { nil: undefined });
const anyScore = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }), {
  nil: undefined,
});
const anyWork: fc.Arbitrary<Submission> = fc
  .record({
    score: anyScore,
    excused: anyFlag,
    missing: anyFlag,
    late: anyFlag,
    graded: anyFlag,
    posted: anyFlag,
  })
  .map((fields) => ({
    sis_user_id: "u-1",
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  }));
const anyRules = fc.record({
  negative: fc.constantFrom("send", "zero", "skip"),
  overMax: fc.constantFrom("send", "cap", "skip"),
  exemptScore: fc.constantFrom("null", "zero", "omit"),
  unposted: fc.constantFrom("skip", "send"),
});

describe("mapResult", () => {
  it("says of graded work what the SIS needs, and nothing else", () => {
    expect(
      map({
        submission: submission({ comment: "Well done", graded_at: "2026-10-04T01:00:00Z", late: true }),
      }),
    ).toEqual({
      kind: "send",
      result: {
        status: "active",
        student: { href: `${SIS}/users/student-1`, sourcedId: "student-1", type: "user" },
        scoreStatus: "fully graded",
        score: 17.5,
      },
    });
  });

  it("takes a score as graded where the source does not know more", () => {
    const { sis_user_id } = submission();
    expect(map({ submission: { sis_user_id, score: 3 } })).toMatchObject({
      result: { scoreStatus: "fully graded", score: 3 },
    });
  });

  it.each([
    ["null", { scoreStatus: "exempt", score: null }],
    ["zero", { scoreStatus: "exempt", score: 0 }],
  ])("says that excused work is exempt, with a score of %s", (exemptScore, result) => {
    expect(sent({ excused: true }, { exemptScore })).toMatchObject(result);
  });

  it("leaves the score of excused work out where told", () => {
    const result = sent({ excused: true }, { exemptScore: "omit" });
    expect(result["scoreStatus"]).toBe("exempt");
    expect(result).not.toHaveProperty("score");
  });

  it("never sends the score that excused work once had", () => {
    fc.assert(
      fc.property(anyWork, anyRules, (any, rules) => {
        const mapped = map({ submission: { ...any, excused: true } }, rules);
        if (mapped.kind !== "send") return;
        expect(mapped.result["scoreStatus"]).toBe("exempt");
        expect([null, 0, undefined]).toContain(mapped.result["score"]);
      }),
    );
  });

  it("says that missing work with a score is not submitted, and sends the score", () => {
    expect(sent({ missing: true, score: 0 })).toMatchObject({ scoreStatus: "not submitted", score: 0 });
  });

  it("says that missing work without a score is not submitted, hidden or not, and that no score may be lost by it", () => {
    for (const posted of [true, false]) {
      expect(map({ submission: blank({ missing: true, posted }) })).toMatchObject({
        kind: "missing",
        result: { scoreStatus: "not submitted", score: null },
      });
    }
  });

  it.each([
    ["nobody graded", blank()],
    ["was handed in", blank({ submitted_at: "2026-10-02T20:00:00Z" })],
    ["is ungraded, and so not posted either", blank({ posted: false })],
  ])("has nothing to send for work that %s", (_, ungraded) => {
    expect(map({ submission: ungraded })).toEqual({ kind: "cleared" });
  });

  it("keeps what the SIS has while a score waits to be graded again", () => {
    expect(work({ graded: false })).toMatchObject({
      kind: "skip",
      reason: expect.stringMatching(/waits to be graded/) as string,
    });
  });

  it("keeps hidden grades hidden, and does not take them for taken back", () => {
    fc.assert(
      fc.property(anyWork, (any) => {
        const isBlank = any.score === undefined && any.excused !== true;
        fc.pre(!isBlank || (any.graded !== false && any.missing !== true));
        expect(map({ submission: { ...any, posted: false } })).toMatchObject({
          kind: "skip",
          reason: expect.stringMatching(/not posted.*Post grades in Canvas/) as string,
        });
      }),
    );
  });

  it("sends hidden grades where told", () => {
    expect(sent({ posted: false }, { unposted: "send" })).toEqual(sent({}));
    expect(sent({ posted: false, excused: true }, { unposted: "send" })).toMatchObject({
      scoreStatus: "exempt",
    });
  });

  it("does not take scores that Canvas itself hides for taken back, also where hidden grades are sent", () => {
    const hidden = { sis_user_id: "u-1", posted: false };
    expect(map({ submission: hidden }, { unposted: "send" })).toMatchObject({ kind: "skip" });
    expect(map({ submission: { ...hidden, graded: true } }, { unposted: "send" })).toEqual({
      kind: "cleared",
    });
  });

  it("skips what the source could not read, with its words", () => {
    expect(work({ problem: "The score is no number." })).toEqual({
      kind: "skip",
      reason: "The score is no number.",
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("never sends %s", (score) => {
    expect(work({ score })).toMatchObject({ kind: "skip" });
  });

  it.each([
    ["send", { kind: "send", result: { score: -2.5 } }],
    ["zero", { kind: "send", result: { score: 0 } }],
    ["skip", { kind: "skip" }],
  ])("treats negative scores as told: %s", (negative, outcome) => {
    expect(work({ score: -2.5 }, { negative })).toMatchObject(outcome);
  });

  it.each([
    ["send", { kind: "send", result: { score: 24 } }],
    ["cap", { kind: "send", result: { score: 20 } }],
    ["skip", { kind: "skip" }],
  ])("treats scores over the maximum as told: %s", (overMax, outcome) => {
    expect(work({ score: 24 }, { overMax })).toMatchObject(outcome);
  });

  it("takes nothing away where there is no maximum to be over", () => {
    const unknown = assignment();
    delete unknown.points_possible;
    for (const one of [assignment({ points_possible: 0 }), unknown]) {
      for (const overMax of ["send", "cap", "skip"]) {
        expect(map({ assignment: one, submission: submission({ score: 3 }) }, { overMax })).toMatchObject({
          result: { score: 3 },
        });
      }
    }
  });

  it("holds totals to 100", () => {
    const over = { assignment: total(), submission: submission({ score: 103.5 }) };
    expect(map(over, { overMax: "cap" })).toMatchObject({ result: { score: 100 } });
    expect(map(over)).toMatchObject({ result: { score: 103.5 } });
  });

  it("sends a score between 0 and the maximum as it is, whatever is done with others", () => {
    const score = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(score, anyRules, (within, rules) => {
        expect(sent({ score: within }, rules)["score"]).toBe(within);
      }),
    );
  });

  it("never sends anything without a status, nor a score outside the limits that were asked for", () => {
    fc.assert(
      fc.property(anyWork, anyRules, (any, rules) => {
        const mapped = map({ submission: any }, rules);
        if (mapped.kind !== "send") return;
        const { scoreStatus, score } = mapped.result as { scoreStatus: string; score?: number | null };
        expect(["fully graded", "not submitted", "exempt"]).toContain(scoreStatus);
        if (typeof score !== "number") return;
        if (rules.negative !== "send") expect(score).toBeGreaterThanOrEqual(0);
        if (rules.overMax !== "send") expect(score).toBeLessThanOrEqual(20);
      }),
      { numRuns: 500 },
    );
  });

  it("takes for cleared only what has neither score nor excuse", () => {
    fc.assert(
      fc.property(anyWork, anyRules, (any, rules) => {
        if (map({ submission: any }, rules).kind !== "cleared") return;
        expect(any).not.toHaveProperty("score");
        expect(any.excused).not.toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("sends comments and dates only where told", () => {
    const said = { comment: "See me", graded_at: "2026-10-04T01:00:00Z" };
    expect(Object.keys(sent(said))).toEqual(["status", "student", "scoreStatus", "score"]);
    expect(sent(said, { comment: true, scoreDate: true })).toMatchObject({
      comment: "See me",
      scoreDate: "2026-10-03",
    });
    expect(sent({}, { comment: true })).not.toHaveProperty("comment");
  });

  it("dates a score by the day there, or else by what is known, never by today", () => {
    const rules = { scoreDate: true };
    const submitted_at = "2026-10-02T20:00:00Z";
    expect(sent({ submitted_at }, rules)).toMatchObject({ scoreDate: "2026-10-02" });
    expect(sent({}, rules)).toMatchObject({ scoreDate: "2026-10-02" });
    expect(map({ assignment: total(), dueDate: "2027-06-12T06:59:59Z" }, rules)).toMatchObject({
      result: { scoreDate: "2027-06-11" },
    });
    expect(map({ assignment: total() }, rules)).not.toHaveProperty("result.scoreDate");
  });

  it("adds what OneRoster 1.2 requires and offers: the date, and flags as text", () => {
    expect(sent({ missing: false, late: true }, {}, V12)).toMatchObject({
      ...{ scoreDate: "2026-10-02", missing: "false", late: "true" },
    });
    expect(sent({}, {}, V12)).not.toHaveProperty("late");
    expect(sent({ missing: false, late: true })).not.toHaveProperty("missing");
    expect(sent({}, { omit: ["scoreDate"] }, V12)).not.toHaveProperty("scoreDate");
  });

  it("sends no score as null in OneRoster 1.2, whether exempt or cleared", () => {
    const exempt = sent({ excused: true }, { exemptScore: "null" }, V12);
    expect(exempt).toMatchObject({ scoreStatus: "exempt" });
    expect(exempt).not.toHaveProperty("score");
    expect(sent({ excused: true }, { exemptScore: "zero" }, V12)).toMatchObject({ score: 0 });
  });

  it("leaves out, replaces and adds what the configuration says, of Canvas's own data", () => {
    const rules = {
      omit: ["status", "student.href"],
      values: { textScore: "{submission.grade}", score: "{submission.entered_score}" },
      metadata: {
        who: "{student.sourcedId} in {class.sourcedId}",
        late: "{submission.late}",
        missing: "{submission.missing}",
      },
    };
    expect(sent({ late: true, more: { grade: "B+", entered_score: 19 } }, rules)).toEqual({
      student: { sourcedId: "student-1", type: "user" },
      scoreStatus: "fully graded",
      textScore: "B+",
      score: 19,
      metadata: { who: "student-1 in class-1", late: true, missing: null },
    });
  });
});

describe("resultBody", () => {
  it("adds the line item", () => {
    const body = resultBody(sent({}), "li 1", grades(), context());
    expect(body).toEqual({
      ...sent({}),
      lineItem: { href: `${SIS}/lineItems/li%201`, sourcedId: "li 1", type: "lineItem" },
    });
  });

  it("leaves it out where told, or a part of it", () => {
    const shaped = (omit: string[]) => resultBody(sent({}), "li-1", grades({ result: { omit } }), context());
    expect(shaped(["lineItem"])).toEqual(sent({}));
    expect(shaped(["lineItem.href"])["lineItem"]).toEqual({ sourcedId: "li-1", type: "lineItem" });
  });

  it("does not change the result that it is made of", () => {
    const result = sent({});
    resultBody(result, "li-1", grades({ result: { omit: ["score"] } }), context());
    expect(result).toEqual(sent({}));
  });
});

describe("clearedResult", () => {
  it("overwrites a score with none", () => {
    expect(clearedResult(resultInput({ submission: blank() }), grades(), context())).toEqual({
      status: "active",
      student: { href: `${SIS}/users/student-1`, sourcedId: "student-1", type: "user" },
      scoreStatus: "not submitted",
      score: null,
    });
  });
});

describe("unscoredResults", () => {
  it.each([{}, V12])(
    "are what was sent of the work before it was handed in, or not excused any more (%j)",
    (about) => {
      const { score: _, ...ungraded } = submission({});
      const then = (said: Partial<Submission>) => {
        const mapped = map({ submission: { ...ungraded, ...said } }, {}, about);
        return "result" in mapped ? mapped.result : mapped.kind;
      };
      const graded_at = "2026-10-04T01:00:00Z";
      const now = { ...ungraded, late: true, submitted_at: "2026-10-05T01:00:00Z", graded_at };
      const unscored = (said: Partial<Submission> = {}) =>
        unscoredResults(resultInput({ submission: { ...now, ...said } }), grades({}), context(about));
      const before = { missing: then({ missing: true }), excused: then({ excused: true, graded_at }) };
      expect(unscored()).toEqual(before);
      expect(unscored({ missing: true })).toEqual(before);
    },
  );
});
