import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANVAS_FILES } from "../../../../mappers/canvas-files.ts";
import { deliver, lastOf, states, type NightsOptions } from "./delivered.ts";
import type { Night, Row } from "./night.ts";
import { column, enrollment, gone, reasons, refused, school, user } from "./rows.ts";

const STAYS = "; its row of the last delivered night stays";
const MODES = ["full", "changes", "diffing"] as const;

/** A night on which these people, all in math, have these logins. */
const having = (logins: Record<string, string>, more: Partial<Night> = {}): Night =>
  school({
    users: Object.entries(logins).map(([id, login_id]) => user(id, { login_id })),
    enrollments: Object.keys(logins).map((id) => enrollment(`${id}@math`)),
    ...more,
  });
const loginsOf = (rows: readonly Row[]): Record<string, string | undefined> =>
  Object.fromEntries(rows.map((row) => [row["user_id"] ?? "", row["login_id"]] as const));

describe("a login that goes from one to another of tonight's people", () => {
  const before = having({ "42": "Sam" });
  const moved = having({ "42": "sam.lee", "0042": "sAM" });
  const reason =
    "user 42 still has this login in Canvas until tonight's package is in; the row follows on the next night";

  it.each(MODES)("arrives a night later, when Canvas has taken it from the other: %s", async (mode) => {
    const [, second, third, fourth] = await deliver([before, moved, moved, moved], { mode });
    expect(loginsOf(second!.rows.users)).toEqual({ "42": "sam.lee" });
    expect(column(second!.rows.enrollments, "user_id")).toEqual(mode === "changes" ? [] : ["42"]);
    expect(reasons(second!.rejects)).toEqual([
      `enrollments 0042@math: its user was left out: ${reason}`,
      `users 0042: ${reason}`,
    ]);
    expect(second!.rejected).toEqual({ enrollments: 1, users: 1 });
    expect(second!.compared.files.users).toMatchObject({ rows: 1, added: 0, changed: 1 });

    expect(third!.rejects).toEqual([]);
    expect(third!.compared.files.users).toMatchObject({ added: 1, changed: 0, removed: 0 });
    expect(loginsOf(third!.rows.users)).toMatchObject({ "0042": "sAM" });
    expect(column(third!.rows.enrollments, "user_id")).toContain("0042");
    expect(fourth!.changes).toEqual([]);
    expect([second, third, fourth].map((night) => night!.contested)).toEqual([[], [], []]);
  });

  it.each(MODES)("leaves whoever waits as delivered, with the enrollments of then: %s", async (mode) => {
    const both = having({ "42": "sam", "0042": "old" });
    const tonight = having({ "42": "new", "0042": "sam" });
    const inArt = { ...tonight, enrollments: [...tonight.enrollments, enrollment("0042@art")] };
    const [, second, third] = await deliver([both, inArt, inArt], { mode });
    expect(reasons(second!.rejects)).toEqual([
      `enrollments 0042@art: its user was left out: ${reason}`,
      `enrollments 0042@math: its user was left out: ${reason}${STAYS}`,
      `users 0042: ${reason}${STAYS}`,
    ]);
    expect(second!.changes.map(({ key, column, after }) => [key, column, after])).toEqual([
      ["42", "login_id", "new"],
    ]);
    if (mode !== "changes") expect(loginsOf(second!.rows.users)).toEqual({ "42": "new", "0042": "old" });
    expect(third!.rejects).toEqual([]);
    expect(third!.changes.map(({ key, change, after }) => [key, change, after])).toEqual([
      ["art|0042|student", "added", ""],
      ["0042", "changed", "sam"],
    ]);
  });

  it("waits also for one who is not enrolled any more, or was suspended until tonight", async () => {
    const idle = { ...moved, enrollments: [enrollment("0042@math")] };
    expect(loginsOf((await lastOf([before, idle])).rows.users)).toEqual({ "42": "sam.lee" });
    const away = having({ x: "x" });
    expect(loginsOf((await lastOf([before, away, moved])).rows.users)).toMatchObject({ "42": "sam.lee" });
  });

  it("is not given away by logins.csv while somebody waits for it", async () => {
    const more = (night: Night, logins: Record<string, string>) => ({
      ...night,
      users: night.users.map((row) => {
        const login = logins[row["user_id"] ?? ""];
        return { ...row, more_logins: login === undefined ? "" : `email\u001f${login}` };
      }),
    });
    const [, second, third] = await deliver(
      [more(before, {}), more(moved, { "42": "sam" }), more(moved, { "42": "sam" })],
      { moreLogins: true },
    );
    expect(second!.rows.logins).toEqual([]);
    expect(reasons(second!.rejects)).toContain("logins 42: the login is claimed by user 0042 already");
    expect(loginsOf(third!.rows.users)).toMatchObject({ "0042": "sAM" });
    expect(third!.rows.logins).toEqual([]);
  });

  it("is given at once when nobody has it, or nothing was delivered before", async () => {
    expect(loginsOf((await lastOf([moved])).rows.users)).toEqual({ "42": "sam.lee", "0042": "sAM" });
    const other = having({ "42": "Sam", "0042": "free" });
    expect(loginsOf((await lastOf([before, other])).rows.users)).toEqual({ "42": "Sam", "0042": "free" });
    const louder = await lastOf([before, having({ "42": "SAM" })], { mode: "changes" });
    expect(loginsOf(louder.rows.users)).toEqual({ "42": "SAM" });
  });

  it("waits for nobody who has been gone, whatever becomes of the record when it comes again", async () => {
    const malformed = {
      ...having({ x: "x", "0042": "sam" }),
      rest: [refused("malformed", "users", "42", "no role")],
    };
    const night = await lastOf([before, having({ x: "x" }), malformed]);
    expect(loginsOf(night.rows.users)).toMatchObject({ "0042": "sam" });
    expect(night.contested).toMatchObject([{ examples: [{ user_id: "0042", holder: "42" }] }]);
  });

  it("waits for nobody whom Canvas has deleted, also when he comes again", async () => {
    const night = await lastOf([before, having({ x: "x" }), moved], { missing: { users: "delete" } });
    expect(loginsOf(night.rows.users)).toMatchObject({ "42": "sam.lee", "0042": "sAM" });
    expect(night.rejects).toEqual([]);
  });

  it("waits as long as the record of who has it is rejected", async () => {
    const malformed = {
      ...having({ "0042": "sam" }),
      rest: [refused("malformed", "users", "42", "no role")],
    };
    const [, second, third, fourth] = await deliver([before, malformed, moved, moved]);
    expect(loginsOf(second!.rows.users)).toEqual({ "42": "Sam" });
    expect(reasons(second!.rejects)).toContain(
      "users 0042: user 42 still has this login in Canvas, and has a record that was rejected tonight; the row follows on the night after one that gives that user another",
    );
    expect(loginsOf(third!.rows.users)).toEqual({ "42": "sam.lee" });
    expect(loginsOf(fourth!.rows.users)).toEqual({ "42": "sam.lee", "0042": "sAM" });
  });

  it.each([true, false])(
    "holds for integration_id too, to the letter, when configured: %s",
    async (configured) => {
      const one = (of42: string, of0042: string) =>
        school({
          users: [user("42", { integration_id: of42 }), user("0042", { integration_id: of0042 })],
          enrollments: [enrollment("42@math"), enrollment("0042@math")],
        });
      const options: NightsOptions = configured
        ? { userColumns: [...CANVAS_FILES.users, "integration_id"] }
        : {};
      const { rejects } = await lastOf([one("I1", "I2"), one("I3", "I1")], options);
      expect(reasons(rejects).filter((line) => line.startsWith("users"))).toEqual(
        configured
          ? [
              `users 0042: user 42 still has this integration_id in Canvas until tonight's package is in; the row follows on the next night${STAYS}`,
            ]
          : [],
      );
      expect((await lastOf([one("I1", "I2"), one("I3", "i1")], options)).rejects).toEqual([]);
    },
  );
});

describe("logins that go on from one to the next", () => {
  it.each(MODES)("arrive one a night, and say for whom they wait: %s", async (mode) => {
    const tonight = having({ a: "new", b: "A", c: "b" });
    const nights = await deliver([having({ a: "a", b: "b", c: "c" }), tonight, tonight, tonight, tonight], {
      mode,
    });
    expect(nights.map(({ rejects }) => reasons(rejects).filter((line) => line.startsWith("users")))).toEqual([
      [],
      [
        `users b: user a still has this login in Canvas until tonight's package is in; the row follows on the next night${STAYS}`,
        `users c: user b still has this login in Canvas, and waits for that of another; the row follows on the night after that user's${STAYS}`,
      ],
      [
        `users c: user b still has this login in Canvas until tonight's package is in; the row follows on the next night${STAYS}`,
      ],
      [],
      [],
    ]);
    expect(nights.map(({ changes }) => column(changes, "key"))).toEqual([[], ["a"], ["b"], ["c"], []]);
  });

  it("wait for ever when they go round, which is said, with what to do", async () => {
    const swapped = having({ a: "b", b: "a", c: "A.old" });
    const nights = await deliver([having({ a: "a", b: "b", c: "A.old" }), swapped, swapped]);
    for (const { rejects, rows } of nights.slice(1)) {
      expect(loginsOf(rows.users)).toEqual({ a: "a", b: "b", c: "A.old" });
      const [first, second, ...others] = reasons(rejects).filter((line) => line.startsWith("users"));
      expect(first).toMatch(
        /^users a: user b still has this login in Canvas and is to have one that goes round/,
      );
      expect(first).toContain("a swap, which no package can do");
      expect(first).toContain("In the SIS, give one of those who swap a value that nobody has");
      expect(second).toMatch(/^users b: user a still .* a swap/);
      expect(others).toEqual([]);
    }
    const helped = having({ a: "third", b: "a", c: "A.old" });
    const after = await deliver([having({ a: "a", b: "b", c: "A.old" }), helped, helped, swapped]);
    expect(loginsOf(after.at(-1)!.rows.users)).toEqual({ a: "b", b: "a", c: "A.old" });
  });
});

describe("a login whose holder is gone from the package", () => {
  const before = having({ old: "Sam" });
  const contested = [
    { type: "users", field: "login_id", rows: 1, examples: [{ user_id: "new", holder: "old" }] },
  ];

  it.each(["gone", "absent"])("is sent, and told of as often as a row that is gone: %s", async (how) => {
    const after = having({ new: "sam" }, how === "gone" ? { rest: [gone("users", "old")] } : {});
    const nights = await deliver([before, after, after, after, after], { repeatNights: 2 });
    expect(nights.map(({ rejects }) => rejects)).toEqual([[], [], [], [], []]);
    expect(states(nights[1]!.rows.users, "user_id", "login_id")).toEqual([
      "new sam: active",
      "old Sam: suspended",
    ]);
    expect(nights.map((night) => night.contested)).toEqual([[], contested, contested, [], []]);
  });

  it.each(MODES)("is still known to be his years later: %s", async (mode) => {
    const back = having({ old: "sam.lee", new: "sam", x: "x" });
    const nights = await deliver(
      [before, having({ x: "x" }), having({ x: "x" }), having({ new: "sam", x: "x" })],
      { mode, repeatNights: 1 },
    );
    expect(nights.at(-1)!.contested).toEqual(contested);
    const returned = await deliver([before, having({ x: "x" }), having({ x: "x" }), back, back], {
      mode,
      repeatNights: 1,
      missing: { users: "keep" },
    });
    expect(returned.map(({ rows }) => loginsOf(rows.users)["new"])).toEqual([
      ...[undefined, undefined, undefined, undefined],
      "sam",
    ]);
  });

  it("is nobody's any more when Canvas has deleted him", async () => {
    const nights = await deliver([before, having({ x: "x" }), having({ new: "sam" })], {
      missing: { users: "delete" },
    });
    expect(nights.at(-1)!.contested).toEqual([]);
  });

  it("is told of when it is one of logins.csv, of this night or an earlier one", async () => {
    const withMore = (night: Night, login: string) => ({
      ...night,
      users: night.users.map((row) => ({ ...row, more_logins: login === "" ? "" : `email\u001f${login}` })),
    });
    const [, taken] = await deliver(
      [withMore(having({ "42": "sam" }), "s@x.org"), withMore(having({ "42": "S@x.org" }), "")],
      { moreLogins: true },
    );
    expect(taken!.contested).toEqual([
      { type: "users", field: "login_id", rows: 1, examples: [{ user_id: "42", holder: "42" }] },
    ]);
    const [, given] = await deliver([withMore(before, ""), withMore(having({ new: "other" }), "sam")], {
      moreLogins: true,
    });
    expect(given!.contested).toEqual([
      { type: "logins", field: "login_id", rows: 1, examples: [{ user_id: "new", holder: "old" }] },
    ]);
  });
});

describe("whatever logins go from whom to whom", () => {
  const PEOPLE = ["a", "b", "c", "d"];
  const GROUPS = 15;
  const login = fc.constantFrom("u", "U", "v", "V", "w", "x", undefined);
  const evening = fc.array(login, { minLength: PEOPLE.length * GROUPS, maxLength: PEOPLE.length * GROUPS });
  /** Groups that know nothing of each other, in one night. */
  const loginsOn = (logins: readonly (string | undefined)[], isWhole: boolean) => {
    const people = logins.map((value, n): [string, string | undefined] => {
      const [group, person] = [Math.floor(n / PEOPLE.length), PEOPLE[n % PEOPLE.length] ?? ""];
      const own = isWhole ? `${person}.own` : undefined;
      return [`${group}-${person}`, value || own ? `${group}-${value ?? own}` : undefined];
    });
    return Object.fromEntries(people.filter((one): one is [string, string] => one[1] !== undefined));
  };

  it.each(MODES)(
    "Canvas is sent nothing that it would refuse, and has in the end what can be: %s",
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(evening, evening, evening, async (one, two, three) => {
          // First everybody is there, so that whoever is gone is remembered.
          const first = [loginsOn(one, true), loginsOn(two, true)];
          const wanted = [...first, ...PEOPLE.map(() => loginsOn(three, false))];
          const nights = await deliver(
            wanted.map((logins) => having(logins)),
            { mode, repeatNights: 1 },
          );
          const canvas = new Map<string, string>();
          for (const [index, { rows }] of nights.entries()) {
            const before = new Map(canvas);
            for (const row of rows.users) {
              const [id, theirs] = [row["user_id"] ?? "", (row["login_id"] ?? "").toLowerCase()];
              if (before.get(id) === theirs) continue;
              const holders = [...before].filter(([, other]) => other === theirs).map(([other]) => other);
              expect(holders.filter((holder) => holder in wanted[index]!)).toEqual([]);
              canvas.set(id, theirs);
            }
          }
          const { rejects } = nights.at(-1)!;
          const left = new Map(
            rejects.map(({ type, sourcedId, reason }) => [`${type} ${sourcedId}`, reason ?? ""]),
          );
          for (const [id, theirs] of Object.entries(wanted.at(-1)!)) {
            const why = left.get(`users ${id}`);
            if (why === undefined) expect(canvas.get(id)).toBe(theirs.toLowerCase());
            else
              expect(why).toMatch(/a swap|claimed by|waits for that of another|a record that was rejected/);
          }
        }),
        { numRuns: 1, endOnFailure: true },
      );
    },
  );
});
