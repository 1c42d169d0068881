import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currentDates } from "./current-model.ts";
import { settle, type Row } from "./night.ts";
import {
  AUGUST,
  JUNE,
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

const people = [user("alice"), user("bob")];
/** What the classes' term says where an enrollment says nothing. */
const TERM = { start_date: AUGUST, end_date: JUNE };

describe("enrollments", () => {
  it("have the course of their section, and are sorted by section, user and role", async () => {
    const { rows } = await settle(
      school({
        courses: [course("M1_fall")],
        sections: [section("a-1", { course_id: "M1_fall" })],
        users: people,
        enrollments: ["bob@math", "alice@math", "alice@a-1"].map((id) => enrollment(id)),
      }),
    );
    const blank = { role: "student", status: "active", start_date: "", end_date: "" };
    expect(rows.enrollments).toEqual([
      { course_id: "M1_fall", section_id: "a-1", user_id: "alice", ...blank },
      { course_id: "math", section_id: "math", user_id: "alice", ...blank },
      { course_id: "math", section_id: "math", user_id: "bob", ...blank },
    ]);
    expect(Object.keys(rows.enrollments[0] ?? {})).toEqual([
      "course_id",
      "section_id",
      "user_id",
      "role",
      "status",
      "start_date",
      "end_date",
    ]);
  });

  it("of a user that the SIS has not sent, or a class, are rejected, each with the reference", async () => {
    const { rows, rejects, rejected } = await settle(
      school({
        users: people,
        enrollments: ["alice@math", "alice@latin", "zoe@math", "yan@latin"].map((id) => enrollment(id)),
      }),
    );
    expect(column(rows.enrollments, "user_id")).toEqual(["alice"]);
    expect(rejects).toEqual([
      {
        ...{ type: "enrollments", sourcedId: "alice@latin", field: "class", value: "latin" },
        reason: "the SIS has sent no such class",
      },
      {
        ...{ type: "enrollments", sourcedId: "yan@latin", field: "class", value: "latin" },
        reason: "the SIS has sent no such class",
      },
      {
        ...{ type: "enrollments", sourcedId: "zoe@math", field: "user", value: "zoe" },
        reason: "the SIS has sent no such user",
      },
    ]);
    expect(rejected).toEqual({ enrollments: 3 });
  });

  it("go with a class that is gone or not wanted, without a reject", async () => {
    const { rejects, leftOut: left } = await settle(
      school({
        users: people,
        enrollments: ["alice@latin", "bob@latin", "alice@gym", "nobody@gym"].map((id) => enrollment(id)),
        rest: [gone("classes", "latin"), leftOut("classes", "gym", "school not selected")],
      }),
    );
    expect(rejects).toEqual([]);
    expect(left["enrollments"]).toEqual({ "its class is gone": 2, "school not selected": 2 });
  });

  it("end as their class did when it was refused", async () => {
    const { rejects } = await settle(
      school({
        users: people,
        enrollments: [enrollment("alice@shop")],
        rest: [refused("malformed", "classes", "shop", "no title")],
      }),
    );
    expect(reasons(rejects)).toEqual([
      "classes shop: no title",
      "enrollments alice@shop: its class was left out: no title",
    ]);
  });

  it("are told apart from records of other types with the same id", async () => {
    const { rejects } = await settle(
      school({
        users: people,
        enrollments: [enrollment("alice@latin")],
        rest: [gone("courses", "latin"), gone("users", "latin")],
      }),
    );
    expect(reasons(rejects)).toEqual(["enrollments alice@latin: the SIS has sent no such class"]);
  });

  it("that are malformed, gone or of a role that is not enrolled are counted as what they are", async () => {
    const {
      rejects,
      gone: counted,
      leftOut: left,
    } = await settle(
      school({
        users: people,
        rest: [
          refused("malformed", "enrollments", "e-1", "no user"),
          refused("malformed", "enrollments", "", "no sourcedId"),
          gone("enrollments", "e-2"),
          leftOut("enrollments", "e-3", "role not enrolled"),
        ],
      }),
    );
    expect(reasons(rejects)).toEqual(["enrollments : no sourcedId", "enrollments e-1: no user"]);
    expect(counted).toEqual({ enrollments: 1 });
    expect(left["enrollments"]).toEqual({ "role not enrolled": 1 });
  });

  it("with a role or a date that Canvas refuses are rejected, and call for no user", async () => {
    const { rows, rejects } = await settle(
      school({
        users: people,
        enrollments: [
          enrollment("alice@math", { role: "x".repeat(256) }),
          enrollment("alice@art", { end_date: "2026-02-30" }),
          enrollment("bob@art"),
        ],
      }),
    );
    expect(column(rows.users, "user_id")).toEqual(["bob"]);
    expect(rejects.map((reject) => [reject["sourcedId"], reject["field"]])).toEqual([
      ["alice@art", "end_date"],
      ["alice@math", "role"],
    ]);
  });

  it("of one user in one section stand beside each other in different roles", async () => {
    const { rows } = await settle(
      school({
        users: people,
        enrollments: [
          enrollment("alice@math"),
          { ...enrollment("alice@math", { role: "ta" }), sourced_id: "e-2" },
        ],
      }),
    );
    expect(column(rows.enrollments, "role")).toEqual(["student", "ta"]);
  });
});

describe("several enrollments of a user in a section in one role", () => {
  const dated = (id: string, start: string, end: string, more: Row = {}) => ({
    ...enrollment("alice@math", {
      start_date: start && `${start}T00:00:00Z`,
      end_date: end && `${end}T23:59:59Z`,
      ...more,
    }),
    sourced_id: id,
  });
  const dates = async (enrollments: Row[]) => {
    const { rows, leftOut: left, rejects } = await settle(school({ users: people, enrollments }));
    expect(rejects).toEqual([]);
    expect(rows.enrollments).toHaveLength(1);
    expect(left["enrollments"]).toEqual({
      "another enrollment of the same user, class and role counts": enrollments.length - 1,
    });
    const { start_date, end_date } = rows.enrollments[0] ?? {};
    return [start_date?.slice(0, 10), end_date?.slice(0, 10)];
  };

  it.each([
    [
      "one that is current today wins",
      [
        ["2026-08-10", "2026-09-01"],
        ["2026-11-20", "2026-11-20"],
        ["2026-11-21", ""],
      ],
      ["2026-11-20", "2026-11-20"],
    ],
    [
      "with the widest dates of all that are current",
      [
        ["2026-08-10", "2026-12-18"],
        ["2026-10-01", "2027-06-11"],
        ["2026-01-01", "2026-02-01"],
      ],
      ["2026-08-10", "2027-06-11"],
    ],
    [
      "a blank begin is open: as early as the term",
      [
        ["2026-08-20", "2026-12-18"],
        ["", "2026-12-01"],
      ],
      ["2026-08-10", "2026-12-18"],
    ],
    [
      "a blank end is open: as late as the term",
      [
        ["2026-08-10", ""],
        ["2026-09-01", "2026-12-18"],
      ],
      ["2026-08-10", "2027-06-11"],
    ],
    [
      "else the next to begin",
      [
        ["2027-01-10", "2027-06-11"],
        ["2026-12-01", "2026-12-18"],
        ["2026-08-10", "2026-11-19"],
      ],
      ["2026-12-01", "2026-12-18"],
    ],
    [
      "else the last to end",
      [
        ["2026-08-10", "2026-09-01"],
        ["2026-08-10", "2026-11-19"],
        ["2026-09-01", "2026-10-01"],
      ],
      ["2026-08-10", "2026-11-19"],
    ],
  ])("%s", async (_rule, given, expected) => {
    const enrollments = given.map(([start = "", end = ""], n) => dated(`e-${n}`, start, end));
    expect(await dates(enrollments)).toEqual(expected);
  });

  it("of those that are equally near takes the newest, then the smaller sourcedId", async () => {
    const toCome = (id: string, end: string, modified: string) => dated(id, "2027-01-10", end, { modified });
    expect(await dates([toCome("e-1", "2027-03-01", "1"), toCome("e-2", "2027-04-01", "2")])).toEqual([
      "2027-01-10",
      "2027-04-01",
    ]);
    expect(await dates([toCome("e-2", "2027-03-01", "1"), toCome("e-1", "2027-04-01", "1")])).toEqual([
      "2027-01-10",
      "2027-04-01",
    ]);
  });

  it("come from several records of one person as well", async () => {
    const users = [
      user("s-1", { user_id: "sam", first_name: "Sam", last_name: "Lee" }),
      user("s-2", { user_id: "sam", login_id: "sam2", first_name: "Sam", last_name: "Lee" }),
    ];
    const { rows } = await settle(
      school({ users, enrollments: [enrollment("s-1@math"), enrollment("s-2@math")] }),
    );
    expect(column(rows.enrollments, "user_id")).toEqual(["sam"]);
  });

  it("count as a plain model of the rule says, whatever their dates", async () => {
    const days = [
      "2026-08-09",
      "2026-08-10",
      "2026-11-19",
      "2026-11-20",
      "2026-11-21",
      "2027-01-10",
      "2027-06-12",
    ];
    const day = fc.constantFrom(...days, "");
    const dropAndAdd = fc.record({
      start: day,
      end: day,
      modified: fc.constantFrom("1", "2"),
      person: fc.constantFrom("alice", "bob"),
      class: fc.constantFrom("math", "art"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(dropAndAdd, { minLength: 1, maxLength: 40 }), async (given) => {
        const enrollments = given.map(({ start, end, modified, person, class: section_id }, n) => ({
          ...dated(`e-${String(n).padStart(3, "0")}`, start, end, { modified }),
          ...{ user: person, section_id },
        }));
        const { rows } = await settle(school({ users: people, enrollments }));
        const groups = Object.groupBy(enrollments, ({ section_id, user }): string => `${section_id} ${user}`);
        const expected = Object.keys(groups)
          .sort()
          .map((key) => ({ key, ...currentDates(groups[key] ?? [], TERM) }));
        const got = rows.enrollments.map(({ section_id, user_id, start_date, end_date }) => ({
          ...{ key: `${section_id ?? ""} ${user_id ?? ""}`, start_date, end_date },
        }));
        expect(got).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });
});

describe("an enrollment with one date, of which Canvas would heed none", () => {
  const SEPTEMBER = "2026-09-01T00:00:00Z";
  const DECEMBER = "2026-12-18T23:59:59Z";
  const dates = async (ofEnrollment: Row, ofSection: Row = {}, ofTerm: Row = {}) => {
    const { rows } = await settle(
      school({
        terms: [term("own", ofTerm)],
        courses: [course("gym", { term_id: "own" })],
        sections: [section("gym", ofSection)],
        users: people,
        enrollments: [enrollment("alice@gym", ofEnrollment), enrollment("bob@gym")],
      }),
    );
    const [alice, bob] = rows.enrollments;
    expect([bob?.["start_date"], bob?.["end_date"]]).toEqual(["", ""]);
    return [alice?.["start_date"], alice?.["end_date"]];
  };

  it("has the other of its course's term", async () => {
    expect(await dates({ end_date: DECEMBER })).toEqual([AUGUST, DECEMBER]);
    expect(await dates({ start_date: SEPTEMBER })).toEqual([SEPTEMBER, JUNE]);
  });

  it("has the other of its section where that has one, each by itself", async () => {
    const half = { start_date: SEPTEMBER };
    expect(await dates({ end_date: DECEMBER }, half)).toEqual([SEPTEMBER, DECEMBER]);
    expect(await dates({ start_date: SEPTEMBER }, half)).toEqual([SEPTEMBER, JUNE]);
    expect(await dates({ start_date: SEPTEMBER }, { end_date: DECEMBER })).toEqual([SEPTEMBER, DECEMBER]);
  });

  it("is left as it is where neither has one", async () => {
    expect(await dates({ end_date: DECEMBER }, {}, { start_date: "" })).toEqual(["", DECEMBER]);
    expect(await dates({ start_date: SEPTEMBER }, {}, { end_date: "" })).toEqual([SEPTEMBER, ""]);
  });

  it("has the one date twice where the other would stand on its wrong side", async () => {
    const early = "2026-08-01T23:59:59Z";
    const late = "2027-07-01T00:00:00Z";
    expect(await dates({ end_date: early })).toEqual([early, early]);
    expect(await dates({ start_date: late })).toEqual([late, late]);
  });

  it("keeps both where it has both", async () => {
    expect(await dates({ start_date: SEPTEMBER, end_date: DECEMBER })).toEqual([SEPTEMBER, DECEMBER]);
  });
});
