import { describe, expect, it } from "vitest";
import { compareWorlds, person } from "./worlds.ts";

describe("whose id is whose", () => {
  it("knows who has the same id, also where Canvas writes the name another way or has deleted the account", async () => {
    const { user, types } = await compareWorlds(
      {
        users: [
          person("1", "ann", "Ánn O'Neil"),
          person("2", "bob", "Bob Ray"),
          person("0042", "c", "Cy Lo"),
        ],
      },
      {
        users: [
          person("1", "ANN", "Ann ONeil"),
          person("2", "bob2", "Robert Ray", { status: "deleted" }),
          person("42", "x", "Xi Yu"),
        ],
      },
    );
    expect(["1", "2", "0042"].map(user)).toEqual(["same-id 1", "same-id 2", "new"]);
    expect(types.users).toMatchObject({ tonight: 3, inCanvas: 2, deleted: 1, behind: { gone: 1 } });
  });

  it("finds the same person under another id by login, integration id, or address and whole name", async () => {
    const { user, changeRows } = await compareWorlds(
      {
        users: [
          person("n1", "ann", "Ann Lee"),
          person("n2", "bob.new", "Bob Ray", { integration_id: "I2" }),
          person("n3", "cy.new", "Cy Lo", { email: "Cy@Example.org" }),
        ],
      },
      {
        users: [
          person("o1", "Ann", "Ann Married"),
          person("o2", "bob", "Bob Ray", { integration_id: "I2" }),
          person("o3", "cy", "Cy Lo", { email: "cy@example.org" }),
        ],
      },
    );
    expect(["n1", "n2", "n3"].map(user)).toEqual([
      "other-id login o1",
      "other-id integration id o2",
      "other-id email o3",
    ]);
    expect(changeRows).toEqual([1, 2, 3].map((n) => ({ old_id: `o${n}`, new_id: `n${n}`, type: "user" })));
  });

  it("joins nobody by a name alone, and nobody by a login that belongs to another name", async () => {
    const { user, changeRows, claims } = await compareWorlds(
      {
        users: [
          person("n1", "a1", "Ann Lee", { email: "" }),
          person("n2", "smith1", "Zoe Smart", { email: "" }),
        ],
      },
      { users: [person("o1", "b1", "Ann Lee"), person("o2", "smith1", "John Smith")] },
    );
    expect(user("n1")).toBe("perhaps name o1");
    expect(user("n2")).toBe("perhaps login, another name o2");
    expect(changeRows).toEqual([]);
    expect(claims).toEqual([{ column: "login_id", claimed: 1, solved: 0 }]);
  });

  it("lists who may be two of Canvas's, and two who may be one, without guessing", async () => {
    const { user, changeRows } = await compareWorlds(
      {
        users: [
          person("n1", "ann", "Ann Lee", { email: "family@example.org" }),
          person("n2", "bo1", "Bo Ray", { email: "bo@example.org" }),
          person("n3", "bo2", "Bo Ray", { email: "" }),
          person("n4", "x", "Sam Poe", { email: "" }),
        ],
      },
      {
        users: [
          person("o1", "ann", "Ann Lee", { email: "" }),
          person("o2", "ann.old", "Ann Lee", { email: "family@example.org" }),
          person("o3", "bo2", "Bo Ray", { email: "bo@example.org" }),
          person("o4", "y", "Sam Poe"),
          person("o5", "z", "Sam Poe"),
        ],
      },
    );
    expect(user("n1")).toMatch(/^ambiguous/);
    expect(user("n2")).toMatch(/^ambiguous/);
    expect(user("n3")).toMatch(/^ambiguous/);
    expect(user("n4")).toBe("ambiguous name");
    expect(changeRows).toEqual([]);
  });

  it("knows the two logins of one person for one", async () => {
    const { user, changeRows } = await compareWorlds(
      { users: [person("n1", "ann", "Ann Lee", { email: "ann@example.org" })] },
      {
        users: [
          person("o1", "ann", "Ann Lee", { email: "ann@example.org", canvas_user_id: "7" }),
          person("o9", "ann.staff", "Ann Lee", { email: "ann@example.org", canvas_user_id: "7" }),
        ],
      },
    );
    expect(user("n1")).toBe("other-id login o1");
    expect(changeRows).toHaveLength(1);
  });

  it("keeps siblings apart who share an address", async () => {
    const { user } = await compareWorlds(
      {
        users: [
          person("n1", "a.new", "Ann Lee", { email: "lee@example.org" }),
          person("n2", "b.new", "Ben Lee", { email: "lee@example.org" }),
        ],
      },
      {
        users: [
          person("o1", "a", "Ann Lee", { email: "lee@example.org" }),
          person("o2", "b", "Ben Lee", { email: "lee@example.org" }),
          person("o3", "mum", "Mia Lee", { email: "lee@example.org" }),
        ],
      },
    );
    expect(["n1", "n2"].map(user)).toEqual(["other-id email o1", "other-id email o2"]);
  });

  it("sees that an id is somebody else's in Canvas", async () => {
    const { user, types, changeRows } = await compareWorlds(
      { users: [person("100", "ann", "Ann Lee"), person("200", "bob", "Bob Ray")] },
      { users: [person("100", "bob", "Bob Ray"), person("200", "ann", "Ann Lee")] },
    );
    expect(types.users?.results).toEqual({ "other-owner": 2 });
    expect(user("100")).toBe("other-owner login 200");
    expect(changeRows).toEqual([]);
  });

  it("leaves accounts without SIS ID to Canvas where their name agrees, and warns where it does not", async () => {
    const { user, changeRows, takeovers, types } = await compareWorlds(
      { users: [person("n1", "ann", "Ann Lee"), person("n2", "bob", "Bob Ray", { email: "" })] },
      { users: [person("", "ann", "Ann Lee"), person("", "bob", "Zed Zorn")] },
    );
    expect(user("n1")).toBe("adopted login");
    expect(user("n2")).toBe("perhaps login, another name");
    expect(takeovers).toBe(1);
    expect(changeRows).toEqual([]);
    expect(types.users).toMatchObject({ inCanvas: 0, withoutId: 2 });
  });

  it("tells whom of those left behind the SIS still has", async () => {
    const { behind } = await compareWorlds(
      { users: [person("1", "ann", "Ann Lee")] },
      { users: [person("1", "ann", "Ann Lee"), person("2", "bob", "Bob Ray"), person("3", "cy", "Cy Lo")] },
      [
        { source: "1", choice: "sourcedId", value: "1" },
        { source: "2", choice: "sourcedId", value: "2" },
      ],
    );
    expect(behind.map((row) => [row["canvas_id"], row["why"]])).toEqual([
      ["2", "in-sis"],
      ["3", "gone"],
    ]);
  });

  it("compares tens of thousands within the memory that it may use", async () => {
    const all = Array.from({ length: 30_000 }, (_, at) => at);
    const night = all.map((at) => person(`${at}`, `login${at}`, `Given${at % 90} Family${at % 700}`));
    const canvas = all.map((at) => ({ ...night[at], user_id: at % 3 === 0 ? `${at}` : `old${at}` }));
    const { types, changes } = await compareWorlds({ users: night }, { users: canvas });
    expect(types.users?.results).toEqual({ "same-id": 10_000, "other-id": 20_000 });
    expect(changes).toEqual([{ type: "user", proposed: 20_000, waits: 0, taken: 0 }]);
  });

  it("is not drowned by hundreds of one name", async () => {
    const many = (prefix: string) =>
      Array.from({ length: 300 }, (_, at) =>
        person(`${prefix}${at}`, `${prefix}login${at}`, "Ann Lee", { email: "all@example.org" }),
      );
    const { types, changeRows } = await compareWorlds({ users: many("n") }, { users: many("o") });
    expect(types.users?.results).toEqual({ ambiguous: 300 });
    expect(changeRows).toEqual([]);
  });
});

describe("which field Canvas knows people by", () => {
  it("counts those whom Canvas has by it, and apart from them those who would become somebody else", async () => {
    const people = ["1", "2", "3"].map((id) => person(id, `login${id}`, `Given${id} Family${id}`));
    const fields = [
      ...["1", "2", "3"].map((id) => ({ source: id, choice: "sourcedId", value: id })),
      ...["1", "2", "3"].map((id) => ({ source: id, choice: "identifier", value: `S${id}` })),
      ...["1", "2"].map((id) => ({ source: id, choice: "metadata.school", value: "9" })),
    ];
    const { ids, logins } = await compareWorlds(
      { users: people },
      {
        users: [
          person("S1", "login1", "Given1 Family1"),
          person("S2", "LOGIN2", "Given2 Family2"),
          person("3", "elsewhere", "Other Person"),
        ],
      },
      fields,
    );
    expect(ids[0]).toEqual({ choice: "identifier", given: 3, shared: 0, same: 2, other: 0 });
    expect(ids.find(({ choice }) => choice === "sourcedId")).toMatchObject({ same: 0, other: 1 });
    expect(ids.find(({ choice }) => choice === "metadata.school")).toMatchObject({ given: 2, shared: 2 });
    expect(logins.every(({ same }) => same === 0)).toBe(true);
  });
});
