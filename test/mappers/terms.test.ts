import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { termIdOf, toTermRow } from "../../mappers/terms.ts";
import { session } from "./records.ts";

const LOS_ANGELES = { timezone: "America/Los_Angeles", endDates: "inclusive" } as const;

describe("termIdOf", () => {
  const merge = { pattern: "-(?<term>[^-]+)$" };

  it("is the sourcedId, unless sessions are merged", () => {
    expect(termIdOf(session("101-2027S1"), undefined)).toBe("101-2027S1");
  });

  it("makes one term of the sessions that schools have for the same time", () => {
    expect(termIdOf(session("101-2027S1"), merge)).toBe("2027S1");
    expect(termIdOf(session("102-2027S1"), merge)).toBe("2027S1");
    expect(termIdOf(session("102-2027S2"), merge)).toBe("2027S2");
  });

  it.each([
    ["does not match", "2027S1", merge],
    ["has a group that matches nothing", "101-", { pattern: "-(?<term>[^-]*)$" }],
    ["has a group that takes no part", "101", { pattern: "^101|-(?<term>.+)$" }],
    ["finds only spaces", "101- ", { pattern: "-(?<term>.*)$" }],
  ])("leaves a session alone whose pattern %s", (_, sourcedId, pattern) => {
    expect(termIdOf(session(sourcedId), pattern)).toBe(sourcedId);
  });

  it("reads ids outside ASCII", () => {
    expect(termIdOf(session("école-été"), { pattern: String.raw`-(?<term>\p{L}+)$` })).toBe("été");
  });

  it("answers the same every time", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        (id) => termIdOf(session(id), merge) === termIdOf(session(id), merge),
      ),
    );
  });
});

describe("toTermRow", () => {
  it("gives one session as a term, from its first day to the end of its last", () => {
    const one = session("Y27", { title: " 2026-27 ", startDate: "2026-08-17", endDate: "2027-06-11" });
    expect(toTermRow([one], "Y27", LOS_ANGELES)).toEqual({
      term_id: "Y27",
      name: "2026-27",
      status: "active",
      start_date: "2026-08-17T07:00:00Z",
      end_date: "2027-06-12T06:59:59Z",
    });
  });

  it("ends a day earlier where the SIS's endDate is excluded", () => {
    const one = session("Y27", { endDate: "2027-06-12" });
    expect(toTermRow([one], "Y27", { ...LOS_ANGELES, endDates: "exclusive" }).end_date).toBe(
      "2027-06-12T06:59:59Z",
    );
  });

  it("gives merged sessions the title that most have, the earliest start and the latest end", () => {
    const sessions = [
      session("101-S1", { title: "Fall", startDate: "2026-08-20", endDate: "2026-12-18" }),
      session("102-S1", { title: "Semester 1", startDate: "2026-08-17", endDate: "2026-12-11" }),
      session("103-S1", { title: "Semester 1", startDate: "2026-08-24", endDate: "2027-01-15" }),
    ];
    expect(toTermRow(sessions, "S1", { timezone: "UTC", endDates: "inclusive" })).toEqual({
      term_id: "S1",
      name: "Semester 1",
      status: "active",
      start_date: "2026-08-17T00:00:00Z",
      end_date: "2027-01-15T23:59:59Z",
    });
  });

  it("takes the smallest of titles that are equally frequent", () => {
    const sessions = ["Sem 1", "Fall", "Sem 1", "Fall"].map((title, index) => session(`${index}`, { title }));
    expect(toTermRow(sessions, "S1", LOS_ANGELES).name).toBe("Fall");
  });

  it("has a name, without NUL, whatever the titles are: Canvas takes no term without one", () => {
    expect(
      toTermRow([session("a", { title: " \0 " }), session("b", { title: "" })], "S1", LOS_ANGELES).name,
    ).toBe("S1");
    expect(toTermRow([session("a", { title: "Fa\0ll" })], "S1", LOS_ANGELES).name).toBe("Fall");
  });

  it("does not depend on the order of the sessions, and is as long as any of them", () => {
    const day = fc
      .integer({ min: 0, max: 300 })
      .map((n) => new Date(Date.UTC(2026, 7, 1 + n)).toISOString().slice(0, 10));
    const one = fc
      .tuple(fc.constantFrom("Fall", "S1", "Sem 1"), day, day)
      .map(([title, a, b]) => session("x", { title, startDate: a < b ? a : b, endDate: a < b ? b : a }));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (sessions) => {
        const row = toTermRow(sessions, "S1", LOS_ANGELES);
        expect(toTermRow([...sessions].reverse(), "S1", LOS_ANGELES)).toEqual(row);
        for (const each of sessions) {
          const alone = toTermRow([each], "S1", LOS_ANGELES);
          expect(row.start_date <= alone.start_date && row.end_date >= alone.end_date).toBe(true);
        }
      }),
    );
  });
});
