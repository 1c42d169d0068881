import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Roster } from "../../../config/schema.ts";
import type { Compared, MovedColumn, SchoolChange } from "../../../connectors/store/roster/compared.ts";
import type { RosterFile } from "../../../connectors/store/roster/settle.ts";
import { type GuardFacts, holdMessage, judge } from "../../../jobs/night/guard.ts";
import { compared, file, move, school } from "./comparisons.ts";

const { guard: LIMITS, missing: MISSING } = Roster.parse({});
const FACTS: GuardFacts = {
  missing: MISSING,
  today: "2026-11-20",
  timezone: "America/Los_Angeles",
  schools: [],
  configChanged: false,
  versionChanged: false,
  baselineProblem: undefined,
};

type Limits = typeof LIMITS;

const verdict = (tonight: Compared, limits: Partial<Limits> = {}, facts: Partial<GuardFacts> = {}) =>
  judge(tonight, { ...LIMITS, ...limits }, { ...FACTS, ...facts });
const messages = (...night: Parameters<typeof verdict>) =>
  verdict(...night).violations.map(({ message }) => message);
const rules = (...night: Parameters<typeof verdict>) => verdict(...night).violations.map(({ rule }) => rule);
const causes = (...night: Parameters<typeof verdict>) => verdict(...night).causes;

describe("a night like the last one", () => {
  it("passes, and nothing is said of causes", () => {
    expect(verdict(compared(), {}, { configChanged: true })).toEqual({ violations: [], causes: [] });
  });

  it("passes with as many new and changed rows as there may be", () => {
    const tonight = compared({
      files: { users: { added: 5_000, changed: 2_200 }, enrollments: { added: 90_000, unchanged: 12_000 } },
      schools: [school({ added: 9_000, changed: 655 })],
    });
    expect(messages(tonight)).toEqual([]);
  });
});

describe("removed rows", () => {
  it("of a school hold the night, in words that say which, how many and over which limit", () => {
    expect(verdict(compared({ schools: [school({ removed: 612 })] })).violations).toEqual([
      {
        rule: "removed-percent",
        file: "enrollments",
        account_id: "103",
        message: "Lincoln High: 612 of 655 enrollments would be deleted (93 %, limit 10 %)",
      },
    ]);
  });

  it("of a file hold the night", () => {
    const tonight = compared({ files: { enrollments: { removed: 1_800, unchanged: 10_200 } } });
    expect(messages(tonight)).toEqual([
      "enrollments: 1,800 of 12,000 enrollments would be deleted (15 %, limit 10 %)",
    ]);
  });

  it.for<[RosterFile, Partial<GuardFacts["missing"]>, string]>([
    ["users", {}, "be suspended"],
    ["users", { users: "delete" }, "be deleted"],
    ["enrollments", { enrollments: "complete" }, "be completed"],
    ["enrollments", { enrollments: "inactivate" }, "be made inactive"],
    ["courses", {}, "no longer be sent"],
    ["terms", { terms: "delete" }, "be deleted"],
  ])("of %s with roster.missing %j would %s", ([name, policy, verb]) => {
    const tonight = compared({ files: { [name]: { removed: 30, unchanged: 70 } } });
    expect(messages(tonight, {}, { missing: { ...MISSING, ...policy } })).toEqual([
      `${name}: 30 of 100 ${name} would ${verb} (30 %, limit 10 %)`,
    ]);
  });

  it("are allowed up to the very limit, and not one more", () => {
    const gone = (removed: number) => compared({ schools: [school({ last: 50, removed })] });
    expect(messages(gone(5))).toEqual([]);
    expect(messages(gone(6))).toEqual([
      "Lincoln High: 6 of 50 enrollments would be deleted (12 %, limit 10 %)",
    ]);
  });

  it("are not measured in percent where there were fewer rows than minRowsForPercent", () => {
    const gone = (last: number) => compared({ schools: [school({ last, removed: last })] });
    expect(messages(gone(49))).toEqual([]);
    expect(messages(gone(50))).toHaveLength(1);
    expect(messages(gone(1), { minRowsForPercent: 0 })).toHaveLength(1);
  });

  it("stand beside the limit with as many decimals as show that it is exceeded", () => {
    const tonight = (removed: number, last: number) => compared({ schools: [school({ last, removed })] });
    expect(messages(tonight(1_001, 10_000))[0]).toContain("(10.01 %, limit 10 %)");
    expect(messages(tonight(9_999, 10_000))[0]).toContain("(99 %, limit 10 %)");
    expect(messages(tonight(1, 30_000), { maxRemovedPercent: 0 })[0]).toContain("(0.003 %, limit 0 %)");
  });

  it("are held exactly as in arithmetic without binary fractions", () => {
    const hundredths = fc.integer({ min: 0, max: 10_000 });
    const rows = fc.integer({ min: 50, max: 5_000_000 });
    // In binary, 0.57 times 10,000 is a hair less than 5,700.
    const aHairLess = compared({ schools: [school({ last: 10_000, removed: 57 })] });
    expect(messages(aHairLess, { maxRemovedPercent: 0.57 })).toEqual([]);
    fc.assert(
      fc.property(hundredths, rows, fc.boolean(), (limit, last, oneMore) => {
        const allowed = Math.floor((limit * last) / 10_000);
        const removed = Math.min(last, oneMore ? allowed + 1 : allowed);
        const tonight = compared({ schools: [school({ last, removed })] });
        const isOver = BigInt(removed) * 10_000n > BigInt(limit) * BigInt(last);
        expect(messages(tonight, { maxRemovedPercent: limit / 100 })).toHaveLength(isOver ? 1 : 0);
      }),
    );
  });

  it("of any file are counted against maxRemovedRows, when there is such a limit", () => {
    const tonight = compared({ files: { users: { removed: 21, unchanged: 2_179 } } });
    expect(rules(tonight, { maxRemovedRows: 21 })).toEqual([]);
    expect(messages(tonight, { maxRemovedRows: 20 })).toEqual([
      "users: 21 of 2,200 users would be suspended (limit 20 rows)",
    ]);
    expect(rules(tonight, { maxRemovedRows: 0 })).toEqual(["removed-rows"]);
  });

  it("that belong to no school are the district's", () => {
    const tonight = compared({ schools: [school({ account_id: "", name: "", last: 100, removed: 80 })] });
    expect(messages(tonight)[0]).toMatch(/^the district \(no school\): 80 of 100/);
  });

  it("of a school whose name would paint on a terminal are told on one plain line", () => {
    const tonight = compared({ schools: [school({ name: "Lin\n\u001b[2Jcoln", removed: 600 })] });
    expect(messages(tonight)[0]).toMatch(/^Lin \[2Jcoln: 600/);
  });
});

describe("users whom their own record suspends", () => {
  const disabled = (suspended: number, removed = 0) =>
    compared({
      files: { users: { changed: suspended, suspended, removed, unchanged: 2_200 - suspended - removed } },
    });

  it("hold the night like removed ones, in words of their own", () => {
    expect(verdict(disabled(1_900))).toEqual({
      violations: [
        {
          ...{ rule: "removed-percent", file: "users", account_id: null },
          message:
            "users: 1,900 of 2,200 users would be suspended, as enabledUser is false (86 %, limit 10 %)",
        },
      ],
      causes: [expect.stringMatching(/^Users who were active have enabledUser false tonight/)],
    });
  });

  it("are allowed up to the very limit, together with those who are gone", () => {
    expect(messages(disabled(220))).toEqual([]);
    expect(messages(disabled(221))).toHaveLength(1);
    expect(messages(disabled(100, 120))).toEqual([]);
    expect(messages(disabled(100, 121))).toEqual([
      "users: 121 of 2,200 users would be suspended, as they are gone, and 100 would be suspended, as enabledUser is false (10.04 %, limit 10 %)",
    ]);
    const policy = { missing: { ...MISSING, users: "delete" } } as const;
    expect(messages(disabled(100, 121), {}, policy)[0]).toMatch(
      /^users: 121 of 2,200 users would be deleted, as they are gone, and 100 would be suspended/,
    );
  });

  it("hold it for one school as well, and for a limit in rows", () => {
    const one = school({ file: "users", last: 300, changed: 40, suspended: 40 });
    expect(verdict(compared({ schools: [one] })).violations).toEqual([
      {
        ...{ rule: "removed-percent", file: "users", account_id: "103" },
        message:
          "Lincoln High: 40 of 300 users would be suspended, as enabledUser is false (13 %, limit 10 %)",
      },
    ]);
    expect(messages(disabled(15, 6), { maxRemovedRows: 21 })).toEqual([]);
    expect(rules(disabled(16, 6), { maxRemovedRows: 21 })).toEqual(["removed-rows"]);
  });

  it("are no cause of a night that is held for those who are gone", () => {
    expect(causes(disabled(6, 600))).toEqual([]);
  });
});

describe("a required file without a row", () => {
  it("holds the night, also the first one", () => {
    const tonight = compared({ files: { sections: { removed: 420 } } });
    expect(messages(tonight, { maxRemovedPercent: 100 })).toEqual([
      "sections: there would be not one (last night 420), and roster.guard.requireFiles wants some",
    ]);
    const first = compared({ baseline: undefined, files: { users: {} } });
    expect(verdict(first).violations).toMatchObject([{ rule: "required-file", file: "users" }]);
  });

  it("is one that no row of tonight stands in, whatever is sent of those that are gone", () => {
    const tonight = compared({ files: { courses: { removed: 400 } } });
    expect(rules(tonight, {}, { missing: { ...MISSING, courses: "delete" } })).toContain("required-file");
  });

  it("does not hold it when the file is not required", () => {
    const none = compared({ baseline: undefined, files: { terms: {}, courses: {} } });
    expect(rules(none, { requireFiles: ["users"] })).toEqual([]);
  });
});

describe("ids that are nearly all new", () => {
  const renumbered = (removed: number, added: number) =>
    compared({ files: { users: { added, removed, unchanged: 2_200 - removed } } });

  it("hold the night, even where every row may be removed", () => {
    expect(messages(renumbered(2_150, 2_160), { maxRemovedPercent: 100 })).toEqual([
      "users: 2,150 of 2,200 ids are gone, and 2,160 new ones have come: Canvas would have new, empty users in place of nearly all",
    ]);
  });

  it("are four of five, gone and come", () => {
    const anyRemoval = { maxRemovedPercent: 100 };
    expect(rules(renumbered(1_760, 1_760), anyRemoval)).toEqual(["new-ids"]);
    expect(rules(renumbered(1_759, 1_760), anyRemoval)).toEqual([]);
    expect(rules(renumbered(1_760, 1_759), anyRemoval)).toEqual([]);
  });

  it("are no news in a file of few rows, nor in one whose rows have no life of their own", () => {
    const few = compared({
      files: { users: { added: 49, removed: 49 }, enrollments: { added: 9, removed: 9 } },
    });
    expect(rules(few)).toEqual([]);
    const regrouped = compared({ files: { enrollments: { added: 12_000, removed: 12_000 } } });
    expect(rules(regrouped, { maxRemovedPercent: 100 })).toEqual([]);
  });
});

describe("a term or course that moved", () => {
  it.for<[Partial<MovedColumn>, string]>([
    [{}, "Lincoln High: 60 of 100 courses would move to another term (60 %; term_id)"],
    [
      { column: "account_id" },
      "Lincoln High: 60 of 100 courses would move to another account (60 %; account_id)",
    ],
    [
      { file: "sections", column: "course_id" },
      "Lincoln High: 60 of 100 sections would move to another course (60 %; course_id)",
    ],
  ])("holds the night when it did for most of a school: %j", ([said, message]) => {
    expect(messages(compared({ moved: [move({ changed: 60, ...said })] }))).toEqual([message]);
  });

  it.for<[number, number, boolean]>([
    [50, 100, false],
    [51, 100, true],
    [26, 50, true],
    [48, 49, false],
    [49, 49, true],
    [10, 10, true],
    [9, 9, false],
  ])("%i of %i rows: held %j", ([changed, both, isHeld]) => {
    expect(rules(compared({ moved: [move({ both, changed })] }))).toEqual(isHeld ? ["moved"] : []);
  });

  it("is no matter of other columns: names and dates may change for all", () => {
    const columns = ["long_name", "status", "start_date"].map((column) => move({ column, changed: 100 }));
    expect(rules(compared({ moved: columns }))).toEqual([]);
  });
});

describe("a baseline that cannot be read", () => {
  it("holds the night first of all, and offers to begin again", () => {
    const tonight = compared({ baseline: undefined, files: { users: {} } });
    const { violations } = verdict(tonight, {}, { baselineProblem: "users.csv is not there any more" });
    expect(violations.map(({ rule }) => rule)).toEqual(["baseline", "required-file"]);
    expect(violations[0]?.message).toBe(
      "The last delivered night cannot be compared with (users.csv is not there any more): nobody knows what would be removed. Accepting takes tonight as the first night.",
    );
  });
});

describe("violations", () => {
  it("are told most severe first, whatever order the schools come in", () => {
    const schools = [
      school({ removed: 300 }),
      school({ account_id: "104", name: "Washington High", removed: 612 }),
      school({ file: "users", last: 300, removed: 290 }),
    ];
    const tonight = compared({
      files: { sections: { removed: 420 }, enrollments: { removed: 2_000, unchanged: 10_000 } },
      schools,
      moved: [move({ changed: 99 })],
    });
    const told = messages(tonight, { maxRemovedRows: 1_999 });
    expect(told.map((message) => message.slice(0, 46))).toMatchInlineSnapshot(`
      [
        "sections: there would be not one (last night 4",
        "enrollments: 2,000 of 12,000 enrollments would",
        "enrollments: 2,000 of 12,000 enrollments would",
        "Washington High: 612 of 655 enrollments would ",
        "sections: 420 of 420 sections would be deleted",
        "Lincoln High: 300 of 655 enrollments would be ",
        "Lincoln High: 290 of 300 users would be suspen",
        "Lincoln High: 99 of 100 courses would move to ",
      ]
    `);
    expect(messages({ ...tonight, schools: schools.toReversed() }, { maxRemovedRows: 1_999 })).toEqual(told);
  });
});

describe("what it looks like", () => {
  it("is a school that the SIS did not send", () => {
    const gone = { removed: 655 };
    const tonight = compared({
      schools: [school(gone), school({ file: "sections", last: 41, removed: 41 })],
    });
    expect(causes(tonight)).toEqual([
      "Lincoln High (103) has lost everything, 655 enrollments and 41 sections: it looks as if the SIS did not send this school's data.",
    ]);
    expect(causes(compared({ schools: [school({ removed: 654 })] }))).toEqual([]);
  });

  it("is a school that source.schools leaves out", () => {
    const schools = [
      school({ removed: 655 }),
      school({ account_id: "104", name: "Washington", removed: 655 }),
    ];
    expect(causes(compared({ schools }), {}, { schools: ["101", "104"], configChanged: true })).toEqual([
      "source.schools does not name 103 any more: was it taken out on purpose? All of Lincoln High (103) would go: 655 enrollments.",
      "Washington (104) has lost everything, 655 enrollments: it looks as if the SIS did not send this school's data.",
      expect.stringMatching(/^The config is not what it was on the last delivered night/),
    ]);
  });

  it("is named for a few schools and counted for the rest", () => {
    const schools = Array.from({ length: 9 }, (_, index) =>
      school({ account_id: `s${index}`, name: "", removed: 655 }),
    );
    const told = causes(compared({ schools }));
    expect(told).toHaveLength(6);
    expect(told[0]).toMatch(/^s0 has lost everything/);
    expect(told.at(-1)).toBe("The same of 4 more schools.");
  });

  it("is ids that were given anew: as many come as go, with the same names", () => {
    const tonight = compared({
      files: { users: { added: 2_190, removed: 2_195, unchanged: 5 } },
      schools: [school({ last: 655, removed: 655, added: 655 })],
      renamed: [{ file: "users", pairs: 2_100, examples: [{ before: "ann@example.org", after: "u-1" }] }],
    });
    expect(causes(tonight)).toEqual([
      "users: 2,195 are gone and 2,190 have come, 2,100 of them with the same names: it looks as if users got new ids (roster.users.id, or the SIS).",
    ]);
  });

  it("is ids of another version of OneRoster, and says so, with Infinite Campus's way back", () => {
    const renamed = (examples: { before: string; after: string }[]) =>
      compared({
        files: { users: { added: 2_190, removed: 2_195, unchanged: 5 } },
        schools: [school({ last: 655, removed: 655, added: 655 })],
        renamed: [{ file: "users", pairs: 2_100, examples }],
      });
    const lost = renamed([
      { before: "s123", after: "123" },
      { before: "t9", after: "9" },
    ]);
    const [cause] = causes(lost, {}, { versionChanged: true });
    expect(cause).toContain("it looks as if users got new ids");
    expect(cause).toContain("source.version is not what it was on that night");
    expect(cause).toContain("without the letter before them");
    expect(cause).toContain("metadata.ic.legacysourceId");
    expect(causes(lost)[0]).not.toContain("source.version");
    for (const other of [
      { before: "s123", after: "124" },
      { before: "st123", after: "123" },
    ]) {
      expect(causes(renamed([{ before: "s1", after: "1" }, other]))[0]).not.toContain("letter");
    }
  });

  it("is not ids because of a few namesakes", () => {
    const tonight = compared({
      files: { users: { added: 400, removed: 400, unchanged: 1_800 } },
      renamed: [{ file: "users", pairs: 199, examples: [] }],
    });
    expect(rules(tonight)).toEqual(["removed-percent"]);
    expect(causes(tonight)).toEqual([]);
  });

  it("is a collection that came empty, not each of its schools", () => {
    const tonight = compared({
      files: { enrollments: { removed: 12_000 } },
      schools: [school({ removed: 655 }), school({ account_id: "104", removed: 655 })],
    });
    expect(causes(tonight)).toEqual([
      "All 12,000 enrollments are gone: the SIS sent none that count, or source.filters, source.exclude or the config's roles leave them out.",
    ]);
  });
});

describe("whatever changes", () => {
  const FILES = ["accounts", "terms", "courses", "sections", "users", "enrollments"] as const;
  const rows = fc.nat({ max: 300 });
  const change = fc.record({ added: rows, changed: rows, removed: rows, unchanged: rows });
  const anyFile = fc.constantFrom(...FILES);
  const anySchool = fc
    .record({
      account_id: fc.constantFrom("", "1", "2", "3"),
      file: anyFile,
      last: rows,
      removed: rows,
      added: rows,
    })
    .map((said): SchoolChange => school({ ...said, removed: Math.min(said.last, said.removed) }));
  const anyMove = fc
    .record({ account_id: fc.constantFrom("", "1", "2"), both: rows, changed: rows })
    .map((said): MovedColumn => move({ ...said, changed: Math.min(said.both, said.changed) }));
  const tonight = fc
    .record({
      files: fc.record(Object.fromEntries(FILES.map((name) => [name, change]))),
      schools: fc.array(anySchool, { maxLength: 8 }),
      moved: fc.array(anyMove, { maxLength: 4 }),
    })
    .map((said) => compared(said));
  const limits = fc.record({
    maxRemovedPercent: fc.integer({ min: 0, max: 100 }),
    minRowsForPercent: fc.nat({ max: 100 }),
    maxRemovedRows: fc.option(rows),
    requireFiles: fc.subarray([...FILES]),
  });
  const without = (all: Compared, changes: Partial<Compared>): Compared => ({ ...all, ...changes });

  it("a night in which nothing is removed, moved or new never waits", () => {
    fc.assert(
      fc.property(tonight, limits, (night, guard) => {
        const files = Object.fromEntries(
          Object.entries(night.files).map(([name, { changed, unchanged }]) => [
            name,
            file({ changed, unchanged: unchanged + 1 }),
          ]),
        ) as Compared["files"];
        const schools = night.schools.map((one) => ({ ...one, removed: 0 }));
        expect(verdict(without(night, { files, schools, moved: [] }), guard).violations).toEqual([]);
      }),
    );
  });

  it("more that is removed never lets a night through that waited", () => {
    fc.assert(
      fc.property(tonight, limits, anyFile, rows, (night, guard, name, more) => {
        const before = night.files[name];
        const moreOfFile = Math.min(more, before.unchanged);
        const worse = file({
          ...before,
          removed: before.removed + moreOfFile,
          unchanged: before.unchanged - moreOfFile,
        });
        const schools = night.schools.map((one) =>
          one.file === name ? { ...one, removed: Math.min(one.last, one.removed + more) } : one,
        );
        const worseNight = without(night, { files: { ...night.files, [name]: worse }, schools });
        const rulesThen = new Set(rules(night, guard));
        const rulesNow = new Set(rules(worseNight, guard));
        expect([...rulesThen].filter((rule) => !rulesNow.has(rule))).toEqual([]);
      }),
    );
  });

  it("the verdict does not depend on the order of schools and columns", () => {
    fc.assert(
      fc.property(tonight, limits, (night, guard) => {
        const { schools, moved } = night;
        const turned = without(night, { schools: schools.toReversed(), moved: moved.toReversed() });
        expect(verdict(turned, guard)).toEqual(verdict(night, guard));
      }),
    );
  });
});

describe("what a held night says", () => {
  it("is every reason, what it looks like, and the one command that lets it through", () => {
    const tonight = compared({ schools: [school({ removed: 655 })] });
    const { violations, causes } = verdict(tonight);
    const { message, hint } = holdMessage("20261121T020003Z-roster", violations, causes);
    expect(message).toMatchInlineSnapshot(`
      "This night waits for a person: nothing was sent, and Canvas stays as it was. The reason:
        ✗ Lincoln High: 655 of 655 enrollments would be deleted (100 %, limit 10 %)
        ? Lincoln High (103) has lost everything, 655 enrollments: it looks as if the SIS did not send this school's data."
    `);
    expect(hint).toMatch(/: rosterbridge rerun 20261121T020003Z-roster --accept-changes$/);
  });

  it("names twenty reasons and counts the rest", () => {
    const schools = Array.from({ length: 33 }, (_, index) =>
      school({ account_id: `${index}`, removed: 600 }),
    );
    const { violations, causes } = verdict(compared({ schools }));
    expect(violations).toHaveLength(33);
    const lines = holdMessage("r", violations, causes).message.split("\n");
    expect(lines[0]).toMatch(/ 33 reasons:$/);
    expect(lines.filter((line) => line.startsWith("  ✗"))).toHaveLength(20);
    expect(lines.at(-1)).toMatch(/and 13 more/);
  });
});
