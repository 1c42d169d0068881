import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANVAS_FILES } from "../../../../mappers/canvas-files.ts";
import { settle, type Night, type Row } from "./night.ts";
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

const AUTUMN = "2026-09-01T00:00:00.000Z";
const WINTER = "2026-12-01T00:00:00.000Z";
const alice = user("alice");
const math = [enrollment("alice@math")];

describe("several copies of one record", () => {
  it("count once, and as the newest says, whatever file it is in", async () => {
    const users = [
      user("alice", { modified: WINTER, login_id: "new" }),
      user("alice", { modified: AUTUMN, login_id: "old" }),
    ];
    for (const order of [users, users.toReversed()]) {
      const {
        rows,
        rejects,
        leftOut: left,
      } = await settle(school({ users: order, enrollments: math }), { files: 2 });
      expect(column(rows.users, "login_id")).toEqual(["new"]);
      expect({ rejects, left }).toEqual({ rejects: [], left: {} });
    }
  });

  it("are gone when the newest is gone, and not when an older one was", async () => {
    const now = await settle(
      school({ users: [alice], enrollments: math, rest: [gone("users", "alice", WINTER)] }),
    );
    const before = await settle(
      school({
        users: [alice],
        enrollments: math,
        rest: [gone("users", "alice", "2026-01-01T00:00:00.000Z")],
      }),
    );
    expect([now.rows.users, now.gone]).toEqual([[], { users: 1 }]);
    expect([column(before.rows.users, "user_id"), before.gone]).toEqual([["alice"], {}]);
  });

  it("are no reject when another copy could be read", async () => {
    const { rows, rejects } = await settle(
      school({
        users: [alice],
        enrollments: math,
        rest: [
          refused("malformed", "users", "alice", "no enabledUser"),
          refused("malformed", "enrollments", "alice@math", "no class"),
        ],
      }),
    );
    expect(rows.enrollments).toHaveLength(1);
    expect(rejects).toEqual([]);
  });

  it("are a row rather than a reject when both are equally new", async () => {
    const { rows, rejects } = await settle(
      school({
        users: [alice],
        enrollments: math,
        rest: [refused("unmapped", "users", "alice", "no username")],
      }),
    );
    expect(column(rows.users, "user_id")).toEqual(["alice"]);
    expect(rejects).toEqual([]);
  });

  it("of a malformed record are one reject; records without an id are one each", async () => {
    const { rejected } = await settle(
      school({
        rest: [
          refused("malformed", "users", "bob", "no enabledUser"),
          refused("malformed", "users", "bob", "no role"),
          refused("malformed", "users", "", "no sourcedId"),
          refused("malformed", "users", "", "sourcedId is a list"),
        ],
      }),
    );
    expect(rejected).toEqual({ users: 3 });
  });

  it("that are equally new are decided by what they say, not by which came first", async () => {
    const users = [user("alice", { login_id: "b" }), user("alice", { login_id: "a" })];
    for (const order of [users, users.toReversed()]) {
      const { rows } = await settle(school({ users: order, enrollments: math }));
      expect(column(rows.users, "login_id")).toEqual(["a"]);
    }
  });

  it("of an enrollment may say different things of its role", async () => {
    const copies = [enrollment("alice@math"), enrollment("alice@math", { role: "ta", modified: WINTER })];
    const { rows } = await settle(school({ users: [alice], enrollments: copies }));
    expect(column(rows.enrollments, "role")).toEqual(["ta"]);
    const turned = await settle(
      school({
        users: [alice],
        enrollments: math,
        rest: [{ ...leftOut("enrollments", "alice@math", "role not enrolled"), modified: WINTER }],
      }),
    );
    expect(turned.rows.enrollments).toEqual([]);
    expect(turned.leftOut["enrollments"]).toEqual({ "role not enrolled": 1 });
  });
});

/** A district with some of everything that can happen to a record. */
const messyNight = (): fc.Arbitrary<Night> => {
  const time = fc.constantFrom(AUTUMN, WINTER);
  const name = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const some = <T>(of: fc.Arbitrary<T>, maxLength = 12) => fc.array(of, { maxLength });
  const drafted = fc.record({
    users: some(
      fc
        .record({
          id: name,
          user_id: name,
          login_id: fc.constantFrom("L", "l", "m", "n", ""),
          first_name: fc.constantFrom("Ada", "ada", "Bo"),
          modified: time,
          status: fc.constantFrom("active", "suspended"),
          orgs: fc.constantFrom("school", "other"),
        })
        .map(({ id, ...more }) => user(id, { last_name: "Lee", integration_id: more.login_id, ...more })),
    ),
    enrollments: some(
      fc
        .record({
          user: name,
          section_id: fc.constantFrom("math", "art", "gym", "none"),
          role: fc.constantFrom("student", "ta"),
          n: fc.nat(3),
          start_date: fc.constantFrom("", "2026-08-10T00:00:00Z", "2027-01-10T00:00:00Z"),
          end_date: fc.constantFrom("", "2026-09-01T23:59:59Z"),
          modified: time,
        })
        .map(({ n, ...more }) => ({
          ...enrollment(`${more.user}@${more.section_id}`, more),
          sourced_id: `${more.user}-${n}`,
        })),
      30,
    ),
    rest: some(
      fc
        .record({
          type: fc.constantFrom("users", "enrollments"),
          id: fc.constantFrom("a", "b", "g", "a-1", ""),
          modified: time,
          fate: fc.constantFrom("gone", "left-out", "unmapped", "malformed"),
        })
        .filter(({ id, fate }) => id !== "" || fate === "malformed")
        .map(({ type, id, modified, fate }): Row => ({
          type,
          sourced_id: id,
          modified: fate === "malformed" ? "" : modified,
          fate,
          reason: fate,
        })),
    ),
  });
  return drafted.map((parts) =>
    school({
      ...parts,
      accounts: [
        account("annex", { parent_account_id: "school" }),
        account("barn", { parent_account_id: "nowhere" }),
      ],
      terms: [term("spring"), term("never")],
      courses: [
        course("gym", { account_id: "annex", term_id: "spring" }),
        course("stable", { account_id: "barn" }),
      ],
      sections: [section("gym"), section("stable")],
    }),
  );
};

const options = fc.record({
  include: fc.constantFrom("all", "enrolled"),
  schools: fc.constantFrom([], ["school"]),
  userColumns: fc.constant([...CANVAS_FILES.users, "integration_id"]),
});

describe("a night in another order", () => {
  it("gives the same bytes, over however many files its lines are spread", async () => {
    const shuffled = (input: Night, seeds: readonly number[]): Night =>
      Object.fromEntries(
        Object.entries(input).map(([file, rows]: [string, Row[]]) => [
          file,
          rows
            .map((row, n) => ({ row, rank: seeds[n % seeds.length] ?? 0 }))
            .sort((one, other) => one.rank - other.rank)
            .map(({ row }) => row),
        ]),
      ) as unknown as Night;
    await fc.assert(
      fc.asyncProperty(
        messyNight(),
        options,
        fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
        async (input, chosen, seeds) => {
          const one = await settle(input, chosen);
          const other = await settle(shuffled(input, seeds), { ...chosen, files: 3 });
          expect(other.texts).toEqual(one.texts);
          expect([other.rejected, other.gone, other.leftOut]).toEqual([one.rejected, one.gone, one.leftOut]);
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe("every night", () => {
  it("keeps what Canvas needs: keys once, references resolved, logins unclaimed, and tells of every record", async () => {
    await fc.assert(
      fc.asyncProperty(messyNight(), options, async (input, chosen) => {
        const { rows, rejects, rejected, gone: counted, leftOut: left } = await settle(input, chosen);
        const users = column(rows.users, "user_id");
        const keys = rows.enrollments.map((row) =>
          [row["section_id"], row["user_id"], row["role"]].join(" "),
        );
        expect(new Set(users).size).toBe(users.length);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toEqual(keys.toSorted());
        const logins = column(rows.users, "login_id").map((login) => login.toLowerCase());
        expect(new Set(logins).size).toBe(logins.length);
        expect(column(rows.enrollments, "user_id").filter((id) => !users.includes(id))).toEqual([]);
        expect(
          column(rows.enrollments, "section_id").filter(
            (id) => !column(rows.sections, "section_id").includes(id),
          ),
        ).toEqual([]);
        if (chosen.include === "enrolled")
          expect(users.filter((id) => !column(rows.enrollments, "user_id").includes(id))).toEqual([]);

        for (const type of ["users", "enrollments"] as const) {
          const here = input.rest.filter((row) => row["type"] === type);
          const nameless = here.filter((row) => row["sourced_id"] === "");
          const named = new Set([
            ...column(input[type], "sourced_id"),
            ...column(here, "sourced_id").filter((id) => id !== ""),
          ]);
          const told =
            rows[type].length +
            (rejected[type] ?? 0) +
            (counted[type] ?? 0) +
            Object.values(left[type] ?? {}).reduce((a, b) => a + b, 0);
          expect(told - nameless.length, reasons(rejects).join("\n")).toBe(named.size);
        }
      }),
      { numRuns: 20 },
    );
  });
});
