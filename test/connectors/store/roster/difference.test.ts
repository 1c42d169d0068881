import { describe, expect, it } from "vitest";
import { lastOf } from "./delivered.ts";
import type { Night, Row } from "./night.ts";
import { account, course, enrollment, school, section, term, user } from "./rows.ts";

const people = ["alice", "bob"].map((id) => user(id));
const inMath = [enrollment("alice@math"), enrollment("bob@math")];
const before = school({
  accounts: [account("annex")],
  courses: [course("gym", { account_id: "annex" })],
  sections: [section("gym")],
  users: people,
  enrollments: [...inMath, enrollment("bob@gym")],
});

/** The same night with some rows of a file otherwise. */
function changed(file: keyof Night, change: (row: Row) => Row): Night {
  return { ...before, [file]: before[file].map(change) };
}

describe("a first night", () => {
  it("has every row to add, and no line of changes", async () => {
    const { compared, changes, texts } = await lastOf([before]);
    expect(compared.baseline).toBeUndefined();
    expect(compared.files.enrollments).toEqual({ rows: 3, added: 3, changed: 0, removed: 0, unchanged: 0 });
    expect(changes).toEqual([]);
    expect(Object.keys(texts)).toContain("users.csv");
  });
});

describe("the difference between two nights", () => {
  it("is none between two that are the same", async () => {
    const { compared, changes } = await lastOf([before, before]);
    expect(
      Object.values(compared.files).map(({ added, changed, removed }) => [added, changed, removed]),
    ).toEqual(Array.from({ length: 6 }, () => [0, 0, 0]));
    expect([changes, compared.schools, compared.moved, compared.renamed]).toEqual([[], [], [], []]);
  });

  it("is told row by row, a line for each column that has another value", async () => {
    const night = changed("users", (row) =>
      row["user_id"] === "bob" ? { ...row, first_name: 'Bob, "B"', email: "b@example.org" } : row,
    );
    const { changes, compared } = await lastOf([
      before,
      { ...night, enrollments: [...night.enrollments, enrollment("alice@gym")] },
    ]);
    expect(changes).toEqual([
      { file: "enrollments", key: "gym|alice|student", change: "added", column: "", before: "", after: "" },
      { file: "users", key: "bob", change: "changed", column: "email", before: "", after: "b@example.org" },
      {
        file: "users",
        key: "bob",
        change: "changed",
        column: "first_name",
        before: "Ada",
        after: 'Bob, "B"',
      },
    ]);
    expect(compared.files.users).toEqual({ rows: 2, added: 0, changed: 1, removed: 0, unchanged: 1 });
  });

  it("is counted in each school: by the account of the course, for users by where they were enrolled", async () => {
    const night = school({ users: [people[0]!], enrollments: [inMath[0]!] });
    const { compared } = await lastOf([before, night]);
    const of = (account_id: string, name: string) => ({ account_id, name, added: 0, changed: 0 });
    expect(compared.schools).toEqual([
      { ...of("annex", "School annex"), file: "accounts", last: 1, removed: 1 },
      { ...of("annex", "School annex"), file: "courses", last: 1, removed: 1 },
      { ...of("annex", "School annex"), file: "enrollments", last: 1, removed: 1 },
      { ...of("annex", "School annex"), file: "sections", last: 1, removed: 1 },
      { ...of("annex", "School annex"), file: "users", last: 1, removed: 1 },
      { ...of("school", "School school"), file: "enrollments", last: 2, removed: 1 },
      { ...of("school", "School school"), file: "users", last: 2, removed: 1 },
    ]);
  });

  it("tells users whom their own record suspends apart, in every school where they were", async () => {
    const suspended = changed("users", (row) =>
      row["user_id"] === "bob" ? { ...row, status: "suspended", last_name: "Other" } : row,
    );
    const { compared } = await lastOf([before, suspended]);
    expect(compared.files.users).toEqual({
      ...{ rows: 2, added: 0, changed: 1, suspended: 1, removed: 0, unchanged: 1 },
    });
    const of = { file: "users", added: 0, changed: 1, suspended: 1, removed: 0 };
    expect(compared.schools).toEqual([
      { account_id: "annex", name: "School annex", last: 1, ...of },
      { account_id: "school", name: "School school", last: 2, ...of },
    ]);

    const same = await lastOf([before, suspended, suspended]);
    expect(same.compared.files.users).not.toHaveProperty("suspended");
    const back = await lastOf([before, suspended, before]);
    expect(back.compared.files.users).not.toHaveProperty("suspended");
  });

  it("counts one who is gone, and suspended for it, once: as removed", async () => {
    const gone = { ...before, users: [people[0]!], enrollments: [inMath[0]!] };
    const back = changed("users", (row) =>
      row["user_id"] === "bob" ? { ...row, status: "suspended" } : row,
    );
    const night = await lastOf([before, gone]);
    expect(night.rows.users.find((row) => row["user_id"] === "bob")).toMatchObject({ status: "suspended" });
    expect(night.compared.files.users).toMatchObject({ changed: 0, removed: 1 });
    expect(night.compared.files.users).not.toHaveProperty("suspended");
    // Who was suspended as gone and comes back disabled loses nothing.
    expect((await lastOf([before, gone, back])).compared.files.users).not.toHaveProperty("suspended");
  });

  it("says which courses and sections would move, and whose term has other dates", async () => {
    const moved = {
      ...changed("courses", (row) =>
        row["course_id"] === "math" ? { ...row, account_id: "annex", term_id: "spring" } : row,
      ),
      terms: [term("fall", { end_date: "2027-07-01T23:59:59Z" }), term("spring")],
    };
    const { compared } = await lastOf([
      before,
      {
        ...moved,
        sections: moved.sections.map((row) =>
          row["section_id"] === "art" ? { ...row, course_id: "math" } : row,
        ),
      },
    ]);
    const school_ = { account_id: "school", name: "School school" };
    expect(compared.moved).toEqual([
      { ...school_, file: "courses", column: "account_id", both: 2, changed: 1 },
      { ...school_, file: "courses", column: "term_id", both: 2, changed: 1 },
      { ...school_, file: "sections", column: "course_id", both: 2, changed: 1 },
      { account_id: "annex", name: "School annex", file: "terms", column: "end_date", both: 1, changed: 1 },
      { ...school_, file: "terms", column: "end_date", both: 1, changed: 1 },
    ]);
  });

  it("finds the rows that are the same under another key", async () => {
    const anew = (id: string) => `new-${id}`;
    const renamed: Night = {
      ...before,
      users: before.users.map((row) => ({
        ...row,
        sourced_id: anew(row["sourced_id"]!),
        user_id: anew(row["user_id"]!),
      })),
      enrollments: before.enrollments.map((row) => ({
        ...row,
        sourced_id: anew(row["sourced_id"]!),
        user: anew(row["user"]!),
        section_id: anew(row["section_id"]!),
      })),
      courses: before.courses.map((row) => ({
        ...row,
        source_id: anew(row["source_id"]!),
        course_id: anew(row["course_id"]!),
      })),
      sections: before.sections.map((row) => ({
        ...row,
        source_id: anew(row["source_id"]!),
        section_id: anew(row["section_id"]!),
        course_id: anew(row["course_id"]!),
      })),
    };
    const { compared } = await lastOf([before, renamed]);
    expect(compared.renamed.map(({ file, pairs }) => [file, pairs])).toEqual([
      ["courses", 3],
      ["sections", 3],
      ["users", 2],
    ]);
    expect(compared.renamed[2]?.examples).toEqual([
      { before: "alice", after: "new-alice" },
      { before: "bob", after: "new-bob" },
    ]);
    expect(compared.files.users).toMatchObject({ added: 2, removed: 2 });
  });

  it("takes nobody for another of the same name with another login and address", async () => {
    const night = {
      ...before,
      users: [people[0]!, user("zoe", { last_name: "Of bob" })],
      enrollments: [inMath[0]!, enrollment("zoe@math")],
    };
    const { compared } = await lastOf([before, night]);
    expect(compared.files.users).toMatchObject({ added: 1, removed: 1 });
    expect(compared.renamed).toEqual([]);
  });
});
