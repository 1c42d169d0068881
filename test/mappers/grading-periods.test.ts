import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradingPeriodOf, type GradingSession } from "../../mappers/grading-periods.ts";
import { session } from "./records.ts";

const ZONE = "America/Los_Angeles";

function period(sourcedId: string, startDate: string, endDate: string, parent?: string): GradingSession {
  return session(sourcedId, { type: "gradingPeriod", startDate, endDate, parent });
}

const YEAR = session("year", { type: "schoolYear", startDate: "2026-08-17", endDate: "2027-06-11" });
const S1 = session("S1", {
  type: "semester",
  startDate: "2026-08-17",
  endDate: "2026-12-18",
  parent: "year",
});
const QUARTERS = [
  period("Q1", "2026-08-17", "2026-10-16", "S1"),
  period("Q2", "2026-10-17", "2026-12-18", "S1"),
];
const ALL = [YEAR, S1, ...QUARTERS];

function at(
  dueDate: string,
  sessions: readonly GradingSession[] = ALL,
  term = "S1",
  endDates = "inclusive" as const,
) {
  return gradingPeriodOf(dueDate, sessions, term, ZONE, endDates);
}

describe("gradingPeriodOf", () => {
  it("is the period on whose days the work is due, where the school is", () => {
    expect(at("2026-10-17T06:59:59Z")).toBe("Q1");
    expect(at("2026-10-17T07:00:00Z")).toBe("Q2");
    expect(at("2026-08-17T06:59:59Z")).toBe(null);
    expect(at("2026-12-19T08:00:00Z")).toBe(null);
  });

  it("does not count a last day that the SIS does not mean", () => {
    const periods = [period("Q1", "2026-08-17", "2026-10-17"), period("Q2", "2026-10-17", "2026-12-19")];
    expect(gradingPeriodOf("2026-10-17T20:00:00Z", periods, "S1", ZONE, "exclusive")).toBe("Q2");
    expect(gradingPeriodOf("2026-10-16T20:00:00Z", periods, "S1", ZONE, "exclusive")).toBe("Q1");
  });

  it("prefers those of the section's term to another school's", () => {
    const other = period("other-Q1", "2026-08-17", "2026-10-16", "other-S1");
    expect(at("2026-09-01T20:00:00Z", [other, ...ALL])).toBe("Q1");
    expect(at("2026-09-01T20:00:00Z", [other, ...ALL], "other-S1")).toBe("other-Q1");
    expect(at("2026-09-01T20:00:00Z", [other, ...ALL], "Q1")).toBe("Q1");
  });

  it("finds the period around a shorter term", () => {
    const whole = period("P1", "2026-08-17", "2026-12-18");
    const term = session("T1", { parent: "P1" });
    expect(at("2026-09-01T20:00:00Z", [whole, term, period("X", "2026-08-17", "2026-12-18")], "T1")).toBe(
      "P1",
    );
  });

  it("is none where several cannot be told apart, rather than another school's", () => {
    const twins = [period("a-Q1", "2026-08-17", "2026-10-16"), period("b-Q1", "2026-08-17", "2026-10-16")];
    expect(at("2026-09-01T20:00:00Z", twins, "merged term")).toBe(null);
    expect(
      at("2026-09-01T20:00:00Z", [...twins, period("W3", "2026-08-31", "2026-09-04")], "merged term"),
    ).toBe("W3");
  });

  it("takes the shortest session where the SIS has none of the type, but no school year", () => {
    const terms = [YEAR, S1, session("T1", { startDate: "2026-08-17", endDate: "2026-10-16", parent: "S1" })];
    expect(at("2026-09-01T20:00:00Z", terms)).toBe("T1");
    expect(at("2026-12-01T20:00:00Z", terms)).toBe("S1");
    expect(at("2026-12-01T20:00:00Z", [YEAR])).toBe(null);
  });

  it("reads types in any case, and passes over what is gone", () => {
    const [Q1] = QUARTERS;
    expect(at("2026-09-01T20:00:00Z", [YEAR, S1, { ...Q1!, type: "GradingPeriod" }])).toBe("Q1");
    expect(at("2026-09-01T20:00:00Z", [{ ...Q1!, gone: true }])).toBe(null);
  });

  it("comes to an end where parents are in a ring", () => {
    const ring = [period("A", "2026-08-17", "2026-10-16", "B"), period("B", "2026-08-17", "2026-12-18", "A")];
    expect(at("2026-09-01T20:00:00Z", ring, "elsewhere")).toBe("A");
  });

  it("is none for a due date that is no date", () => {
    expect(at("")).toBe(null);
    expect(at("soon")).toBe(null);
  });

  it("always has the day of the due date within it", () => {
    const day = fc
      .date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true })
      .map((date) => date.toISOString());
    const days = day.map((text) => text.slice(0, 10));
    const sessions = fc.array(
      fc.tuple(fc.uuid(), days, days).map(([id, a, b]) => period(id, a < b ? a : b, a < b ? b : a)),
    );
    fc.assert(
      fc.property(day, sessions, (due, periods) => {
        const found = gradingPeriodOf(due, periods, "S1", "UTC", "inclusive");
        const inside = periods.filter(
          (one) => one.startDate <= due.slice(0, 10) && due.slice(0, 10) <= one.endDate,
        );
        if (found === null) expect(inside.length).not.toBe(1);
        else expect(inside.map(({ sourcedId }) => sourcedId)).toContain(found);
      }),
    );
  });
});
