import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type District, makeDistrict } from "../../../jobs/demo/district.ts";
import { ref } from "../../../jobs/demo/district/raw-records.ts";
import type { Quirk } from "../../../jobs/demo/sis.ts";
import type { SandboxSisOptions } from "../../../jobs/demo/sis/options.ts";
import { readZip } from "../../connectors/store/zip-reader.ts";
import type { Row } from "../csv-reader.ts";
import { expectSound } from "../canvas-rules.ts";
import { makeHome, OAUTH1, packageOf, rowsOf, sourceOf, startSis } from "../night-kit.ts";
import { tinyClass, tinyDistrict, tinyEnrollment, tinySession, tinyUser } from "../tiny-district.ts";

type Changes = Record<string, unknown>;

interface Night {
  /** Texts of the package's files, by name, in its order. */
  files: Map<string, string>;
  zip: Buffer;
  rows: (file: string) => Row[];
  /** One column of a file, in order. */
  column: (file: string, name: string) => (string | undefined)[];
}

/** A night of a district that goes well. */
async function nightOf(
  district: District,
  {
    source = {},
    roster = {},
    sis: sisOptions = {},
  }: { source?: Changes; roster?: Changes; sis?: Partial<SandboxSisOptions> } = {},
): Promise<Night> {
  await using sis = await startSis({ district, ...sisOptions });
  await using home = makeHome({ source: sourceOf(sis, OAUTH1, source), roster });
  const { code, stderr } = await home.call(["roster"]);
  expect(code, stderr).toBe(0);
  const files = packageOf(home);
  const zip = readFileSync(join(home.inbox, home.delivered()[0] ?? "none"));
  const rows = (file: string) => rowsOf(files, file);
  return { files, zip, rows, column: (file, name) => rows(file).map((row) => row[name]) };
}

describe("the package of a district that one can know by heart", () => {
  it("is this, to the letter", async () => {
    const { files } = await nightOf(tinyDistrict());
    const S1 = "2026-08-17T07:00:00Z,2026-12-19T07:59:59Z";
    const S2 = "2027-01-05T08:00:00Z";
    expect(Object.fromEntries(files)).toEqual({
      "accounts.csv": `account_id,parent_account_id,name,status
101,,First School,active
102,,Second School,active
`,
      "terms.csv": `term_id,name,status,start_date,end_date
Q3-27,Quarter 3,active,${S2},2027-03-13T07:59:59Z
S1-27,Semester 1,active,${S1}
SY27,Year 2026-27,active,2026-08-17T07:00:00Z,2027-06-05T06:59:59Z
`,
      "courses.csv": `course_id,short_name,long_name,account_id,term_id,status
halves,code-halves,Title of halves,101,S1-27,active
middle,code-middle,Title of middle,101,SY27,active
second,code-second,Title of second,102,S1-27,active
spring,ALG-1,"Álgebra, ""spring""",101,Q3-27,active
whole,code-whole,Title of whole,101,SY27,active
`,
      "sections.csv": `section_id,course_id,name,status,start_date,end_date
halves,halves,Title of halves,active,,
middle,middle,Title of middle,active,,
second,second,Title of second,active,,
spring,spring,"Álgebra, ""spring""",active,,
whole,whole,Title of whole,active,,
`,
      "users.csv": `user_id,login_id,first_name,last_name,email,status
0042,login.0042,Given 0042,Family 0042,,suspended
42,login.42,Given 42,Family 42,42@example.org,active
T1,login.T1,Given T1,Family T1,T1@example.org,active
other,login.other,Given other,Family other,other@example.org,active
`,
      "enrollments.csv": `course_id,section_id,user_id,role,status,start_date,end_date
halves,halves,0042,student,active,,
halves,halves,42,student,active,${S1}
halves,halves,T1,teacher,active,,
middle,middle,42,student,active,,
second,second,other,student,active,,
spring,spring,0042,student,active,${S2},2027-03-13T07:59:59Z
spring,spring,T1,ta,active,,
whole,whole,42,student,active,,
`,
    });
  });

  it("has its files in Canvas's order, with times and modes that are always the same", async () => {
    const { zip } = await nightOf(tinyDistrict());
    const entries = readZip(zip);
    expect(entries.map(({ name }) => name)).toEqual(
      ["accounts", "terms", "courses", "sections", "users", "enrollments"].map((file) => `${file}.csv`),
    );
    const constant = entries.map(({ dosTime, dosDate, unixMode, extraBytes }) => [
      dosTime,
      dosDate,
      unixMode,
      extraBytes,
    ]);
    expect(new Set(constant.map((values) => values.join()))).toEqual(new Set([constant[0]?.join()]));
  });

  it("has no file that would be only a header", async () => {
    const { files } = await nightOf(tinyDistrict(), { roster: { accounts: { types: ["department"] } } });
    expect([...files.keys()]).not.toContain("accounts.csv");
    expect(rowsOf(files, "courses").map((row) => row["account_id"])).toEqual(["", "", "", "", ""]);
  });

  it("has accounts after their parents, whatever their ids", async () => {
    const { rows } = await nightOf(tinyDistrict(), {
      roster: { accounts: { types: ["school", "district"] } },
    });
    expect(
      rows("accounts").map((row) => `${row["account_id"] ?? ""} under ${row["parent_account_id"] ?? ""}`),
    ).toEqual(["Z1 under ", "101 under Z1", "102 under Z1"]);
  });
});

describe("roster.terms", () => {
  it.for<[string, Record<string, string>]>([
    ["covering", { halves: "S1-27", middle: "SY27", second: "S1-27", spring: "Q3-27", whole: "SY27" }],
    ["first", { halves: "Q1-27", middle: "Q2-27", second: "S1-27", spring: "Q3-27", whole: "S1-27" }],
    ["last", { halves: "Q2-27", middle: "Q3-27", second: "S1-27", spring: "Q3-27", whole: "S2-27" }],
    ["longest", { halves: "Q2-27", middle: "Q2-27", second: "S1-27", spring: "Q3-27", whole: "S2-27" }],
    ["schoolYear", { halves: "SY27", middle: "SY27", second: "SY27", spring: "SY27", whole: "SY27" }],
  ])("pick: %s decides a course's term, and only terms that are used are sent", async ([pick, terms]) => {
    const { rows, column } = await nightOf(tinyDistrict(), { roster: { terms: { pick } } });
    expect(Object.fromEntries(rows("courses").map((row) => [row["course_id"], row["term_id"]]))).toEqual(
      terms,
    );
    expect(column("terms", "term_id")).toEqual([...new Set(Object.values(terms))].sort());
  });

  it("merge makes one term of the sessions that the schools have each for themselves", async () => {
    const district = tinyDistrict();
    const own = (school: string, days: [string, string]) =>
      tinySession(`${school}-F26`, "semester", "Fall", days);
    const { column, rows } = await nightOf(
      {
        ...district,
        academicSessions: [
          own("101", ["2026-08-17", "2026-12-18"]),
          own("102", ["2026-08-10", "2026-12-11"]),
        ],
        classes: district.classes.map((each) => {
          const session = `${each.school.sourcedId}-F26`;
          return { ...each, terms: [ref("academicSessions", "academicSession", session)] };
        }),
      },
      { roster: { terms: { merge: { pattern: "-(?<term>[^-]+)$" } } } },
    );
    expect(new Set(column("courses", "term_id"))).toEqual(new Set(["F26"]));
    expect(rows("terms")).toEqual([
      {
        term_id: "F26",
        name: "Fall",
        status: "active",
        start_date: "2026-08-10T07:00:00Z",
        end_date: "2026-12-19T07:59:59Z",
      },
    ]);
  });
});

describe("roster.courses.identity: course-term", () => {
  it("makes one course of the classes of a course in a term, each a section of it", async () => {
    const district = tinyDistrict();
    const { rows } = await nightOf(
      { ...district, classes: district.classes.filter(({ sourcedId }) => sourcedId !== "second") },
      { roster: { courses: { identity: "course-term" } }, source: { rejectTolerancePercent: 20 } },
    );
    expect(rows("courses").map((row) => [row["course_id"], row["short_name"], row["long_name"]])).toEqual([
      ["ALG_Q3-27", "ALG-1", "Algebra"],
      ["ALG_S1-27", "ALG-1", "Algebra"],
      ["ALG_SY27", "ALG-1", "Algebra"],
    ]);
    expect(rows("sections").map((row) => [row["section_id"], row["course_id"]])).toEqual([
      ["halves", "ALG_S1-27"],
      ["middle", "ALG_SY27"],
      ["spring", "ALG_Q3-27"],
      ["whole", "ALG_SY27"],
    ]);
    expect(new Set(rows("enrollments").map((row) => row["course_id"]))).toEqual(
      new Set(["ALG_Q3-27", "ALG_S1-27", "ALG_SY27"]),
    );
  });
});

describe("dates", () => {
  it("sections.dates: term gives sections the days of their term", async () => {
    const { rows } = await nightOf(tinyDistrict(), { roster: { sections: { dates: "term" } } });
    expect(
      rows("sections").map((row) => [row["section_id"], row["start_date"], row["end_date"]]),
    ).toContainEqual(["halves", "2026-08-17T07:00:00Z", "2026-12-19T07:59:59Z"]);
  });

  it("endDates: exclusive ends everything the day before", async () => {
    const { rows } = await nightOf(tinyDistrict(), { source: { endDates: "exclusive" } });
    expect(rows("terms").map((row) => row["end_date"])).toEqual([
      "2027-03-12T07:59:59Z",
      "2026-12-18T07:59:59Z",
      "2027-06-04T06:59:59Z",
    ]);
    expect(rows("enrollments")[1]?.["end_date"]).toBe("2026-12-18T07:59:59Z");
  });
});

describe("roster.users", () => {
  it.for<[id: string, login: string, values: [string, string]]>([
    ["sourcedId", "metadata.card.number", ["42", "C-42"]],
    ["identifier", "email", ["number-42", "42@example.org"]],
    ["username", "userIds.ldap", ["login.42", "ldap.42"]],
  ])("id: %s, login: %s", async ([id, login, values]) => {
    const district = tinyDistrict();
    const is42 = ({ sourcedId }: { sourcedId: string }) => sourcedId === "42";
    const { rows } = await nightOf(
      {
        ...district,
        users: district.users.filter(is42),
        enrollments: district.enrollments.filter(({ user }) => is42(user)),
      },
      { roster: { users: { id, login } } },
    );
    expect(rows("users").map((row) => [row["user_id"], row["login_id"]])).toEqual([values]);
    expect(new Set(rows("enrollments").map((row) => row["user_id"]))).toEqual(new Set([values[0]]));
  });

  it("include: all sends those whom nobody has enrolled as well", async () => {
    const { column } = await nightOf(tinyDistrict(), { roster: { users: { include: "all" } } });
    expect(column("users", "user_id")).toEqual(["0042", "42", "T1", "head", "idle", "other"]);
  });

  it("authenticationProvider and integrationId are columns when they are asked for", async () => {
    const { files } = await nightOf(tinyDistrict(), {
      roster: { users: { authenticationProvider: "saml", integrationId: "metadata.card.number" } },
    });
    expect(files.get("users.csv")?.split("\n").slice(0, 3)).toEqual([
      "user_id,login_id,first_name,last_name,email,status,integration_id,authentication_provider_id",
      "0042,login.0042,Given 0042,Family 0042,,suspended,C-0042,saml",
      "42,login.42,Given 42,Family 42,42@example.org,active,C-42,saml",
    ]);
  });
});

describe("roster.enrollments", () => {
  it("roles enrolls those that it names and no others, in whatever role it says", async () => {
    const { rows } = await nightOf(tinyDistrict(), {
      roster: { enrollments: { roles: { Student: "Pupil", administrator: "Head of School" } } },
    });
    expect(rows("enrollments").map((row) => `${row["user_id"] ?? ""} ${row["role"] ?? ""}`)).toEqual([
      "0042 Pupil",
      "42 Pupil",
      "42 Pupil",
      "other Pupil",
      "0042 Pupil",
      "42 Pupil",
      "head Head of School",
    ]);
    expect(rows("users").map((row) => row["user_id"])).toEqual(["0042", "42", "head", "other"]);
  });

  it("of several for one user, class and role send the one that is current", async () => {
    const district = tinyDistrict();
    const long = { beginDate: "2020-01-01", endDate: "2100-01-01" };
    const again = [
      tinyEnrollment("e4-0", "42", "whole", "student", { beginDate: "2019-01-01", endDate: "2019-02-01" }),
      tinyEnrollment("e4-1", "42", "whole", "student", long),
      tinyEnrollment("e4-2", "42", "whole", "student", { ...long, status: "tobedeleted" }),
      tinyEnrollment("e4-3", "42", "whole", "student", { beginDate: "2101-01-01", endDate: "2102-01-01" }),
    ];
    const others = district.enrollments.filter(({ sourcedId }) => sourcedId !== "e4");
    const { rows } = await nightOf({ ...district, enrollments: [...others, ...again] });
    const whole = rows("enrollments").filter((row) => row["section_id"] === "whole");
    expect(whole.map((row) => [row["user_id"], row["start_date"], row["end_date"]])).toEqual([
      ["42", "2020-01-01T08:00:00Z", "2100-01-02T07:59:59Z"],
    ]);
  });
});

describe("source", () => {
  it("schools takes only the schools that it names, and who is enrolled there", async () => {
    const { column } = await nightOf(tinyDistrict(), { source: { schools: ["102"] } });
    expect(column("accounts", "account_id")).toEqual(["102"]);
    expect(column("sections", "section_id")).toEqual(["second"]);
    expect(column("users", "user_id")).toEqual(["other"]);
    expect(column("terms", "term_id")).toEqual(["S1-27"]);
  });

  it.for<[string, Quirk[]]>([
    ["filters", []],
    ["refuses to filter", ["filter-400"]],
  ])("filters leaves out what does not match, also where the SIS %s", async ([, quirks]) => {
    const filters = { classes: "title~'halves' OR sourcedId='whole'", users: "role='student'" };
    const { column } = await nightOf(tinyDistrict(), {
      source: { filters, rejectTolerancePercent: 60 },
      sis: { quirks },
    });
    expect(column("sections", "section_id")).toEqual(["halves", "whole"]);
    expect(column("users", "user_id")).toEqual(["0042", "42"]);
  });

  it("exclude reads the collections that stand in for the one that is not there", async () => {
    const district = tinyDistrict();
    await using sis = await startSis({ district });
    await using home = makeHome({
      source: sourceOf(sis, OAUTH1, { exclude: ["users", "orgs", "courses"], rejectTolerancePercent: 60 }),
    });
    sis.failNext({
      path: /^\/(users|orgs|courses)\b/,
      answer: { status: 500 },
      times: Number.POSITIVE_INFINITY,
    });
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(0);
    expect(new Set(sis.requests.map(({ path }) => path))).toEqual(
      new Set(["/schools", "/academicSessions", "/classes", "/students", "/teachers", "/enrollments"]),
    );
    expect(rowsOf(packageOf(home), "users").map((row) => row["user_id"])).toEqual([
      "0042",
      "42",
      "T1",
      "other",
    ]);
  });
});

describe("what people are called and what they are taught", () => {
  const odd = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom('"', ",", "\t", "\n", "\r", " ", "'", "=", ";", "O", "é", "💃"),
      maxLength: 12,
    }),
    fc.constantFrom(
      "O'Brien-Nuñez",
      'Anna "Annie"',
      "=1+1",
      "  spaced  ",
      "Đặng",
      "أمل",
      "王小明",
      "0042",
      "null",
      "#N/A",
    ),
  );

  it("survives every quote, comma, line break and script", async () => {
    const values = fc.sample(fc.tuple(odd, odd, odd), { numRuns: 120, seed: 11 });
    const id = (index: number) => `p${String(index).padStart(4, "0")}`;
    const people = values.map(([given, family], index) =>
      tinyUser(id(index), "student", { givenName: given, familyName: family }),
    );
    const titles = values
      .slice(0, 40)
      .map(([, , title]) => title)
      .filter((title) => title.trim() !== "");
    const classes = titles.map((title, index) =>
      tinyClass(`k${String(index).padStart(4, "0")}`, ["S1-27"], { title }),
    );
    const { rows } = await nightOf({
      ...tinyDistrict(),
      users: people,
      classes,
      enrollments: people.map(({ sourcedId }) =>
        tinyEnrollment(`e-${sourcedId}`, sourcedId, "k0000", "student"),
      ),
    });
    expect(rows("users").map((row) => [row["first_name"], row["last_name"]])).toEqual(
      values.map(([given, family]) => [given.trim(), family.trim()]),
    );
    expect(rows("sections").map((row) => row["name"])).toEqual(titles.map((title) => title.trim()));
  });
});

describe("a package of any district", () => {
  it.for<[number, string, Changes]>([
    [1, "class", {}],
    [2, "course-term", {}],
    [
      3,
      "class",
      { users: { include: "all", integrationId: "identifier" }, accounts: { types: ["school", "district"] } },
    ],
    [4, "course-term", { terms: { pick: "schoolYear" }, sections: { dates: "term" } }],
    [
      5,
      "class",
      { terms: { pick: "first", merge: { pattern: "^(?<term>..)" } }, users: { id: "identifier" } },
    ],
  ])("keeps every rule of Canvas's (seed %i, identity %s)", async ([seed, identity, roster]) => {
    const district = makeDistrict({ seed, students: 90, schools: 3 });
    const { files } = await nightOf(district, { roster: { courses: { identity }, ...roster } });
    expectSound(files);
  });
});
