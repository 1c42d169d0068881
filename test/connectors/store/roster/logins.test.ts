import { describe, expect, it } from "vitest";
import { deliver } from "./delivered.ts";
import { SEPARATOR, settle, type Row } from "./night.ts";
import { enrollment, reasons, school, user } from "./rows.ts";

const person = (id: string, more: string[] = [], said: Row = {}) =>
  user(id, { more_logins: more.join(SEPARATOR), ...said });
const classOf = (...users: Row[]) =>
  school({ users, enrollments: users.map(({ sourced_id = "" }) => enrollment(`${sourced_id}@math`)) });
const ON = { moreLogins: true };
const logins = ({ rows }: { rows: Record<"logins", Row[]> }) =>
  rows.logins.map((row) => `${row["user_id"]} = ${row["login_id"]} of ${row["existing_user_id"]}`);

describe("further logins", () => {
  it("are rows of logins.csv that name the user who is there", async () => {
    const night = await settle(
      classOf(person("bob", ["email", "bob@x.org", "identifier", "4711"]), person("eve")),
      ON,
    );
    expect(night.texts["logins.csv"]).toBe(
      "user_id,login_id,existing_user_id,status\nbob.email,bob@x.org,bob,active\nbob.identifier,4711,bob,active\n",
    );
    expect(night.rejects).toEqual([]);
  });

  it("are of users of the package alone", async () => {
    const night = await settle(school({ users: [person("bob", ["email", "b@x.org"])] }), ON);
    expect(night.texts["logins.csv"]).toBeUndefined();
  });

  it("are no row when the user has the login already, in whatever case and field", async () => {
    const own = person("bob", ["email", "BOB.login", "identifier", "b", "username", "B"]);
    expect(logins(await settle(classOf(own), ON))).toEqual(["bob.identifier = b of bob"]);
  });

  it("are rejects when somebody else has them, or when Canvas takes no such login", async () => {
    const night = await settle(
      classOf(
        person("bob", ["email", "EVE.login"]),
        person("eve", ["email", "same"]),
        person("kim", ["email", "same", "identifier", "x".repeat(101)]),
      ),
      ON,
    );
    expect(logins(night)).toEqual(["eve.email = same of eve"]);
    expect(reasons(night.rejects)).toEqual([
      "logins bob: the login is claimed by user eve already",
      "logins kim: the login is claimed by user eve already",
      "logins kim: longer than the 100 characters that Canvas takes",
    ]);
  });

  const first = classOf(person("bob", ["email", "bob@x.org"]));
  const second = classOf(person("bob", ["email", "bob@x.org"]), person("eve", ["email", "eve@x.org"]));

  it.each([
    ["full", [["eve.email = eve@x.org of eve"], []]],
    ["changes", [["eve.email = eve@x.org of eve"], []]],
    [
      "diffing",
      [
        ["bob.email = bob@x.org of bob", "eve.email = eve@x.org of eve"],
        ["bob.email = bob@x.org of bob", "eve.email = eve@x.org of eve"],
      ],
    ],
  ] as const)(
    "are sent once, but for diffing (%s): Canvas would refuse them the second time",
    async (mode, expected) => {
      const [, ...nights] = await deliver([first, second, second], { ...ON, mode });
      expect(nights.map(logins)).toEqual(expected);
      expect(nights[1]!.compared.files.logins).toEqual({
        rows: 2,
        added: 0,
        changed: 0,
        removed: 0,
        unchanged: 2,
      });
    },
  );

  it("stay as they were when the value changes or goes, which Canvas could not be told", async () => {
    const changed = classOf(person("bob", ["email", "new@x.org"]));
    const [, other, none] = await deliver([first, changed, classOf(person("bob"))], ON);
    expect(reasons(other!.rejects)).toEqual([
      "logins bob: the login was delivered with another value, and Canvas cannot change it by logins.csv",
    ]);
    for (const night of [other!, none!]) {
      expect(logins(night)).toEqual([]);
      expect(night.compared.files.logins).toEqual({
        rows: 1,
        added: 0,
        changed: 0,
        removed: 0,
        unchanged: 1,
      });
    }
  });

  it("end with their user, and are not sent again", async () => {
    const [, gone] = await deliver([second, first], { ...ON, missing: { users: "delete" } });
    expect(logins(gone!)).toEqual([]);
    expect(gone!.compared.files.logins).toMatchObject({ rows: 1, removed: 1 });
  });
});
