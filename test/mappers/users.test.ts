import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { User } from "../../connectors/oneroster/records.ts";
import { type UserRow, toUserRow, userColumns } from "../../mappers/users.ts";
import { roster, user } from "./records.ts";

function options(said: object = {}) {
  return roster({ users: said }).users;
}

function row(record: User, said: object = {}): UserRow {
  const result = toUserRow(record, options(said));
  if (result.row === undefined) throw new Error(`rejected: ${result.reject.reason}`);
  return result.row;
}

function notes(record: User, said: object = {}) {
  return toUserRow(record, options(said)).row === undefined
    ? undefined
    : (toUserRow(record, options(said)) as { notes: unknown }).notes;
}

describe("toUserRow", () => {
  it("makes a row of users.csv", () => {
    expect(toUserRow(user("u-1"), options())).toEqual({
      row: {
        user_id: "u-1",
        login_id: "login.u-1",
        first_name: "Ann",
        last_name: "Lee",
        email: "ann@oakdale.example",
        status: "active",
      },
      notes: [],
    });
  });

  it("takes the legal names unless the preferred ones are asked for, each where a user has it", () => {
    const ann = user("u", { preferredFirstName: " Andy ", preferredLastName: undefined });
    expect(row(ann)).toMatchObject({ first_name: "Ann", last_name: "Lee" });
    expect(row(ann, { names: "preferred" })).toMatchObject({ first_name: "Andy", last_name: "Lee" });
    const blank = user("u", { preferredFirstName: " ", preferredLastName: "Li" });
    expect(row(blank, { names: "preferred" })).toMatchObject({ first_name: "Ann", last_name: "Li" });
  });

  it("suspends a user whose access the SIS curtails", () => {
    expect(row(user("u", { enabledUser: false })).status).toBe("suspended");
  });

  it("takes id and login from the fields that were chosen", () => {
    const record = user("u", {
      userIds: [{ type: "AD", identifier: "alee" }],
      metadata: { "k12.id": "0042" },
    });
    expect(row(record, { id: "metadata.k12.id", login: "userIds.ad" })).toMatchObject({
      user_id: "0042",
      login_id: "alee",
    });
    expect(row(record, { id: "identifier", login: "email" })).toMatchObject({
      user_id: "4711",
      login_id: "ann@oakdale.example",
    });
  });

  it.each([
    [
      "no login",
      user("u", { username: undefined }),
      {},
      "username",
      /sent no username.*login_id; roster\.users\.login/,
    ],
    ["a blank login", user("u", { username: "  " }), {}, "username", /roster\.users\.login/],
    [
      "no id",
      user("u", { identifier: undefined }),
      { id: "identifier" },
      "identifier",
      /sent no identifier.*user_id; roster\.users\.id/,
    ],
    ["no such userId", user("u"), { login: "userIds.AD" }, "userIds.AD", /sent no userIds\.AD/],
    ["a newline in its login", user("u", { username: "ann\nlee" }), {}, "username", /control character/],
    ["a NUL in its login", user("u", { username: "ann\0lee" }), {}, "username", /control character/],
    [
      "a line separator in its login",
      user("u", { username: "ann\u2028lee" }),
      {},
      "username",
      /control character/,
    ],
    ["a NUL in its id", user("u", { identifier: "1\x002" }), { id: "identifier" }, "identifier", /NUL/],
    ["a NUL in its first name", user("u", { givenName: "A\0n" }), {}, "givenName", /NUL/],
    ["a NUL in its last name", user("u", { familyName: "L\0e" }), {}, "familyName", /NUL/],
    [
      "a NUL in its integration id",
      user("u", { identifier: "1\x002" }),
      { integrationId: "identifier" },
      "identifier",
      /NUL/,
    ],
  ])("rejects a user with %s", (_, record, said, field, reason) => {
    const { reject } = toUserRow(record, options(said));
    expect(reject).toMatchObject({ sourcedId: "u", field, reason: expect.stringMatching(reason) as string });
    expect(reject?.value).not.toContain("\0");
  });

  it.each(["Ann Lee", "alee@x.org", "josé", "日本", "a'b\"c", "a\u200bb", "x y"])(
    "takes the login %j",
    (username) => {
      expect(row(user("u", { username })).login_id).toBe(username);
    },
  );

  it.each([undefined, "", " ", "Ann <ann@x.org>", "ann lee@x.org", "ann"])(
    "sends the address %j blank",
    (email) => {
      expect(row(user("u", { email })).email).toBe("");
    },
  );

  it("notes an address that Canvas would not store, not one that is missing", () => {
    expect(notes(user("u", { email: "Ann <ann@x.org>" }))).toEqual([
      { field: "email", reason: expect.stringContaining("sent blank") as string },
    ]);
    expect(notes(user("u", { email: undefined }))).toEqual([]);
  });

  it("keeps a user without any name, and notes it", () => {
    const record = user("u", { givenName: undefined, familyName: " " });
    expect(row(record)).toMatchObject({ first_name: "", last_name: "" });
    expect(notes(record)).toEqual([
      { field: "familyName", reason: expect.stringContaining("no name") as string },
    ]);
    expect(notes({ ...record, familyName: "Lee" })).toEqual([]);
    expect(notes({ ...record, email: "ann" })).toHaveLength(2);
  });

  it("keeps names as they are, but for the spaces around them", () => {
    const name = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(name, name, (givenName, familyName) => {
        expect(row(user("u", { givenName, familyName }))).toMatchObject({
          first_name: givenName.trim(),
          last_name: familyName.trim(),
        });
      }),
    );
  });

  it.each(['O"Brien', "de la Cruz, Ana", "00700", "=1+1", "José\tMaría", "Ḥasan", "陳大文", "👩‍🎓", "a\nb"])(
    "carries the name %j through",
    (familyName) => {
      expect(row(user("u", { familyName })).last_name).toBe(familyName);
    },
  );

  it("keeps ids as they are: leading zeros, case, spaces within", () => {
    const id = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((value) => value.trim() !== "" && !value.includes("\0"));
    fc.assert(
      fc.property(id, (sourcedId) => row(user(sourcedId, { username: "x" })).user_id === sourcedId.trim()),
    );
    expect(row(user("0042")).user_id).toBe("0042");
  });

  it("makes a row or a reject of every user, and no row without id and login or with a NUL", () => {
    const text = fc.option(fc.string({ unit: "binary" }), { nil: undefined });
    const choice = fc.constantFrom("sourcedId", "identifier", "username", "email", "userIds.X", "metadata.x");
    const record = fc.record({
      username: text,
      identifier: text,
      email: text,
      givenName: text,
      familyName: text,
      enabledUser: fc.boolean(),
    });
    fc.assert(
      fc.property(record, choice, choice, (said, id, login) => {
        const result = toUserRow(user("u", said), options({ id, login, integrationId: "identifier" }));
        if (result.row === undefined) {
          expect(result.reject).toMatchObject({ sourcedId: "u" });
          return;
        }
        expect(result.row.user_id).not.toBe("");
        expect(result.row.login_id).not.toBe("");
        expect(Object.values(result.row).join("")).not.toContain("\0");
        expect(result.row.login_id).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe("optional columns of users.csv", () => {
  it.each([
    [{}, []],
    [{ integrationId: "identifier" }, ["integration_id"]],
    [{ authenticationProvider: "saml" }, ["authentication_provider_id"]],
    [
      { integrationId: "identifier", authenticationProvider: 7 },
      ["integration_id", "authentication_provider_id"],
    ],
  ])("are there only when configured: %j", (said, extra) => {
    const fixed = ["user_id", "login_id", "first_name", "last_name", "email", "status"];
    expect(userColumns(options(said))).toEqual([...fixed, ...extra]);
    expect(Object.keys(row(user("u"), said))).toEqual([...fixed, ...extra]);
  });

  it("carry what was configured", () => {
    expect(row(user("u"), { integrationId: "identifier", authenticationProvider: 7 })).toMatchObject({
      integration_id: "4711",
      authentication_provider_id: "7",
    });
  });

  it("are blank, with a note, for a user without that field", () => {
    const record = user("u", { identifier: undefined });
    expect(row(record, { integrationId: "identifier" }).integration_id).toBe("");
    expect(notes(record, { integrationId: "identifier" })).toEqual([
      { field: "identifier", reason: expect.stringContaining("integration_id") as string },
    ]);
  });
});
