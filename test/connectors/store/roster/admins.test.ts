import { describe, expect, it } from "vitest";
import { deliver, lastOf, states } from "./delivered.ts";
import { SEPARATOR, settle, type Night, type Row } from "./night.ts";
import { account, column, enrollment, gone, reasons, refused, school, user } from "./rows.ts";

const OFFICE = "School Office";
const admin = (id: string, pairs: string[] = ["school", OFFICE], more: Row = {}) =>
  user(id, { admin_roles: pairs.join(SEPARATOR), ...more });

/** Bob in math, and whoever else there is. */
function district(users: Row[], parts: Partial<Night> = {}): Night {
  return school({ users: [user("bob"), ...users], enrollments: [enrollment("bob@math")], ...parts });
}

const ON = { admins: true };
const admins = (night: { rows: Record<"admins", Row[]> }) =>
  states(night.rows.admins, "user_id", "account_id", "role");

describe("admins", () => {
  it("come into users.csv and admins.csv, also when they are enrolled nowhere", async () => {
    const night = await settle(district([admin("head"), user("idle")]), ON);
    expect(night.texts["admins.csv"]).toBe(`user_id,account_id,role,status\nhead,school,${OFFICE},active\n`);
    expect(column(night.rows.users, "user_id")).toEqual(["bob", "head"]);
    expect(night.rejects).toEqual([]);
  });

  it("have a row for each account and role, by the id that Canvas has of them", async () => {
    const night = await settle(
      district(
        [
          admin("h1", ["school", OFFICE, "other", OFFICE], { user_id: "H", login_id: "h", last_name: "One" }),
          admin("h2", ["school", "AccountAdmin"], { user_id: "H", login_id: "h", last_name: "One" }),
        ],
        { accounts: [account("other")] },
      ),
      ON,
    );
    expect(admins(night)).toEqual([
      "H other School Office: active",
      "H school AccountAdmin: active",
      "H school School Office: active",
    ]);
  });

  it("are no part of a night that was not asked for them", async () => {
    const night = await settle(district([admin("head")]));
    expect(Object.keys(night.texts)).not.toContain("admins.csv");
    expect(column(night.rows.users, "user_id")).toEqual(["bob"]);
  });

  it("lose a login to somebody who is enrolled, and are told of", async () => {
    const night = await settle(district([admin("head", undefined, { login_id: "BOB.login" })]), ON);
    expect(admins(night)).toEqual([]);
    expect(reasons(night.rejects)).toContain(
      "admins head: this user was left out: the login is claimed by user bob already",
    );
  });
});

describe("a role that gives no row", () => {
  const NOT_THERE =
    "there is no such account in the package; roster.accounts.types says which orgs become accounts";
  it.each<[string, string, Row[], string]>([
    ["is in an org that is no account", "district", [], NOT_THERE],
    ["names no org", "", [], "the role names no org"],
    ["is in an org that is gone", "old", [gone("orgs", "old")], "the SIS says that this org is gone"],
    [
      "is in an org that was rejected",
      "odd",
      [refused("malformed", "orgs", "odd", "no name")],
      "this org was left out: no name",
    ],
  ])("%s is a reject, never a row of the root account", async (_, org, rest, reason) => {
    const night = await settle(district([admin("head", [org, OFFICE])], { rest }), ON);
    expect(night.texts["admins.csv"]).toBeUndefined();
    expect(column(night.rows.users, "user_id")).toEqual(["bob"]);
    expect(night.rejects.filter(({ type }) => type === "admins")).toEqual([
      { type: "admins", sourcedId: "head", field: "roles", value: org, reason },
    ]);
  });

  it("says so of an admin who cannot be a user", async () => {
    const rest = [{ ...refused("unmapped", "users", "head", "no username"), fate: "unmapped-admin" }];
    const night = await settle(district([], { rest }), ON);
    expect(reasons(night.rejects)).toEqual(["admins head: this user was left out: no username"]);
  });

  it("is nobody's concern in a school that is not taken", async () => {
    const night = await settle(district([admin("head", ["elsewhere", OFFICE])]), {
      ...ON,
      schools: ["school"],
    });
    expect(night.rejects).toEqual([]);
  });
});

describe("nights with admins", () => {
  const BEFORE = district([admin("head"), admin("vice"), admin("clerk")]);

  it("delete a role that has ended or changed, and that of a user who has gone", async () => {
    const after = district([user("head"), admin("clerk", ["school", "AccountAdmin"])]);
    const [first, second] = await deliver([BEFORE, after], ON);
    expect(admins(first!)).toHaveLength(3);
    expect(admins(second!)).toEqual([
      "clerk school AccountAdmin: active",
      "clerk school School Office: deleted",
      "head school School Office: deleted",
      "vice school School Office: deleted",
    ]);
    expect(states(second!.rows.users, "user_id")).toContain("vice: suspended");
    expect(second!.compared.files.admins).toMatchObject({ added: 1, removed: 3 });
    expect(second!.compared.schools).toContainEqual(
      expect.objectContaining({ account_id: "school", file: "admins", last: 3, added: 1, removed: 3 }),
    );
    expect(second!.changes.filter(({ file }) => file === "admins")).toHaveLength(4);
  });

  it("keep the role of a user whose record was rejected", async () => {
    for (const rest of [
      [refused("malformed", "users", "vice", "is no text")],
      [{ ...refused("unmapped", "users", "vice", "no username"), fate: "unmapped-admin" }],
    ]) {
      const night = await lastOf([BEFORE, district([admin("head"), admin("clerk")], { rest })], ON);
      expect(admins(night)).toContain("vice school School Office: active");
      expect(reasons(night.rejects).every((reason) => reason.endsWith("night stays"))).toBe(true);
      expect(night.compared.files.admins).toMatchObject({ removed: 0, unchanged: 3 });
    }
  });

  it("say nothing of the role of one whose login is somebody else's", async () => {
    const heir = user("heir", { login_id: "vice.login" });
    const after = { ...BEFORE, users: [...BEFORE.users, heir] };
    const enrollments = [...BEFORE.enrollments, enrollment("heir@math")];
    const night = await lastOf([BEFORE, { ...after, enrollments }], ON);
    expect(admins(night)).toEqual([
      "clerk school School Office: active",
      "head school School Office: active",
    ]);
    expect(night.compared.files.admins).toMatchObject({ removed: 0 });
    expect(reasons(night.rejects)).toContain(
      "admins vice: this user was left out: the login is claimed by user heir already; its row of the last delivered night stays",
    );
  });

  it("keep roles in a school whose record was rejected", async () => {
    const rejected = { ...BEFORE, accounts: [], rest: [refused("malformed", "orgs", "school", "no name")] };
    const night = await lastOf([BEFORE, rejected], ON);
    expect(admins(night)).toHaveLength(3);
    expect(reasons(night.rejects).filter((reason) => reason.startsWith("admins"))).toEqual([]);
  });

  it("delete all of them when nobody wants them any more, for so many nights", async () => {
    const off = { adminsFile: true, repeatNights: 1 };
    const [, second, third] = await deliver([BEFORE, BEFORE, BEFORE], [ON, off, off]);
    expect(admins(second!)).toEqual([
      "clerk school School Office: deleted",
      "head school School Office: deleted",
      "vice school School Office: deleted",
    ]);
    expect(admins(third!)).toEqual([]);
  });

  it("say so in a diffing package as well, where without the last row there would be no file", async () => {
    const night = await lastOf([district([admin("head")]), district([user("head")])], {
      ...ON,
      mode: "diffing",
    });
    expect(admins(night)).toEqual(["head school School Office: deleted"]);
  });
});
