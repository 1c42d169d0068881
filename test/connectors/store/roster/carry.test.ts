import { describe, expect, it } from "vitest";
import { lastOf, states } from "./delivered.ts";
import type { Night } from "./night.ts";
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

const STAYS = "; its row of the last delivered night stays";
const people = [user("alice"), user("bob")];
const inMath = [enrollment("alice@math"), enrollment("bob@math")];
const before = school({ users: people, enrollments: inMath });
const without = (night: Night, file: keyof Night, id: string): Night => ({
  ...night,
  [file]: night[file].filter((row) => ![row["sourced_id"], row["source_id"]].includes(id)),
});

describe("a record that is there and was rejected", () => {
  it("keeps the enrollment that it gave, and says so", async () => {
    const night = school({
      users: people,
      enrollments: [inMath[0]!],
      rest: [refused("malformed", "enrollments", "bob@math", "no role")],
    });
    const { rows, rejects, changes, compared } = await lastOf([before, night]);
    expect(states(rows.enrollments, "user_id")).toEqual(["alice: active", "bob: active"]);
    expect(reasons(rejects)).toEqual([`enrollments bob@math: no role${STAYS}`]);
    expect(changes).toEqual([]);
    expect(compared.files.enrollments).toEqual({ rows: 2, added: 0, changed: 0, removed: 0, unchanged: 2 });
  });

  it("keeps the user that it gave, with the enrollments, whatever is wrong with it", async () => {
    for (const fate of ["malformed", "unmapped"] as const) {
      const night = school({
        users: [user("alice")],
        enrollments: inMath,
        rest: [refused(fate, "users", "bob", "no login")],
      });
      const { rows, rejects, changes } = await lastOf([before, night]);
      expect(states(rows.users, "user_id", "login_id")).toEqual([
        "alice alice.login: active",
        "bob bob.login: active",
      ]);
      expect(states(rows.enrollments, "user_id")).toEqual(["alice: active", "bob: active"]);
      expect(reasons(rejects)).toEqual([
        `enrollments bob@math: its user was left out: no login${STAYS}`,
        `users bob: no login${STAYS}`,
      ]);
      expect(changes).toEqual([]);
    }
  });

  it("keeps the enrollments of a rejected user also when the SIS gave them other ids", async () => {
    const night = school({
      users: [user("alice")],
      enrollments: [inMath[0]!, { ...inMath[1]!, sourced_id: "anew" }],
      rest: [refused("malformed", "users", "bob", "no login")],
    });
    const { rows, rejects } = await lastOf([before, night]);
    expect(column(rows.enrollments, "user_id")).toEqual(["alice", "bob"]);
    expect(reasons(rejects)).toContain(`enrollments anew: its user was left out: no login${STAYS}`);
  });

  it("keeps the class that it gave, with its course, term, account and enrollments", async () => {
    const elsewhere = school({
      accounts: [account("annex", { parent_account_id: "school" })],
      terms: [term("spring")],
      courses: [course("gym", { account_id: "annex", term_id: "spring" })],
      sections: [section("gym")],
      users: people,
      enrollments: [...inMath, enrollment("alice@gym")],
    });
    const night = school({
      users: people,
      enrollments: [...inMath, enrollment("alice@gym")],
      rest: [refused("malformed", "classes", "gym", "no title")],
    });
    const { rows, rejects, changes } = await lastOf([elsewhere, night], {
      missing: { terms: "delete", accounts: "delete", courses: "delete" },
    });
    expect(column(rows.accounts, "account_id")).toEqual(["school", "annex"]);
    expect(column(rows.terms, "term_id")).toEqual(["fall", "spring"]);
    expect(states(rows.courses, "course_id")).toContain("gym: active");
    expect(states(rows.sections, "section_id")).toContain("gym: active");
    expect(states(rows.enrollments, "section_id", "user_id")[0]).toBe("gym alice: active");
    expect(reasons(rejects)).toEqual([
      `classes gym: no title${STAYS}`,
      `enrollments alice@gym: its class was left out: no title${STAYS}`,
    ]);
    expect(changes).toEqual([]);
  });

  it("gives nothing when it gave nothing last night", async () => {
    const night = school({
      users: people,
      enrollments: inMath,
      rest: [refused("malformed", "users", "carol", "no login")],
    });
    const { rows, rejects } = await lastOf([before, night]);
    expect(column(rows.users, "user_id")).toEqual(["alice", "bob"]);
    expect(reasons(rejects)).toEqual(["users carol: no login"]);
  });

  it("is not needed when another record gives its row tonight", async () => {
    const night = school({
      users: people,
      enrollments: [
        inMath[0]!,
        enrollment("bob@math", { sourced_id: "second", start_date: "2026-10-01T00:00:00Z" }),
      ],
      rest: [refused("malformed", "enrollments", "bob@math", "no role")],
    });
    const { rows, rejects } = await lastOf([before, night]);
    expect(column(rows.enrollments, "start_date")).toEqual(["", "2026-10-01T00:00:00Z"]);
    expect(reasons(rejects)).toEqual(["enrollments bob@math: no role"]);
  });

  it("goes all the same with a class or user that the SIS says is gone, or that is not wanted", async () => {
    const rest = [refused("malformed", "enrollments", "bob@math", "no role")];
    const nights = [
      { ...without(before, "users", "bob"), rest: [...rest, gone("users", "bob")] },
      { ...without(before, "sections", "math"), rest: [...rest, gone("classes", "math")] },
      {
        ...without(before, "sections", "math"),
        rest: [...rest, leftOut("classes", "math", "school not selected")],
      },
    ];
    for (const night of nights) {
      const tonight = { ...night, enrollments: night.rest[1]!["type"] === "users" ? [inMath[0]!] : [] };
      const { rows, rejects } = await lastOf([before, tonight]);
      expect(states(rows.enrollments, "user_id")).toContain("bob: deleted");
      expect(reasons(rejects)).toEqual(["enrollments bob@math: no role"]);
    }
  });

  it("brings nothing back that was gone before", async () => {
    const away = { ...before, enrollments: [inMath[0]!] };
    const night = { ...away, rest: [refused("malformed", "enrollments", "bob@math", "no role")] };
    const { rows, rejects } = await lastOf([before, away, night]);
    expect(states(rows.enrollments, "user_id")).toEqual(["alice: active", "bob: deleted"]);
    expect(reasons(rejects)).toEqual(["enrollments bob@math: no role"]);
  });

  it("keeps its term as the SIS has it tonight", async () => {
    const gym = { courses: [course("gym", { term_id: "spring" })], sections: [section("gym")] };
    const night = school({
      terms: [term("spring", { name: "Spring, at last" })],
      rest: [refused("malformed", "classes", "gym", "no title")],
    });
    const { rows } = await lastOf([school({ ...gym, terms: [term("spring")] }), night]);
    expect(column(rows.terms, "name")).toEqual(["Term fall", "Spring, at last"]);
  });

  it("keeps a user who was missing already when a row that stays needs the user", async () => {
    const inM1 = (night: Night): Night => ({
      ...night,
      courses: [...night.courses, course("M1")],
      sections: night.sections.map((row) =>
        row["section_id"] === "math" ? { ...row, course_id: "M1" } : row,
      ),
    });
    const bobIsGone = inM1(school({ users: [people[0]!], enrollments: [inMath[0]!] }));
    const bobIsMalformed = inM1(
      school({
        users: [people[0]!],
        enrollments: inMath,
        rest: [refused("malformed", "users", "bob", "no login")],
      }),
    );
    // On the first of these nights the section moves, so the deletion of the enrollment waits.
    const { rows } = await lastOf([before, bobIsGone, bobIsMalformed], { missing: { users: "keep" } });
    expect(states(rows.users, "user_id")).toEqual(["alice: active", "bob: active"]);
    expect(states(rows.enrollments, "user_id")).toEqual(["alice: active", "bob: active"]);
  });

  it("stays in the course in which its class is tonight", async () => {
    const night = school({
      courses: [course("M1_fall")],
      users: people,
      enrollments: [inMath[0]!],
      rest: [refused("malformed", "enrollments", "bob@math", "no role")],
    });
    const moved = {
      ...night,
      sections: night.sections.map((row) =>
        row["section_id"] === "math" ? { ...row, course_id: "M1_fall" } : row,
      ),
    };
    const { rows } = await lastOf([before, moved]);
    expect(column(rows.enrollments, "course_id")).toEqual(["M1_fall", "M1_fall"]);
  });
});

describe("a user whom the SIS still has", () => {
  it("stays without an enrollment, as the SIS has the user now", async () => {
    const night = school({
      users: [people[0]!, user("bob", { first_name: "Rob" })],
      enrollments: [inMath[0]!],
    });
    const { rows, leftOut: left, changes } = await lastOf([before, night]);
    expect(states(rows.users, "user_id", "first_name")).toEqual(["alice Ada: active", "bob Rob: active"]);
    expect(states(rows.enrollments, "user_id")).toEqual(["alice: active", "bob: deleted"]);
    expect(left["users"]).toBeUndefined();
    expect(changes).toEqual([
      {
        file: "enrollments",
        key: "math|bob|student",
        change: "removed",
        column: "",
        before: "",
        after: "deleted",
      },
      { file: "users", key: "bob", change: "changed", column: "first_name", before: "Ada", after: "Rob" },
    ]);
  });

  it("is left out when never delivered before", async () => {
    const night = school({ users: [...people, user("carol")], enrollments: inMath });
    const { rows, leftOut: left } = await lastOf([before, night]);
    expect(column(rows.users, "user_id")).toEqual(["alice", "bob"]);
    expect(left["users"]).toEqual({ "not enrolled in a class of the package": 1 });
  });

  it("is active again the night after being missing", async () => {
    const away = without(without(before, "users", "bob"), "enrollments", "bob@math");
    const back = { ...away, users: people };
    const { rows, compared } = await lastOf([before, away, back]);
    expect(states(rows.users, "user_id")).toEqual(["alice: active", "bob: active"]);
    expect(compared.files.users).toMatchObject({ added: 1, removed: 0 });
  });
});

describe("a login that the SIS gives to another tonight", () => {
  const carol = user("carol", { login_id: "BOB.login" });

  it("is claimed by who needs it; whoever is not enrolled is not mentioned any more, and not missing", async () => {
    const night = school({
      users: [...people, carol],
      enrollments: [inMath[0]!, enrollment("carol@math")],
    });
    const { rows, rejects, baseline, compared } = await lastOf([before, night]);
    expect(states(rows.users, "user_id")).toEqual(["alice: active", "carol: active"]);
    expect(reasons(rejects)).toEqual([`users bob: the login is claimed by user carol already${STAYS}`]);
    expect(states(baseline.users, "user_id", "nights").toSorted()).toEqual([
      "alice : active",
      "bob : active",
      "carol : active",
    ]);
    expect(compared.files.users).toMatchObject({ added: 1, removed: 0, unchanged: 2 });
    expect(rows.enrollments.filter((row) => row["user_id"] === "bob")).toEqual([]);
  });

  it("stays with who had it when both need it", async () => {
    const aaron = user("aaron", { login_id: "bob.login" });
    const night = school({ users: [...people, aaron], enrollments: [...inMath, enrollment("aaron@math")] });
    const { rows, rejects } = await lastOf([before, night]);
    expect(column(rows.users, "user_id")).toEqual(["alice", "bob"]);
    expect(reasons(rejects)[0]).toBe(
      "enrollments aaron@math: its user was left out: the login is claimed by user bob already",
    );
    const first = await lastOf([night]);
    expect(column(first.rows.users, "user_id")).toEqual(["aaron", "alice"]);
  });

  it("leaves the loser with the login of last night when nobody claims that", async () => {
    const night = school({
      users: [user("alice"), user("bob", { login_id: "alice.login" })],
      enrollments: [inMath[0]!, { ...inMath[1]!, sourced_id: "anew" }],
    });
    const { rows } = await lastOf([before, night]);
    expect(states(rows.users, "user_id", "login_id")).toEqual([
      "alice alice.login: active",
      "bob bob.login: active",
    ]);
    expect(states(rows.enrollments, "user_id")).toEqual(["alice: active", "bob: active"]);
  });

  it("of somebody whom the SIS gives none, and who is not enrolled, is given with nothing lost", async () => {
    const night = school({
      users: [user("alice"), carol],
      enrollments: [inMath[0]!, enrollment("carol@math")],
      rest: [refused("unmapped", "users", "bob", "no login")],
    });
    for (const mode of ["full", "changes", "diffing"] as const) {
      const { rows, changes, contested } = await lastOf([before, night], { mode });
      const said =
        mode === "diffing" ? ["alice", "bob", "carol"] : mode === "full" ? ["alice", "carol"] : ["carol"];
      expect(column(rows.users, "user_id"), mode).toEqual(said);
      expect(column(rows.enrollments, "user_id"), mode).toEqual(said);
      expect(
        changes.map(({ change }) => change),
        mode,
      ).toEqual(["added", "added"]);
      expect(contested).toEqual([
        { type: "users", field: "login_id", rows: 1, examples: [{ user_id: "carol", holder: "bob" }] },
      ]);
    }
  });
});
