import { describe, expect, it } from "vitest";
import { lastOf } from "./delivered.ts";
import type { Night, Row } from "./night.ts";
import { account, AUGUST, course, enrollment, JUNE, school, section, term, user } from "./rows.ts";

/** The day of every night here is 2026-11-20. */
const [LAST_AUGUST, LAST_JUNE] = ["2025-08-10T00:00:00Z", "2026-06-11T23:59:59Z"];
const [NEXT_AUGUST, NEXT_JUNE] = ["2027-08-10T00:00:00Z", "2028-06-11T23:59:59Z"];

const CURRENT = { start_date: AUGUST, end_date: JUNE };
const OVER = { start_date: LAST_AUGUST, end_date: LAST_JUNE };
const TO_COME = { start_date: NEXT_AUGUST, end_date: NEXT_JUNE };

/** math and art in the school, gym in the annex, all in the term fall. */
function nightOf(
  dates: Row = CURRENT,
  of: { section?: Row; enrollment?: Row; course?: Row; more?: Partial<Night> } = {},
): Night {
  const night = school({
    accounts: [account("annex")],
    users: [user("alice"), user("bob")],
    enrollments: ["alice@math", "bob@math", "bob@gym"].map((id) => enrollment(id, of.enrollment)),
  });
  return {
    ...night,
    terms: [term("fall", dates), term("other", OVER)],
    courses: [course("math", of.course), course("art"), course("gym", { account_id: "annex" })],
    sections: ["math", "art", "gym"].map((id) => section(id, of.section)),
    ...of.more,
  };
}

async function moved(before: Night, after: Night) {
  const { compared } = await lastOf([before, after]);
  const rows = compared.dates.rows.map(
    ({ account_id, file, by, term_id, direction, rows, last }) =>
      `${account_id}: ${rows} of ${last} ${file} ${direction} by ${by} ${term_id}`,
  );
  return { terms: compared.dates.terms, rows: rows.sort() };
}

const CLOSED = [
  "annex: 1 of 1 courses closed by terms fall",
  "annex: 1 of 1 enrollments closed by terms fall",
  "school: 2 of 2 courses closed by terms fall",
  "school: 2 of 2 enrollments closed by terms fall",
];

describe("dates that move across the day of the run", () => {
  it.for<[string, Row]>([
    ["next year's", TO_COME],
    ["last year's", OVER],
  ])("close the courses and enrollments of a term that gets %s", async ([, dates]) => {
    expect(await moved(nightOf(), nightOf(dates))).toEqual({
      terms: [
        {
          ...{ term_id: "fall", name: "Term fall", direction: "closed" },
          before: { start: AUGUST, end: JUNE },
          after: { start: dates["start_date"], end: dates["end_date"] },
        },
      ],
      rows: CLOSED,
    });
  });

  it("open those of a term that was over", async () => {
    const { terms, rows } = await moved(nightOf(OVER), nightOf());
    expect(terms).toMatchObject([{ term_id: "fall", direction: "opened" }]);
    expect(rows).toEqual(CLOSED.map((line) => line.replace("closed", "opened")));
  });

  it.for<[string, Row, Row]>([
    ["a snow day", CURRENT, { ...CURRENT, end_date: "2027-06-14T23:59:59Z" }],
    ["a term that ended and stays over", OVER, { ...OVER, end_date: "2026-06-20T23:59:59Z" }],
    ["a term that is over and put off", OVER, TO_COME],
    ["a term that begins earlier", TO_COME, CURRENT],
    ["today as the last day", CURRENT, { ...CURRENT, end_date: "2026-11-20T23:59:59Z" }],
    ["today as the first day", CURRENT, { ...CURRENT, start_date: "2026-11-20T00:00:00Z" }],
  ])("are not %s", async ([, before, after]) => {
    expect(await moved(nightOf(before), nightOf(after))).toEqual({ terms: [], rows: [] });
  });

  it("are yesterday as the last day", async () => {
    const { rows } = await moved(nightOf(), nightOf({ ...CURRENT, end_date: "2026-11-19T23:59:59Z" }));
    expect(rows).toEqual(CLOSED);
  });

  it("do not count enrollments with dates of their own, nor those in sections with such", async () => {
    const own = { enrollment: CURRENT };
    expect((await moved(nightOf(CURRENT, own), nightOf(OVER, own))).rows).toEqual(
      CLOSED.filter((line) => line.includes("courses")),
    );
    const sections = { section: CURRENT };
    expect((await moved(nightOf(CURRENT, sections), nightOf(OVER, sections))).rows).toEqual(
      CLOSED.filter((line) => line.includes("courses")),
    );
  });

  it("count enrollments with one date, which have the other of their term", async () => {
    const half = { enrollment: { start_date: AUGUST, end_date: "" } };
    expect((await moved(nightOf(CURRENT, half), nightOf(OVER, half))).rows).toEqual(
      CLOSED.map((line) =>
        line.replace("enrollments closed by terms fall", "enrollments closed by enrollments "),
      ),
    );
  });

  it("may be those of sections, with their enrollments", async () => {
    expect(
      await moved(nightOf(CURRENT, { section: CURRENT }), nightOf(CURRENT, { section: TO_COME })),
    ).toEqual({
      terms: [],
      rows: [
        "annex: 1 of 1 enrollments closed by sections ",
        "annex: 1 of 1 sections closed by sections ",
        "school: 2 of 2 enrollments closed by sections ",
        "school: 2 of 2 sections closed by sections ",
      ],
    });
  });

  it("may be those of enrollments, also where they had none before", async () => {
    for (const before of [{ enrollment: CURRENT }, {}]) {
      expect((await moved(nightOf(CURRENT, before), nightOf(CURRENT, { enrollment: OVER }))).rows).toEqual([
        "annex: 1 of 1 enrollments closed by enrollments ",
        "school: 2 of 2 enrollments closed by enrollments ",
      ]);
    }
  });

  it("are none where enrollments get dates as the term has them", async () => {
    expect((await moved(nightOf(OVER), nightOf(OVER, { enrollment: OVER }))).rows).toEqual([]);
  });

  it("are not a course that went to another term", async () => {
    const other = { course: { term_id: "other" } };
    const both = await moved(nightOf(CURRENT, { course: { term_id: "fall" } }), nightOf(CURRENT, other));
    expect(both.rows).toEqual([]);
    expect((await moved(nightOf(), nightOf(OVER, other))).rows).toEqual([
      "annex: 1 of 1 courses closed by terms fall",
      "annex: 1 of 1 enrollments closed by terms fall",
      "school: 1 of 2 courses closed by terms fall",
    ]);
  });

  it("do not count what is new or gone tonight", async () => {
    const night = nightOf(OVER);
    const after = { ...night, enrollments: [enrollment("alice@art"), enrollment("bob@gym")] };
    expect((await moved(nightOf(), after)).rows).toEqual(
      CLOSED.filter((line) => !/school.*enroll/.test(line)),
    );
  });
});
