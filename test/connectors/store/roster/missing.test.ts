import { describe, expect, it } from "vitest";
import { deliver, lastOf, states } from "./delivered.ts";
import type { Night, Row } from "./night.ts";
import { account, column, course, enrollment, gone, refused, school, section, term, user } from "./rows.ts";

const alice = user("alice");
const bob = user("bob");
const inMath = [enrollment("alice@math"), enrollment("bob@math")];
const before = school({ users: [alice, bob], enrollments: inMath });
const withoutBob = school({ users: [alice], enrollments: [inMath[0]!] });

/** One school, its classes math and art, and what else is given; the class is not. */
function withoutClass(id: string, parts: Partial<Night>): Night {
  const night = school(parts);
  const other = (row: Record<string, string>) => row["source_id"] !== id;
  return { ...night, courses: night.courses.filter(other), sections: night.sections.filter(other) };
}

const inBoth = { users: [alice, bob], enrollments: [...inMath, enrollment("bob@art")] };
const artIsGone = withoutClass("art", { users: [alice, bob], enrollments: inMath });

describe("a row that was kept when it went missing", () => {
  it("counts as removed once another policy takes it away, and not again on the nights after", async () => {
    const keep = { mode: "diffing", missing: { users: "keep", enrollments: "keep" } } as const;
    const take = { mode: "diffing", missing: { users: "delete", enrollments: "delete" } } as const;
    const nights = await deliver(
      [before, withoutBob, withoutBob, withoutBob, withoutBob],
      [keep, keep, keep, take, take],
    );
    const removed = nights.map(({ compared: { files } }) => [files.users.removed, files.enrollments.removed]);
    expect(removed).toEqual([0, 1, 0, 1, 0].map((rows) => [rows, rows]));
    expect(states(nights[2]!.rows.enrollments, "user_id")).toEqual(["alice: active", "bob: active"]);
    expect(states(nights[3]!.rows.enrollments, "user_id")).toEqual(["alice: active"]);
    expect(nights[3]!.changes).toContainEqual(
      expect.objectContaining({ file: "users", key: "bob", change: "removed", after: "deleted" }),
    );
  });
});

describe("a user who is missing", () => {
  it.each([
    ["suspend", ["alice: active", "bob: suspended"]],
    ["delete", ["alice: active", "bob: deleted"]],
  ] as const)("is told to Canvas by the policy: %s", async (users, expected) => {
    const { rows, compared } = await lastOf([before, withoutBob], { missing: { users } });
    expect(states(rows.users, "user_id")).toEqual(expected);
    expect(states(rows.enrollments, "user_id")).toEqual(["alice: active", "bob: deleted"]);
    expect(compared.files.users).toEqual({ rows: 1, added: 0, changed: 0, removed: 1, unchanged: 1 });
  });

  it("is not suspended when kept, and only remembered when nothing is said of the user any more", async () => {
    const options = { missing: { users: "keep" }, repeatNights: 2 } as const;
    const [, first, second, third] = await deliver([before, withoutBob, withoutBob, withoutBob], options);
    // The deletion of the enrollment names the user, so the package has both.
    expect(states(first!.rows.users, "user_id")).toEqual(["alice: active", "bob: active"]);
    expect(states(second!.rows.users, "user_id")).toEqual(["alice: active", "bob: active"]);
    expect(column(third!.rows.users, "user_id")).toEqual(["alice"]);
    expect(column(third!.baseline.users, "user_id")).toEqual(["alice", "bob"]);
  });

  it("is not one who only left a class", async () => {
    const away = school({ users: [alice, bob], enrollments: [inMath[0]!] });
    const { rows } = await lastOf([before, away], { missing: { users: "delete" } });
    expect(states(rows.users, "user_id")).toEqual(["alice: active", "bob: active"]);
  });

  it("who is deleted is enrolled in nothing, whatever the policy of enrollments", async () => {
    const completed = school({ users: [alice, bob], enrollments: [inMath[0]!] });
    for (const enrollments of ["complete", "inactivate", "keep"] as const) {
      const options = { missing: { users: "delete", enrollments } } as const;
      const { rows } = await lastOf([before, withoutBob], options);
      expect(states(rows.enrollments, "user_id"), enrollments).toEqual(["alice: active", "bob: deleted"]);
      // One that was completed on an earlier night goes as well.
      const later = await lastOf([before, completed, withoutBob], options);
      expect(states(later.rows.enrollments, "user_id").slice(1), enrollments).toEqual(
        enrollments === "keep" ? [] : ["bob: deleted"],
      );
    }
  });
});

describe("a row that is missing and gets another status", () => {
  it("is sent with it as many nights as any other", async () => {
    const left = school({ users: [alice, bob], enrollments: [inMath[0]!] });
    const nights = await deliver([before, left, withoutBob, withoutBob, withoutBob], {
      missing: { users: "delete", enrollments: "complete" },
      repeatNights: 2,
    });
    expect(nights.map(({ rows }) => states(rows.enrollments, "user_id").slice(1))).toEqual([
      ["bob: active"],
      ["bob: completed"],
      ["bob: deleted"],
      ["bob: deleted"],
      [],
    ]);
  });
});

describe("an enrollment that is missing", () => {
  const away = school({ users: [alice, bob], enrollments: [inMath[0]!] });

  it.each([
    ["delete", "deleted"],
    ["complete", "completed"],
    ["inactivate", "inactive"],
  ] as const)("is told to Canvas by the policy: %s", async (enrollments, status) => {
    const { rows, changes } = await lastOf([before, away], { missing: { enrollments } });
    expect(states(rows.enrollments, "user_id")).toEqual(["alice: active", `bob: ${status}`]);
    expect(changes).toEqual([
      {
        file: "enrollments",
        key: "math|bob|student",
        change: "removed",
        column: "",
        before: "",
        after: status,
      },
    ]);
  });

  it("is not mentioned when kept", async () => {
    const { rows, baseline, changes } = await lastOf([before, away], { missing: { enrollments: "keep" } });
    expect(column(rows.enrollments, "user_id")).toEqual(["alice"]);
    expect(column(baseline.enrollments, "user_id")).toEqual(["alice"]);
    expect(changes.map(({ change, after }) => [change, after])).toEqual([["removed", ""]]);
  });

  it("in another role is a deletion and an addition", async () => {
    const teaches = school({
      users: [alice, bob],
      enrollments: [inMath[0]!, enrollment("bob@math", { role: "teacher" })],
    });
    const { rows } = await lastOf([before, teaches]);
    expect(states(rows.enrollments, "user_id", "role")).toEqual([
      "alice student: active",
      "bob student: deleted",
      "bob teacher: active",
    ]);
  });

  it("is sent for so many delivered nights, then dropped", async () => {
    const nights = await deliver([before, away, away, away, away], { repeatNights: 2 });
    expect(nights.map(({ rows }) => states(rows.enrollments, "user_id").slice(1))).toEqual([
      ["bob: active"],
      ["bob: deleted"],
      ["bob: deleted"],
      [],
      [],
    ]);
    expect(nights.map(({ compared }) => compared.files.enrollments.removed)).toEqual([0, 1, 0, 0, 0]);
    expect(nights.map(({ baseline }) => baseline.enrollments.map((row) => row["nights"]).toSorted())).toEqual(
      [["", ""], ["", "1"], [""], [""], [""]],
    );
  });

  it("is active at once when it comes back, and sent in every mode", async () => {
    for (const mode of ["full", "changes", "diffing"] as const) {
      const { rows } = await lastOf([before, away, before], { mode });
      expect(states(rows.enrollments, "user_id"), mode).toContain("bob: active");
    }
  });

  it("is told of under the course in which its class is by then", async () => {
    const there = school({ courses: [course("M1")], users: [alice, bob], enrollments: [inMath[0]!] });
    const moved = {
      ...there,
      sections: there.sections.map((row) =>
        row["section_id"] === "math" ? { ...row, course_id: "M1" } : row,
      ),
    };
    const { rows } = await lastOf([before, away, moved]);
    expect(states(rows.enrollments, "course_id", "user_id")).toEqual(["M1 alice: active", "M1 bob: deleted"]);
  });

  it("of a class that moves to another course waits until Canvas knows it there", async () => {
    const there = school({ courses: [course("M1")], users: [alice, bob], enrollments: [inMath[0]!] });
    const moved = {
      ...there,
      sections: there.sections.map((row) =>
        row["section_id"] === "math" ? { ...row, course_id: "M1" } : row,
      ),
    };
    const [, first, second] = await deliver([before, moved, moved]);
    expect(states(first!.rows.enrollments, "course_id", "user_id")).toEqual([
      "M1 alice: active",
      "M1 bob: active",
    ]);
    expect(states(second!.rows.enrollments, "course_id", "user_id")).toEqual([
      "M1 alice: active",
      "M1 bob: deleted",
    ]);
  });
});

describe("a section that is missing", () => {
  it("is deleted with the enrollments in it, and its course named", async () => {
    const { rows } = await lastOf([school(inBoth), artIsGone]);
    expect(states(rows.sections, "section_id")).toEqual(["art: deleted", "math: active"]);
    expect(states(rows.enrollments, "section_id", "user_id")).toEqual([
      "art bob: deleted",
      "math alice: active",
      "math bob: active",
    ]);
    expect(states(rows.courses, "course_id")).toEqual(["art: active", "math: active"]);
  });

  it("is deleted when the SIS says so, as well", async () => {
    const night = { ...artIsGone, enrollments: school(inBoth).enrollments, rest: [gone("classes", "art")] };
    const { rows, rejects } = await lastOf([school(inBoth), night]);
    expect(states(rows.sections, "section_id")).toContain("art: deleted");
    expect(rejects).toEqual([]);
  });

  it("stays as long as an enrollment in it stays, also one that is forgotten", async () => {
    for (const enrollments of ["complete", "inactivate", "keep"] as const) {
      const bobLeft = school({ users: [alice, bob], enrollments: inMath });
      const nights = [school(inBoth), bobLeft, bobLeft, artIsGone, artIsGone];
      const results = await deliver(nights, { missing: { enrollments }, repeatNights: 1 });
      const sent = results.flatMap(({ rows }) => states(rows.sections, "section_id"));
      expect(sent, enrollments).not.toContain("art: deleted");
    }
  });

  it("stays also when it was missing before and came back", async () => {
    const bobLeft = school({ users: [alice, bob], enrollments: inMath });
    const results = await deliver([school(inBoth), bobLeft, artIsGone, artIsGone, bobLeft, artIsGone], {
      missing: { enrollments: "keep" },
      repeatNights: 1,
    });
    expect(results.flatMap(({ rows }) => states(rows.sections, "section_id"))).not.toContain("art: deleted");
  });

  it("is not mentioned when kept", async () => {
    const { rows } = await lastOf([school(), withoutClass("art", {})], { missing: { sections: "keep" } });
    expect(column(rows.sections, "section_id")).toEqual(["math"]);
  });
});

describe("a course that is missing", () => {
  it.each([
    ["delete", ["art: deleted", "math: active"]],
    ["complete", ["art: completed", "math: active"]],
  ] as const)("is told to Canvas by the policy: %s", async (courses, expected) => {
    const { rows } = await lastOf([school(inBoth), artIsGone], { missing: { courses } });
    expect(states(rows.courses, "course_id")).toEqual(expected);
  });

  it("is not deleted while a section in it stays", async () => {
    const missing = { courses: "delete", sections: "keep" } as const;
    const nights = await deliver([school(inBoth), artIsGone, artIsGone], { missing, repeatNights: 1 });
    expect(nights.flatMap(({ rows }) => states(rows.courses, "course_id"))).not.toContain("art: deleted");
  });

  it("waits with its section for a user of whom nothing can be said tonight", async () => {
    const carol = user("carol", { login_id: "bob.login" });
    const night = {
      ...withoutClass("art", { users: [alice, carol], enrollments: [inMath[0]!, enrollment("carol@math")] }),
      rest: [refused("unmapped", "users", "bob", "no login"), gone("classes", "art")],
    };
    const { rows } = await lastOf([school(inBoth), night], { missing: { courses: "delete" } });
    expect(states(rows.sections, "section_id")).toEqual(["art: active", "math: active"]);
    expect(states(rows.courses, "course_id")).toEqual(["art: active", "math: active"]);
    expect(column(rows.enrollments, "user_id")).toEqual(["alice", "carol"]);
  });

  it("is deleted the night after its section has moved out of it", async () => {
    const first = school({
      courses: [course("old", { source_id: "shop" })],
      sections: [section("shop", { course_id: "old" })],
    });
    const moved = school({
      courses: [course("new", { source_id: "shop" })],
      sections: [section("shop", { course_id: "new" })],
    });
    const nights = await deliver([first, moved, moved], { missing: { courses: "delete" } });
    expect(
      nights.map(({ rows }) => states(rows.courses, "course_id").filter((state) => state.startsWith("old"))),
    ).toEqual([["old: active"], ["old: active"], ["old: deleted"]]);
    expect(nights.map(({ compared }) => compared.files.courses.removed)).toEqual([0, 0, 1]);
  });

  it("is deleted also when what stays in its section has moved with that, where it is remembered", async () => {
    const shopIn = (course_id: string, enrollments: Row[] = []) =>
      school({
        users: [alice, bob],
        courses: [course(course_id, { source_id: "shop" })],
        sections: [section("shop", { course_id })],
        enrollments: [...inMath, ...enrollments],
      });
    const nights = [shopIn("old", [enrollment("bob@shop")]), shopIn("old"), shopIn("new"), shopIn("new")];
    const results = await deliver(nights, {
      mode: "diffing",
      missing: { courses: "delete", enrollments: "keep" },
    });
    expect(results.map(({ rows }) => column(rows.courses, "course_id").includes("old"))).toEqual([
      ...[true, true, true],
      false,
    ]);
    expect(states(results.at(-1)!.rows.enrollments, "course_id", "user_id")).toContain("new bob: active");
  });
});

describe("a term or an account that is missing", () => {
  const annex = {
    accounts: [account("annex"), account("attic", { parent_account_id: "annex" })],
    terms: [term("spring")],
    courses: [course("gym", { account_id: "attic", term_id: "spring" })],
    sections: [section("gym")],
  };
  const both = { accounts: "delete", terms: "delete" } as const;

  it("is deleted when Canvas has let go of its courses: children before parents", async () => {
    const nights = await deliver([school(annex), school(), school(), school()], {
      missing: { ...both, courses: "delete" },
    });
    expect(nights.map(({ rows }) => states(rows.courses, "course_id")[1])).toEqual([
      "gym: active",
      "gym: deleted",
      "gym: deleted",
      "gym: deleted",
    ]);
    expect(nights.map(({ rows }) => states(rows.terms, "term_id")[1])).toEqual([
      "spring: active",
      "spring: active",
      "spring: deleted",
      "spring: deleted",
    ]);
    expect(nights.map(({ rows }) => states(rows.accounts, "account_id"))).toEqual([
      ["annex: active", "school: active", "attic: active"],
      ["annex: active", "school: active", "attic: active"],
      ["annex: active", "school: active", "attic: deleted"],
      ["school: active", "attic: deleted", "annex: deleted"],
    ]);
  });

  it("stays for ever when its courses stay", async () => {
    for (const courses of ["keep", "complete"] as const) {
      const nights = await deliver([school(annex), school(), school(), school()], {
        missing: { ...both, courses },
        repeatNights: 1,
      });
      const sent = nights.flatMap(({ rows }) => [...rows.terms, ...rows.accounts]);
      expect(column(sent, "status"), courses).not.toContain("deleted");
    }
  });
});

describe("the delivery mode", () => {
  const away = school({ users: [alice], enrollments: [inMath[0]!] });

  it("changes sends what differs and what is gone, and no file when there is nothing to say", async () => {
    const renamed = school({ users: [user("alice", { first_name: "Al" })], enrollments: [inMath[0]!] });
    const nights = await deliver([before, renamed, renamed, renamed], { mode: "changes", repeatNights: 2 });
    expect(nights.map(({ texts }) => Object.keys(texts).filter((name) => name !== "rejects.csv"))).toEqual([
      ["accounts.csv", "courses.csv", "enrollments.csv", "sections.csv", "terms.csv", "users.csv"],
      ["enrollments.csv", "users.csv"],
      ["enrollments.csv", "users.csv"],
      [],
    ]);
    expect(states(nights[1]!.rows.users, "user_id", "first_name")).toEqual([
      "alice Al: active",
      "bob Ada: suspended",
    ]);
    expect(states(nights[2]!.rows.users, "user_id")).toEqual(["bob: suspended"]);
    expect(states(nights[2]!.rows.enrollments, "user_id")).toEqual(["bob: deleted"]);
  });

  it("diffing leaves out what is to be deleted, and keeps what is not, as long as it is missing", async () => {
    const nights = await deliver([before, away, away, away], { mode: "diffing", repeatNights: 1 });
    expect(nights.slice(1).map(({ rows }) => states(rows.users, "user_id"))).toEqual(
      [1, 2, 3].map(() => ["alice: active", "bob: suspended"]),
    );
    expect(nights.slice(1).map(({ rows }) => states(rows.enrollments, "user_id"))).toEqual(
      [1, 2, 3].map(() => ["alice: active"]),
    );
    const kept = await deliver([before, away, away], {
      mode: "diffing",
      missing: { users: "keep", enrollments: "complete" },
      repeatNights: 1,
    });
    expect(states(kept[2]!.rows.users, "user_id")).toEqual(["alice: active", "bob: active"]);
    expect(states(kept[2]!.rows.enrollments, "user_id")).toEqual(["alice: active", "bob: completed"]);
  });

  it("diffing has no file of which every row is gone, and no status deleted", async () => {
    const { texts, rows } = await lastOf([before, school({ users: [alice, bob] })], { mode: "diffing" });
    expect(texts["enrollments.csv"]).toBeUndefined();
    expect(Object.values(rows).flatMap((file) => column(file, "status"))).not.toContain("deleted");
  });
});
