import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Roster } from "../../../config/schema.ts";
import type { CrossedRows, MovedTerm } from "../../../connectors/store/roster/compared.ts";
import { judge } from "../../../jobs/night/guard.ts";
import { compared } from "./comparisons.ts";

const { guard: LIMITS, missing } = Roster.parse({});
const FACTS = {
  ...{ missing, schools: [], configChanged: false, versionChanged: false, baselineProblem: undefined },
  ...{ today: "2026-11-20", timezone: "America/Los_Angeles" },
};

/** Days of Los Angeles. */
const FALL: MovedTerm = {
  ...{ term_id: "fa26", name: "Fall 2026", direction: "closed" },
  before: { start: "2026-08-10T07:00:00Z", end: "2027-06-12T06:59:59Z" },
  after: { start: "2027-08-09T07:00:00Z", end: "2028-06-10T06:59:59Z" },
};

function crossed(said: Partial<CrossedRows>): CrossedRows {
  return {
    ...{ account_id: "103", name: "Lincoln High", file: "courses", by: "terms", term_id: "fa26" },
    ...{ direction: "closed", rows: 0, last: 100, ...said },
  };
}

const verdict = (
  rows: CrossedRows[],
  { terms = [FALL], ...limits }: { terms?: MovedTerm[] } & Partial<typeof LIMITS> = {},
) => judge(compared({ dates: { terms, rows } }), { ...LIMITS, ...limits }, FACTS);
const messages = (...night: Parameters<typeof verdict>) =>
  verdict(...night).violations.map(({ message }) => message);

const LINCOLN = [crossed({ rows: 30 }), crossed({ file: "enrollments", rows: 400, last: 655 })];

describe("the guard of dates", () => {
  it("holds a night that closes a school, and says which term, from what to what, how much and why", () => {
    expect(verdict(LINCOLN)).toEqual({
      violations: [
        {
          ...{ rule: "dates", file: "terms", account_id: "103" },
          message:
            'Lincoln High: 30 of 100 courses and 400 of 655 enrollments would close (61 %, limit 10 %), as new dates of terms move across today, 2026-11-20: fa26 "Fall 2026" (2026-08-10 to 2027-06-11, now 2027-08-09 to 2028-06-09)',
        },
      ],
      causes: [expect.stringMatching(/move by about a year: it looks like a rollover that came early/)],
    });
  });

  it("measures the institution as a whole as well", () => {
    const everywhere = Array.from({ length: 30 }, (_, n) =>
      crossed({ account_id: `${n}`, name: "", file: "enrollments", rows: 45, last: 600 }),
    );
    const [first, ...others] = verdict(everywhere).violations;
    expect(first).toMatchObject({ file: "terms", account_id: null });
    expect(first?.message).toMatch(/^terms: 1,350 of 12,000 enrollments would close \(11 %, limit 10 %\)/);
    expect(others).toEqual([]);
  });

  it("adds up what several terms close, and names the first three", () => {
    const terms = ["q1", "q2", "q3", "q4", "q5"].map((term_id) => ({ ...FALL, term_id, name: term_id }));
    const rows = terms.map(({ term_id }, n) => crossed({ term_id, rows: 3 + n }));
    const [message = ""] = messages(rows, { terms });
    expect(message).toMatch(/^Lincoln High: 25 of 100 courses would close \(25 %, limit 10 %\)/);
    expect(message).toMatch(/: q5 \(.+\), q4 \(.+\), q3 \(.+\), 2 more$/);
  });

  it("holds one that opens what was over", () => {
    const terms: MovedTerm[] = [{ ...FALL, direction: "opened" }];
    const [message] = messages([crossed({ direction: "opened", rows: 60 })], { terms });
    expect(message).toMatch(/^Lincoln High: 60 of 100 courses would open again \(60 %, limit 10 %\)/);
  });

  it.for<CrossedRows["by"]>(["sections", "enrollments"])("holds one in which %s have new dates", (by) => {
    const rows = [crossed({ file: "enrollments", by, term_id: "", rows: 600, last: 655 })];
    const { violations, causes } = verdict(rows, { terms: [] });
    expect(violations).toEqual([
      {
        ...{ rule: "dates", file: by, account_id: "103" },
        message: `Lincoln High: 600 of 655 enrollments would close (91 %, limit 10 %), as new dates of ${by} move across today, 2026-11-20`,
      },
    ]);
    expect(causes).toEqual([expect.stringMatching(new RegExp(`^Dates of ${by} move:`))]);
  });

  it.for<[number, number, boolean]>([
    [10, 100, false],
    [11, 100, true],
    [5, 50, false],
    [6, 50, true],
    [48, 49, false],
    [49, 49, true],
    [10, 10, true],
    [9, 9, false],
  ])("%i of %i rows: held %j", ([rows, last, isHeld]) => {
    const { violations } = verdict([crossed({ rows, last })]);
    expect(violations.filter(({ account_id }) => account_id === "103")).toHaveLength(isHeld ? 1 : 0);
  });

  it("lets everything pass where every row may be removed", () => {
    expect(messages(LINCOLN, { maxRemovedPercent: 100 })).toEqual([]);
    expect(messages([crossed({ rows: 12, last: 12 })], { maxRemovedPercent: 100 })).toEqual([]);
  });

  it("does not call a change of weeks a rollover", () => {
    const after = { start: FALL.before.start, end: "2026-11-10T07:59:59Z" };
    const { causes } = verdict(LINCOLN, { terms: [{ ...FALL, after }] });
    expect(causes).toEqual([expect.stringContaining("academic sessions were edited in the SIS")]);
  });

  it("names terms on one plain line", () => {
    const terms = [{ ...FALL, name: "Fall\n\u001b[2J" }];
    expect(messages(LINCOLN, { terms })[0]).toContain('fa26 "Fall [2J" (');
  });

  it("says the same whatever order schools and terms come in", () => {
    const row = fc
      .record({
        account_id: fc.constantFrom("1", "2"),
        file: fc.constantFrom("courses", "enrollments"),
        term_id: fc.constantFrom("a", "b", "c"),
        direction: fc.constantFrom("closed", "opened"),
        rows: fc.nat({ max: 40 }),
      })
      .map((said) => crossed({ ...(said as Partial<CrossedRows>), name: "" }));
    const terms = ["a", "b", "c"].map((term_id) => ({ ...FALL, term_id }));
    const key = ({ account_id, file, term_id, direction }: CrossedRows) =>
      [account_id, file, term_id, direction].join();
    fc.assert(
      fc.property(fc.uniqueArray(row, { maxLength: 12, selector: key }), (rows) => {
        const turned = verdict(rows.toReversed(), { terms: terms.toReversed() });
        expect(turned).toEqual(verdict(rows, { terms }));
      }),
    );
  });
});
