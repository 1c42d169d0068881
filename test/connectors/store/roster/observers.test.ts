import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliver, lastOf, type NightsOptions, states } from "./delivered.ts";
import { SEPARATOR, settle, type Night, type Row } from "./night.ts";
import { column, enrollment, gone, leftOut, reasons, refused, school, user } from "./rows.ts";

const student = (id: string, agents: string[] = [], more: Row = {}) =>
  user(id, { part: "student", agents: agents.join(SEPARATOR), ...more });
const guardian = (id: string, agents: string[] = [], more: Row = {}) =>
  user(id, { part: "observer", agents: agents.join(SEPARATOR), ...more });

/** Bob and Eve in math, and whoever else there is. */
function district(users: Row[], parts: Partial<Night> = {}): Night {
  const students = users.filter(({ part }) => part === "student" || part === "both");
  return school({
    users,
    enrollments: students.map(({ sourced_id = "" }) => enrollment(`${sourced_id}@math`)),
    ...parts,
  });
}

const ON: NightsOptions = { observers: true };
const links = (night: { rows: Record<"user_observers", Row[]> }) =>
  states(night.rows.user_observers, "observer_id", "student_id");
const people = (night: { rows: Record<"users", Row[]> }) => states(night.rows.users, "user_id");

describe("observers", () => {
  it("come into users.csv and user_observers.csv, whichever side names the other", async () => {
    const night = await settle(
      district([
        student("bob", ["dad"]),
        guardian("dad"),
        student("eve"),
        guardian("mum", ["eve"]),
        student("kim", ["gran"]),
        guardian("gran", ["kim"]),
      ]),
      ON,
    );
    expect(links(night)).toEqual(["dad bob: active", "gran kim: active", "mum eve: active"]);
    expect(column(night.rows.users, "user_id")).toEqual(["bob", "dad", "eve", "gran", "kim", "mum"]);
    expect(night.texts["user_observers.csv"]).toMatch(/^observer_id,student_id,status\n/);
    expect(night.rejects).toEqual([]);
  });

  it("are those of students in the package alone", async () => {
    const night = await settle(
      district([student("bob", ["dad"]), guardian("dad", ["bob"])], { enrollments: [] }),
      ON,
    );
    expect(night.texts["user_observers.csv"]).toBeUndefined();
    expect(night.rows.users).toEqual([]);
    expect(night.leftOut).toEqual({ users: { "not enrolled in a class of the package": 2 } });
    expect(night.rejects).toEqual([]);
  });

  it("are no part of a night that was not asked for them", async () => {
    const night = await settle(district([student("bob", ["dad"]), guardian("dad", ["bob"])]));
    expect(Object.keys(night.texts)).not.toContain("user_observers.csv");
    expect(people(night)).toEqual(["bob: active"]);
  });

  it("are known by the id that Canvas has of them, and once for several records of one person", async () => {
    const night = await settle(
      district([
        student("bob", ["p1", "p2"], { user_id: "B" }),
        guardian("p1", [], { user_id: "P", login_id: "p", last_name: "One" }),
        guardian("p2", [], { user_id: "P", login_id: "p", last_name: "One" }),
      ]),
      ON,
    );
    expect(links(night)).toEqual(["P B: active"]);
  });

  it("may be suspended, as Canvas takes such a link as well", async () => {
    const night = await settle(
      district([student("bob", ["dad"]), guardian("dad", [], { status: "suspended" })]),
      ON,
    );
    expect(links(night)).toEqual(["dad bob: active"]);
  });

  it("with include: all are links of every student who is in the package", async () => {
    const night = await settle(
      district(
        [
          student("bob", ["dad"]),
          guardian("dad", [], { orgs: "" }),
          student("far", ["mum"], { orgs: "elsewhere" }),
          guardian("mum", [], { orgs: "elsewhere" }),
        ],
        { enrollments: [] },
      ),
      { ...ON, include: "all", schools: ["school"] },
    );
    expect(links(night)).toEqual(["dad bob: active"]);
    expect(people(night)).toEqual(["bob: active", "dad: active"]);
  });
});

describe("an agent who gives no row", () => {
  const bob = student("bob", ["who"]);
  const cases: [string, Row[], Row[], string][] = [
    ["was not sent", [], [], "the SIS has sent no such user"],
    ["is gone", [], [gone("users", "who")], "the SIS says that this user is gone"],
    [
      "has no login",
      [],
      [refused("unmapped", "users", "who", "no username")],
      "this user was left out: no username",
    ],
    [
      "cannot be read",
      [],
      [refused("malformed", "users", "who", "is no text")],
      "this user was left out: is no text",
    ],
    [
      "is of another school",
      [],
      [leftOut("users", "who", "school not selected")],
      "this user was left out: school not selected",
    ],
    ["is a teacher", [user("who")], [], "is neither guardian, parent nor relative"],
    ["is a sibling", [student("who")], [], "is neither guardian, parent nor relative"],
    [
      "has the login of somebody who is enrolled",
      [guardian("who", [], { login_id: "BOB.login" })],
      [],
      "this user was left out: the login is claimed by user bob already",
    ],
    [
      "is the student",
      [guardian("who", [], { user_id: "bob", last_name: "Of bob" })],
      [],
      "is the student, who cannot observe himself",
    ],
  ];

  it.each(cases)(
    "and %s is a reject with the reason, and the student stays",
    async (_, users, rest, reason) => {
      const night = await settle(district([bob, ...users], { rest }), ON);
      expect(night.rows.user_observers).toEqual([]);
      expect(column(night.rows.users, "user_id")).toContain("bob");
      const rejects = night.rejects.filter(({ type }) => type === "agents");
      expect(rejects).toEqual([{ type: "agents", sourcedId: "bob", field: "agents", value: "who", reason }]);
    },
  );

  it("is one when each of the two could observe the other", async () => {
    const both = (id: string, agent: string) => student(id, [agent], { part: "both" });
    const night = await settle(district([both("bob", "eve"), both("eve", "bob")]), ON);
    expect(night.rows.user_observers).toEqual([]);
    expect(reasons(night.rejects)).toEqual([
      "agents bob: each of the two could be the guardian of the other",
      "agents eve: each of the two could be the guardian of the other",
    ]);
  });
});

describe("from night to night", () => {
  const family = [student("bob", ["dad"]), guardian("dad", ["bob"]), student("eve")];
  const first = district(family);

  it("nothing changes when nothing has changed", async () => {
    const [, second] = await deliver([first, first], ON);
    expect(links(second!)).toEqual(["dad bob: active"]);
    expect(second!.changes).toEqual([]);
    expect(second!.compared.files.user_observers).toEqual({
      rows: 1,
      added: 0,
      changed: 0,
      removed: 0,
      unchanged: 1,
    });
  });

  it("a link that ends is deleted, for as many nights as rows that are gone, and the guardian stays", async () => {
    const apart = district([student("bob"), guardian("dad"), student("eve")]);
    const [, ...nights] = await deliver([first, apart, apart, apart], { ...ON, repeatNights: 2 });
    expect(nights.map(links)).toEqual([["dad bob: deleted"], ["dad bob: deleted"], []]);
    expect(nights.map(people)[0]).toEqual(["bob: active", "dad: active", "eve: active"]);
    expect(nights[0]!.compared.files.user_observers).toMatchObject({ rows: 0, removed: 1 });
    expect(nights[0]!.changes).toContainEqual(
      expect.objectContaining({
        file: "user_observers",
        key: "dad|bob",
        change: "removed",
        after: "deleted",
      }),
    );
    expect(nights[0]!.compared.schools).toEqual([
      {
        account_id: "school",
        name: "School school",
        file: "user_observers",
        last: 1,
        added: 0,
        changed: 0,
        removed: 1,
      },
    ]);
  });

  it("stays as long as one side says it", async () => {
    const night = await lastOf([first, district([student("bob"), guardian("dad", ["bob"])])], ON);
    expect(links(night)).toEqual(["dad bob: active"]);
  });

  it("a guardian who is gone is suspended, the link is deleted, and what still names him is a reject", async () => {
    const night = await lastOf([first, district([student("bob", ["dad"]), student("eve")])], ON);
    expect(links(night)).toEqual(["dad bob: deleted"]);
    expect(people(night)).toEqual(["bob: active", "dad: suspended", "eve: active"]);
    expect(reasons(night.rejects)).toEqual(["agents bob: the SIS has sent no such user"]);
  });

  it("a student who leaves is suspended and the link deleted; the guardian, still there, stays", async () => {
    const night = await lastOf([first, district([guardian("dad", ["bob"]), student("eve")])], ON);
    expect(links(night)).toEqual(["dad bob: deleted"]);
    expect(people(night)).toEqual(["bob: suspended", "dad: active", "eve: active"]);
    expect(night.rejects).toEqual([]);
  });

  it("a student who is still there without an enrollment keeps the observer", async () => {
    const night = await lastOf([first, district(family, { enrollments: [enrollment("eve@math")] })], ON);
    expect(links(night)).toEqual(["dad bob: active"]);
  });

  it.each([
    ["student", [guardian("dad"), student("eve")], "bob"],
    ["guardian", [student("bob"), student("eve")], "dad"],
  ])("what was rejected of a %s takes nothing away", async (_, users, id) => {
    const rest = [refused("malformed", "users", id, "is no text")];
    const enrollments = [enrollment("bob@math"), enrollment("eve@math")];
    const night = await lastOf([first, district(users, { rest, enrollments })], ON);
    expect(links(night)).toEqual(["dad bob: active"]);
    expect(people(night)).toEqual(["bob: active", "dad: active", "eve: active"]);
    expect(night.compared.files.user_observers).toEqual({
      rows: 1,
      added: 0,
      changed: 0,
      removed: 0,
      unchanged: 1,
    });
  });

  it("says of a rejected agent that the link stays", async () => {
    const rest = [refused("unmapped", "users", "dad", "no username")];
    const night = await lastOf([first, district([student("bob", ["dad", "mum"])], { rest })], ON);
    expect(links(night)).toEqual(["dad bob: active"]);
    expect(reasons(night.rejects.filter(({ type }) => type === "agents"))).toEqual([
      "agents bob: this user was left out: no username; its row of the last delivered night stays",
      "agents bob: the SIS has sent no such user",
    ]);
  });

  it("a guardian whose login is somebody else's tonight is not mentioned, nor is the link, and both come back", async () => {
    const claimed = district([
      student("bob", ["dad"]),
      guardian("dad"),
      student("eve", [], { login_id: "dad.login" }),
    ]);
    const [, second, third] = await deliver([first, claimed, first], ON);
    expect(links(second!)).toEqual([]);
    expect(column(second!.rows.users, "user_id")).not.toContain("dad");
    expect(second!.compared.files.user_observers).toMatchObject({ rows: 1, removed: 0 });
    expect(links(third!)).toEqual(["dad bob: active"]);
    expect(third!.compared.files.user_observers).toMatchObject({ added: 0, removed: 0 });
  });

  it.each(["full", "diffing", "changes"] as const)(
    "all links that there were are deleted when observers are no longer wanted (%s)",
    async (mode) => {
      const [one] = await deliver([first], { ...ON, mode });
      expect(links(one!)).toEqual(["dad bob: active"]);
      const folderOf = await lastOfMixed(first, mode);
      expect(links(folderOf)).toEqual(["dad bob: deleted"]);
      expect(people(folderOf)).toContain(mode === "changes" ? "bob: active" : "dad: active");
    },
  );
});

/** A night with observers, then one without. */
async function lastOfMixed(night: Night, mode: "full" | "diffing" | "changes") {
  const changed = { ...night, users: night.users.map((row) => ({ ...row, email: "new@example.org" })) };
  const [, second] = await deliver(
    [night, changed],
    [
      { observers: true, mode },
      { observersFile: true, mode },
    ],
  );
  return second!;
}

describe("every night of a family", () => {
  const PEOPLE = ["s1", "s2", "g1", "g2", "t1"];
  const PARTS: Record<string, string> = { s: "student", g: "observer", t: "" };
  const person = fc.record({
    there: fc.oneof(
      { weight: 5, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    agents: fc.subarray(PEOPLE),
    enrolled: fc.boolean(),
  });
  const evening = fc.tuple(person, person, person, person, person);

  it("has just the links that somebody names, between a student and a guardian of the package", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(evening, { minLength: 2, maxLength: 2 }), async (evenings) => {
        const nights = evenings.map((people) => {
          const rows = people.flatMap(({ there, agents }, index) => {
            const id = PEOPLE[index]!;
            return there ? [user(id, { part: PARTS[id[0]!]!, agents: agents.join(SEPARATOR) })] : [];
          });
          const enrolled = people.flatMap(({ there, enrolled }, index) =>
            there && enrolled && PEOPLE[index]!.startsWith("s") ? [enrollment(`${PEOPLE[index]}@math`)] : [],
          );
          return school({ users: rows, enrollments: enrolled });
        });
        const results = await deliver(nights, ON);
        for (const [at, { rows }] of results.entries()) {
          const people = evenings[at]!;
          const names = (one: string, other: string) => people[PEOPLE.indexOf(one)]!.agents.includes(other);
          const inPackage = new Set(
            rows.users.filter(({ status }) => status === "active").map(({ user_id }) => user_id ?? ""),
          );
          const expected = ["g1", "g2"].flatMap((observer) =>
            ["s1", "s2"]
              .filter((observed) => inPackage.has(observed) && people[PEOPLE.indexOf(observer)]!.there)
              .filter((observed) => names(observed, observer) || names(observer, observed))
              .map((observed) => `${observer} ${observed}`),
          );
          const active = rows.user_observers.filter(({ status }) => status === "active");
          expect(active.map((row) => `${row["observer_id"]} ${row["student_id"]}`)).toEqual(expected);
          const known = new Set(column(rows.users, "user_id"));
          for (const row of rows.user_observers)
            expect(known.has(row["observer_id"]!) && known.has(row["student_id"]!)).toBe(true);
        }
      }),
      { numRuns: 8 },
    );
  });
});
