import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Roster } from "../../config/schema.ts";
import { csvLine } from "../../connectors/store/csv.ts";
import type { Change } from "../../connectors/store/roster/read-changes.ts";
import { type Night, plan } from "../../jobs/plan.ts";
import type { PlanFacts } from "../../jobs/plan/facts.ts";
import { planText } from "../../jobs/plan/text.ts";
import { endRun, failRun } from "../../jobs/run/run.ts";
import { Failure } from "../../config/failure.ts";
import type { Compared } from "../../connectors/store/roster/compared.ts";
import { keepCompared } from "../../jobs/night/compared-file.ts";
import { compared, move, school } from "./night/comparisons.ts";
import { directory, makeHome, SIS_SECRET } from "./night-kit.ts";

const CHANGES: Change[] = [
  { file: "courses", key: "c-1", change: "changed", column: "term_id", before: "t-1", after: "" },
  {
    file: "users",
    key: "u-1",
    change: "changed",
    column: "email",
    before: "ann@old.example",
    after: "a@new.example",
  },
  { file: "users", key: "u-2", change: "changed", column: "last_name", before: "Miller", after: "Nguyen" },
  { file: "users", key: "u-3", change: "changed", column: "status", before: "active", after: "suspended" },
  { file: "users", key: "u-4", change: "removed", column: "", before: "", after: "" },
  { file: "enrollments", key: "s-1/u-4/student", change: "removed", column: "", before: "", after: "" },
  { file: "enrollments", key: "s-1/u-5/student", change: "added", column: "", before: "", after: "" },
];
const PERSONAL = ["ann@old.example", "a@new.example", "Miller", "Nguyen"];

const PASSES: PlanFacts["guard"] = { violations: [], causes: [] };
const HOLDS: PlanFacts["guard"] = {
  violations: [
    {
      rule: "removed-percent",
      file: "enrollments",
      account_id: "103",
      message: "Lincoln High: 612 of 655 enrollments would be deleted (93 %, limit 10 %)",
    },
  ],
  causes: ["Lincoln High (103) has lost everything."],
};
const TONIGHT = compared({
  files: {
    users: { added: 12, changed: 3, removed: 1, unchanged: 2_196 },
    courses: { changed: 96, removed: 2, unchanged: 302 },
    enrollments: { added: 31, removed: 640, unchanged: 11_360 },
  },
  schools: [
    school({ account_id: "104", name: "Washington High", last: 900, added: 31, removed: 28 }),
    school({ removed: 612 }),
    school({ file: "courses", last: 100, changed: 96 }),
  ],
  moved: [move({ both: 100, changed: 96 }), move({ account_id: "104", both: 80, changed: 3 })],
  renamed: [{ file: "courses", pairs: 2, examples: [{ before: "c-8", after: "c-9" }] }],
});

function facts(more: Partial<PlanFacts> = {}): PlanFacts {
  const { missing, repeatMissingNights } = Roster.parse({});
  return {
    run: "20261121T020003Z-roster",
    institution: "Oakdale Unified",
    folder: "/runs/r",
    changesFile: "/runs/r/changes.csv",
    compared: TONIGHT,
    guard: PASSES,
    missing,
    timezone: "America/Los_Angeles",
    repeatMissingNights,
    mode: "full",
    changes: {
      lines: 787,
      first: CHANGES,
      samples: CHANGES,
      columns: [
        { file: "courses", column: "term_id", rows: 96 },
        { file: "users", column: "email", rows: 1 },
      ],
    },
    rejected: 0,
    ...more,
  };
}

const NOTHING = { lines: 0, first: [], samples: [], columns: [] };

describe("a plan in words", () => {
  it("tells the numbers, what stands out, why rows go, the first of them, and what a guard would say", () => {
    expect(planText(facts({ guard: HOLDS, rejected: 5 }))).toMatchInlineSnapshot(`
      "What tonight would change in Canvas: Oakdale Unified, 20261121T020003Z-roster. Nothing was sent.
      Compared with the last delivered night, 20261120T020003Z-roster, delivered 2026-11-20T02:04:10.000Z.

      file           rows  added  changed  removed  unchanged
      accounts          7      0        0        0          7
      terms             4      0        0        0          4
      courses         398      0       96        2        302
      sections        420      0        0        0        420
      users         2,211     12        3        1      2,196
      enrollments  11,391     31        0      640     11,360

      There last night, gone tonight
        2 courses: left in Canvas as it is (roster.missing.courses: keep)
        1 user: sent as suspended for 3 nights (roster.missing.users: suspend)
        640 enrollments: sent as deleted for 3 nights (roster.missing.enrollments: delete)

      Schools that stand out
        Lincoln High (103)     enrollments  612 of 655 removed (93 %)
        Washington High (104)  enrollments  28 of 900 removed (3 %), 31 added
        Lincoln High (103)     courses      96 changed

      Columns that stand out
        courses.term_id  96 changed
        users.email      1 changed
        courses.term_id: 96 of the 100 of Lincoln High (103)

      New ids with the names of old ones
        2 courses, such as c-8 is now c-9

      The first of each kind, of 787 lines of changes.csv
        courses      changed  c-1              term_id: t-1 → blank
        users        changed  u-1              email changed
        users        changed  u-2              last_name changed
        users        changed  u-3              status: active → suspended
        users        removed  u-4              sent as suspended
        enrollments  removed  s-1/u-4/student  sent as deleted
        enrollments  added    s-1/u-5/student

      This night would be HELD for a person (exit code 4):
        ✗ Lincoln High: 612 of 655 enrollments would be deleted (93 %, limit 10 %)
        ? Lincoln High (103) has lost everything.
      Is this what Canvas should be told? Then: rosterbridge roster --accept-changes

      5 unfit records were left out, as rejects.csv says; what was delivered of them before stays.
      every change  /runs/r/changes.csv
      all files     /runs/r
      "
    `);
  });

  it("tells users apart whom the SIS suspends, and dates that close or open something", () => {
    const tonight = compared({
      files: { users: { changed: 203, suspended: 200, unchanged: 1_997 } },
      schools: [school({ removed: 100 }), school({ file: "users", last: 300, changed: 203, suspended: 200 })],
      dates: {
        terms: [
          {
            ...{ term_id: "fa26", name: "Fall 2026", direction: "closed" },
            before: { start: "2026-08-10T07:00:00Z", end: "2027-06-12T06:59:59Z" },
            after: { start: "2025-08-11T07:00:00Z", end: "2026-06-13T06:59:59Z" },
          },
        ],
        rows: [
          {
            ...{ account_id: "103", name: "Lincoln High", file: "courses", by: "terms" },
            ...{ term_id: "fa26", direction: "closed", rows: 7, last: 100 },
          },
          {
            ...{ account_id: "104", name: "Washington High", file: "enrollments", by: "enrollments" },
            ...{ term_id: "", direction: "opened", rows: 1, last: 100 },
          },
        ],
      },
    });
    const lines = planText(facts({ compared: tonight })).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "There both nights, and suspended",
        "  200 users of those that changed: sent as suspended, as enabledUser is false tonight",
        "Dates that move across today",
        '  fa26 "Fall 2026" (2026-08-10 to 2027-06-11, now 2025-08-11 to 2026-06-12): 7 courses would close',
        "  dates of enrollments: 1 enrollment would open again",
      ]),
    );
    const at = lines.indexOf("Schools that stand out");
    expect(lines.slice(at + 1, at + 3)).toEqual([
      "  Lincoln High (103)  users        200 of 300 suspended (66 %), 3 changed",
      "  Lincoln High (103)  enrollments  100 of 655 removed (15 %)",
    ]);
  });

  it("of a night like the last one is short, and says how to deliver it", () => {
    expect(planText(facts({ compared: compared(), changes: NOTHING }))).toMatchInlineSnapshot(`
      "What tonight would change in Canvas: Oakdale Unified, 20261121T020003Z-roster. Nothing was sent.
      Compared with the last delivered night, 20261120T020003Z-roster, delivered 2026-11-20T02:04:10.000Z.

      file           rows  added  changed  removed  unchanged
      accounts          7      0        0        0          7
      terms             4      0        0        0          4
      courses         400      0        0        0        400
      sections        420      0        0        0        420
      users         2,200      0        0        0      2,200
      enrollments  12,000      0        0        0     12,000

      No guard would hold this night: \`rosterbridge roster\` delivers it.

      every change  /runs/r/changes.csv
      all files     /runs/r
      "
    `);
  });

  it("of a first night says that there is no baseline, and what it would create", () => {
    const first = { ...compared({ files: { users: { added: 2_200 } } }), baseline: undefined };
    expect(planText(facts({ compared: first, changes: NOTHING }))).toMatchInlineSnapshot(`
      "What tonight would change in Canvas: Oakdale Unified, 20261121T020003Z-roster. Nothing was sent.
      No night has been delivered yet, so there is no baseline: this is what the first one would create.

      file           rows
      accounts          7
      terms             4
      courses         400
      sections        420
      users         2,200
      enrollments  12,000

      No guard would hold this night: \`rosterbridge roster\` delivers it.

      every row  /runs/r/canvas
      all files  /runs/r
      "
    `);
  });

  it("says when there is a baseline that cannot be read", () => {
    const guard = {
      violations: [{ rule: "baseline" as const, file: null, account_id: null, message: "It is damaged." }],
      causes: [],
    };
    const text = planText(
      facts({ compared: { ...compared(), baseline: undefined }, guard, changes: NOTHING }),
    );
    expect(text).toContain("The last delivered night cannot be compared with");
    expect(text).not.toContain("No night has been delivered yet");
    expect(text).toContain("✗ It is damaged.");
  });

  it("says of every policy what becomes of the rows", () => {
    const missing = {
      ...facts().missing,
      users: "delete",
      courses: "complete",
      enrollments: "keep",
    } as const;
    const text = planText(facts({ missing, repeatMissingNights: 1 }));
    expect(text).toContain("1 user: sent as deleted for 1 night (roster.missing.users: delete)");
    expect(text).toContain("2 courses: sent as completed for 1 night (roster.missing.courses: complete)");
    expect(text).toContain("640 enrollments: left in Canvas as it is (roster.missing.enrollments: keep)");
  });

  it("does not claim that a diffing package has rows of what is gone", () => {
    const text = planText(facts({ mode: "diffing" }));
    expect(text).toContain(
      "640 enrollments: left out, which the diffing directory takes for deleted (roster",
    );
    expect(text).toContain("2 courses: left in Canvas as it is (roster");
    expect(text).toContain("1 user: sent as suspended (roster");
    expect(text).not.toContain("sent as deleted");
  });

  it("shows no name, login or address of anybody", () => {
    const columns = [
      "login_id",
      "first_name",
      "last_name",
      "email",
      "short_name",
      "integration_id",
      "long_name",
    ];
    const samples = columns.map((column): Change => ({
      ...{ file: "users", key: "u-1", change: "changed", column },
      ...{ before: "Ann Miller", after: "Ann Nguyen" },
    }));
    const text = planText(facts({ changes: { ...NOTHING, lines: 7, samples } }));
    expect(text).not.toContain("Ann");
    for (const column of columns) expect(text).toContain(`${column} changed`);
  });

  it("counts what does not fit", () => {
    const schools = Array.from({ length: 30 }, (_, index) =>
      school({ account_id: `s${index + 10}`, name: "", removed: 1 }),
    );
    const text = planText(facts({ compared: compared({ schools }) }));
    expect(text.match(/1 of 655 removed/g)).toHaveLength(8);
    expect(text).toContain("… and 22 more");
  });

  it("keeps to its lines whatever the SIS calls things", () => {
    const samples = [{ ...CHANGES[0]!, key: "c\n\u001b[2J1", before: "t\r1" }];
    const schools = [school({ name: "Lin\u0007coln", removed: 9 })];
    const text = planText(facts({ compared: compared({ schools }), changes: { ...NOTHING, samples } }));
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

describe("plan", () => {
  const source = {
    kind: "oneroster-rest",
    url: "https://sis.example.org/ims/oneroster/v1p1",
    auth: { kind: "bearer", token: { env: "SIS_SECRET" } },
  };

  /** A night that has asked no SIS: it leaves what its check would. */
  const night =
    (more: { compared?: Compared; guard?: PlanFacts["guard"] } = {}): Night =>
    async (run) => {
      const { guard = PASSES } = more;
      keepCompared(run.folder, more.compared ?? TONIGHT);
      run.manifest.guard = { ...guard, accepted: null };
      const header = ["file", "key", "change", "column", "before", "after"];
      const lines = CHANGES.map(({ file, key, change, column, before, after }) =>
        csvLine([file, key, change, column, before, after]),
      );
      writeFileSync(join(run.folder, "changes.csv"), csvLine(header) + lines.join(""));
      endRun(run, "ok", 0);
      return 0;
    };

  async function planned(work: Night, json: boolean) {
    await using home = makeHome({ source, delivery: directory("./nowhere") });
    let stdout = "";
    const terminal = {
      env: { SIS_SECRET },
      stdout: { write: (text: string) => (stdout += text) },
      stderr: { write: () => true },
    };
    const options = { config: home.config, logFormat: "json", quiet: false } as const;
    const code = await plan({ terminal, options }, { json }, work);
    const [run = ""] = home.runs();
    return { code, stdout, run, folder: home.runFolder(), manifest: home.manifest() };
  }

  it("is a run that delivers nothing", async () => {
    const { code, manifest } = await planned(night(), false);
    expect(code).toBe(0);
    expect(manifest).toMatchObject({ job: "roster", dryRun: true, delivery: null });
  });

  it("tells it on stdout in words", async () => {
    const { stdout, run, folder } = await planned(night(), false);
    expect(stdout).toContain(`Oakdale Unified, ${run}. Nothing was sent.`);
    expect(stdout).toMatch(/^ {2}users +changed +u-3 +status: active → suspended$/m);
    expect(stdout).toMatch(/^ {2}users +removed +u-4 +sent as suspended$/m);
    expect(stdout).toContain("The first of each kind, of 7 lines of changes.csv");
    expect(stdout).toContain(join(folder, "changes.csv"));
    for (const text of PERSONAL) expect(stdout).not.toContain(text);
  });

  it("tells it as JSON, alone on stdout, and without what may be personal", async () => {
    const { stdout, run, folder } = await planned(night(), true);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toEqual({
      run,
      ...JSON.parse(JSON.stringify(TONIGHT)),
      guard: { held: false, violations: [], causes: [] },
      changes: expect.arrayContaining([
        { file: "users", key: "u-1", change: "changed", column: "email", before: null, after: null },
        { ...CHANGES[0] },
      ]) as unknown,
      changesFile: join(folder, "changes.csv"),
    });
    expect(report["changes"]).toHaveLength(CHANGES.length);
    for (const text of PERSONAL) expect(stdout).not.toContain(text);
  });

  it("ends with 0 of a night that a guard would hold, and says so in both", async () => {
    const words = await planned(night({ guard: HOLDS }), false);
    expect(words.code).toBe(0);
    expect(words.stdout).toContain("This night would be HELD for a person");
    const { code, stdout } = await planned(night({ guard: HOLDS }), true);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ guard: { held: true, ...HOLDS } });
  });

  it("tells of a first night as JSON that its baseline is null", async () => {
    const { stdout } = await planned(night({ compared: { ...TONIGHT, baseline: undefined } }), true);
    expect(JSON.parse(stdout)).toMatchObject({ baseline: null });
  });

  it("takes secrets out of what it tells, and leaves JSON", async () => {
    const schools = [school({ name: `High ${SIS_SECRET}`, removed: 5 })];
    for (const json of [true, false]) {
      const { stdout } = await planned(night({ compared: compared({ schools }) }), json);
      expect(stdout).not.toContain(SIS_SECRET);
      if (json) expect(JSON.parse(stdout)).toMatchObject({ schools: [{ name: "High [secret]" }] });
    }
  });

  it("writes nothing to stdout of a night that failed, and ends as it did", async () => {
    const { code, stdout } = await planned(
      async (run) => failRun(run, new Failure("source.unreachable", "The SIS does not answer.")),
      true,
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  });
});
