import { describe, expect, it } from "vitest";
import { night, settle } from "./night.ts";
import {
  account,
  column,
  course,
  enrollment,
  gone,
  leftOut,
  reasons,
  refused,
  school,
  section,
  term,
  user,
} from "./rows.ts";

const LONG = "x".repeat(256);

describe("accounts, terms, courses and sections", () => {
  it("become the files of the package, each sorted by its key", async () => {
    const { rows, rejects, files } = await settle(
      night({
        accounts: [account("b"), account("a")],
        terms: [term("spring"), term("fall")],
        courses: [course("z", { account_id: "b" }), course("m", { account_id: "a", term_id: "spring" })],
        sections: [section("z"), section("m")],
      }),
    );
    expect(rows.accounts).toEqual([
      { account_id: "a", parent_account_id: "", name: "School a", status: "active" },
      { account_id: "b", parent_account_id: "", name: "School b", status: "active" },
    ]);
    expect(column(rows.terms, "term_id")).toEqual(["fall", "spring"]);
    expect(column(rows.courses, "course_id")).toEqual(["m", "z"]);
    expect(rows.sections[0]).toEqual({
      ...{ section_id: "m", course_id: "m", name: "Class m", status: "active", start_date: "", end_date: "" },
    });
    expect(rejects).toEqual([]);
    expect(files).toEqual({ accounts: 2, terms: 2, courses: 2, sections: 2 });
  });

  it("writes no file without rows, and rejects.csv always", async () => {
    const { texts, files } = await settle(night());
    expect(texts).toEqual({ "rejects.csv": "type,sourcedId,field,value,reason\n" });
    expect(files).toEqual({});
  });

  it("puts parents before their children, however their ids sort", async () => {
    const { rows } = await settle(
      night({
        accounts: [
          account("a", { parent_account_id: "m" }),
          account("m", { parent_account_id: "z" }),
          account("b", { parent_account_id: "z" }),
          account("z"),
        ],
      }),
    );
    expect(column(rows.accounts, "account_id")).toEqual(["z", "b", "m", "a"]);
  });

  it("keeps only the terms that courses use", async () => {
    const { rows } = await settle(school({ terms: [term("summer")] }));
    expect(column(rows.terms, "term_id")).toEqual(["fall"]);
  });

  it("leaves a blank parent and a blank account to Canvas's root", async () => {
    const { rows, rejects } = await settle(
      school({ courses: [course("gym", { account_id: "" })], sections: [section("gym")] }),
    );
    expect(column(rows.courses, "course_id")).toContain("gym");
    expect(rejects).toEqual([]);
  });
});

describe("references that do not resolve", () => {
  it("takes an account with its parent, and so on down, each with the reason", async () => {
    const { rows, rejects } = await settle(
      night({
        accounts: [
          account("top", { name: "" }),
          account("middle", { parent_account_id: "top" }),
          account("low", { parent_account_id: "middle" }),
          account("other"),
        ],
      }),
    );
    expect(column(rows.accounts, "account_id")).toEqual(["other"]);
    expect(reasons(rejects)).toEqual([
      "orgs low: its parent account is not in the package",
      "orgs middle: its parent account is not in the package",
      "orgs top: Canvas needs a value here",
    ]);
  });

  it.each([
    ["account_id", { account_id: "nowhere" }, "its account is not in the package"],
    ["term_id", { term_id: "never" }, "its term is not in the package"],
    ["term_id", { term_id: "" }, "Canvas needs a value here"],
  ])(
    "rejects a class once whose course has no %s, and its enrollments say why",
    async (field, broken, reason) => {
      const { rows, rejects, rejected } = await settle(
        school({
          courses: [course("shop", broken)],
          sections: [section("shop")],
          users: [user("alice"), user("bob")],
          enrollments: [enrollment("alice@shop"), enrollment("alice@math"), enrollment("bob@shop")],
        }),
      );
      expect(column(rows.sections, "section_id")).toEqual(["art", "math"]);
      expect(column(rows.users, "user_id")).toEqual(["alice"]);
      expect(rejects).toEqual([
        { type: "classes", sourcedId: "shop", field, value: Object.values(broken)[0], reason },
        ...["alice@shop", "bob@shop"].map((sourcedId) => ({
          ...{
            type: "enrollments",
            sourcedId,
            field: "class",
            value: "shop",
            reason: `its class was left out: ${reason}`,
          },
        })),
      ]);
      expect(rejected).toEqual({ classes: 1, enrollments: 2 });
    },
  );

  it("takes what is in a refused term or account with it", async () => {
    const { rows, rejects } = await settle(
      night({
        accounts: [account("school"), account("annex", { name: LONG })],
        terms: [term("fall"), term("spring", { name: LONG })],
        courses: [
          course("math"),
          course("art", { term_id: "spring" }),
          course("gym", { account_id: "annex" }),
        ],
        sections: [section("math"), section("art"), section("gym")],
      }),
    );
    expect(column(rows.sections, "section_id")).toEqual(["math"]);
    expect(column(rows.terms, "term_id")).toEqual(["fall"]);
    expect(reasons(rejects)).toEqual([
      "academicSessions spring: longer than the 255 characters that Canvas takes",
      "classes art: its term is not in the package",
      "classes gym: its account is not in the package",
      "orgs annex: longer than the 255 characters that Canvas takes",
    ]);
  });

  it("rejects a section of no course", async () => {
    const { rejects } = await settle(school({ sections: [section("lab", { course_id: "chemistry" })] }));
    expect(rejects).toEqual([
      {
        ...{ type: "classes", sourcedId: "lab", field: "course_id", value: "chemistry" },
        reason: "its course is not in the package",
      },
    ]);
  });
});

describe("courses that several classes give", () => {
  const shared = { course_id: "M1_fall", short_name: "M1", long_name: "Mathematics" };
  const sections = [section("m-1", { course_id: "M1_fall" }), section("m-2", { course_id: "M1_fall" })];

  it("are one row with all their sections", async () => {
    const { rows, rejects } = await settle(
      night({
        accounts: [account("school")],
        terms: [term("fall")],
        courses: [course("m-1", shared), course("m-2", shared)],
        sections,
      }),
    );
    expect(column(rows.courses, "course_id")).toEqual(["M1_fall"]);
    expect(column(rows.sections, "section_id")).toEqual(["m-1", "m-2"]);
    expect(rejects).toEqual([]);
  });

  it("are refused with every class of theirs when they would be torn between accounts", async () => {
    const { rows, rejects } = await settle(
      night({
        accounts: [account("north"), account("south")],
        terms: [term("fall")],
        courses: [
          course("m-1", { ...shared, account_id: "south" }),
          course("m-2", { ...shared, account_id: "north" }),
        ],
        sections,
      }),
    );
    expect(rows.courses).toEqual([]);
    expect(rows.sections).toEqual([]);
    expect(reasons(rejects)).toEqual(
      ["m-1", "m-2"].map(
        (id) =>
          `classes ${id}: is taught in several accounts (north, south) in one term, and would be one Canvas course in all of them; use roster.courses.identity: class`,
      ),
    );
  });

  it("are refused when different courses come to the same id", async () => {
    const { rows, rejects } = await settle(
      night({
        accounts: [account("school")],
        terms: [term("fall")],
        courses: [course("m-1", shared), course("m-2", { ...shared, long_name: "Music" })],
        sections,
      }),
    );
    expect(rows.sections).toEqual([]);
    expect(column(rejects, "reason")).toEqual(
      Array(2).fill("different courses would have this id; use roster.courses.identity: class"),
    );
  });
});

describe("values that Canvas refuses", () => {
  it.each([
    ["accounts", "orgs", { accounts: [account("a".repeat(256), { name: "A" })] }, "account_id"],
    ["terms", "academicSessions", { terms: [term("t", { start_date: "2026-08-10" })] }, "start_date"],
    ["terms", "academicSessions", { terms: [term("t", { status: "open" })] }, "status"],
    ["courses", "classes", { courses: [course("c", { short_name: LONG })] }, "short_name"],
    ["courses", "classes", { courses: [course("c", { long_name: "" })] }, "long_name"],
    ["sections", "classes", { sections: [section("s", { name: LONG, course_id: "math" })] }, "name"],
    [
      "sections",
      "classes",
      { sections: [section("s", { end_date: "soon", course_id: "math" })] },
      "end_date",
    ],
  ])("stay here: %s of %s %#", async (file, type, parts, field) => {
    const { rows, rejects } = await settle(school(parts));
    const sound = await settle(school());
    expect(rejects.map((reject) => [reject["type"], reject["field"]])).toEqual([[type, field]]);
    expect(rows[file as "terms"]).toEqual(sound.rows[file as "terms"]);
  });

  it("tells of a class once when its course row and its section row are both at fault", async () => {
    const { rejects, rejected } = await settle(
      school({ courses: [course("c", { long_name: LONG })], sections: [section("c", { name: LONG })] }),
    );
    expect(rejects).toEqual([
      {
        ...{ type: "classes", sourcedId: "c", field: "long_name", value: "x".repeat(200) },
        reason: "longer than the 255 characters that Canvas takes",
      },
    ]);
    expect(rejected).toEqual({ classes: 1 });
  });

  it("counts characters as Canvas does, not bytes or UTF-16 units", async () => {
    const { rows, rejects } = await settle(
      school({ courses: [course("c", { long_name: "🦉".repeat(255) })], sections: [section("c")] }),
    );
    expect(rejects).toEqual([]);
    expect(column(rows.courses, "long_name")).toContain("🦉".repeat(255));
  });
});

describe("records of the small collections that gave no row", () => {
  it("end in rejects.csv, or are counted as gone or left out", async () => {
    const {
      rejects,
      rejected,
      gone: counted,
      leftOut: reasonsLeft,
    } = await settle(
      school({
        rest: [
          refused("malformed", "classes", "c-1", "no title"),
          refused("unmapped", "orgs", "o-1", "no name"),
          gone("courses", "k-1"),
          gone("courses", "k-2"),
          leftOut("classes", "c-2", "school not selected"),
        ],
      }),
    );
    expect(reasons(rejects)).toEqual(["classes c-1: no title", "orgs o-1: no name"]);
    expect(rejected).toEqual({ classes: 1, orgs: 1 });
    expect(counted).toEqual({ courses: 2 });
    expect(reasonsLeft).toEqual({ classes: { "school not selected": 1 } });
  });

  it("counts each record without an id, and each other record once", async () => {
    const { rejects, rejected } = await settle(
      night({
        rest: [
          refused("malformed", "courses", "", "no sourcedId"),
          refused("malformed", "courses", "", "also no sourcedId"),
        ],
        accounts: [account("a", { name: "", status: "?" })],
      }),
    );
    expect(rejects).toHaveLength(4);
    expect(rejected).toEqual({ courses: 2, orgs: 1 });
  });
});
