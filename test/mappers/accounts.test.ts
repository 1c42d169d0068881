import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Org } from "../../connectors/oneroster/records.ts";
import { indexOrgs } from "../../mappers/accounts.ts";
import { org } from "./records.ts";

const ALL = { types: ["school"], schools: [] };
const WITH_DISTRICT = { types: ["school", "district"], schools: [] };

const DISTRICT = [
  org("1", { type: "district", name: "Oakdale Unified" }),
  org("north", { type: "local", parent: "1" }),
  org("102", { parent: "north" }),
  org("101", { parent: "1" }),
  org("math", { type: "department", parent: "101" }),
];

function parents(orgs: Org[], options: Parameters<typeof indexOrgs>[1]): Record<string, string> {
  return Object.fromEntries(
    indexOrgs(orgs, options).accounts.map((row) => [row.account_id, row.parent_account_id]),
  );
}

describe("indexOrgs: accounts", () => {
  it("makes accounts of orgs of the given types alone", () => {
    expect(indexOrgs(DISTRICT, ALL).accounts).toEqual([
      { account_id: "101", parent_account_id: "", name: "Org 101", status: "active" },
      { account_id: "102", parent_account_id: "", name: "Org 102", status: "active" },
    ]);
  });

  it("puts parents first, then goes by id, and hangs each under its nearest account", () => {
    const { accounts } = indexOrgs([...DISTRICT].reverse(), {
      types: ["school", "district", "department"],
      schools: [],
    });
    expect(accounts.map((row) => [row.account_id, row.parent_account_id])).toEqual([
      ["1", ""],
      ["101", "1"],
      ["102", "1"],
      ["math", "101"],
    ]);
  });

  it("takes only the given schools and what is above them", () => {
    expect(parents(DISTRICT, { ...WITH_DISTRICT, schools: ["102"] })).toEqual({ "1": "", "102": "1" });
    expect(parents(DISTRICT, { ...ALL, schools: ["102"] })).toEqual({ "102": "" });
    expect(parents(DISTRICT, { ...ALL, schools: ["no such school"] })).toEqual({});
  });

  it("leaves out an org that is gone, and hangs its children under the account above it", () => {
    const orgs = [...DISTRICT, org("101", { type: "school", parent: "1", gone: true })];
    expect(parents(orgs, { types: ["school", "district", "department"], schools: [] })).toEqual({
      "1": "",
      "102": "1",
      math: "1",
    });
  });

  it("puts parents first also where their ids come after those of their children", () => {
    const orgs = [org("101", { parent: "z-district" }), org("z-district", { type: "district" }), org("102")];
    const { accounts } = indexOrgs(orgs, WITH_DISTRICT);
    expect(accounts.map((row) => row.account_id)).toEqual(["102", "z-district", "101"]);
  });

  it("does not mind a parent that the SIS did not send", () => {
    expect(parents([org("101", { parent: "elsewhere" })], ALL)).toEqual({ "101": "" });
  });

  it("trims names and leaves the rest of them alone", () => {
    const name = ' École "Süd", 日本\t№ 007 ';
    expect(indexOrgs([org("101", { name })], ALL).accounts[0]?.name).toBe(name.trim());
  });

  it.each([
    ["has no name", { name: " " }, "name", /without a name/],
    ["has a NUL in its name", { name: "Nor\0th" }, "name", /NUL/],
  ])("rejects an org that %s, with the accounts under it", (_, said, field, reason) => {
    const index = indexOrgs(
      [org("1", { type: "district", ...said }), org("101", { parent: "1" }), org("102")],
      WITH_DISTRICT,
    );
    expect(index.accounts.map((row) => row.account_id)).toEqual(["102"]);
    expect(index.rejects).toEqual([
      expect.objectContaining({ sourcedId: "1", field, reason: expect.stringMatching(reason) as string }),
      expect.objectContaining({
        sourcedId: "101",
        field: "parent",
        reason: expect.stringContaining("1") as string,
      }),
    ]);
    expect(index.accountOf("101")).toBeUndefined();
    expect(index.rejects[1]?.value).toBe("1");
  });

  it("does not reject an org of a type, or at a school, that is not asked for", () => {
    expect(
      indexOrgs([org("1", { type: "district", name: "" }), org("101", { parent: "1" })], ALL).rejects,
    ).toEqual([]);
    expect(indexOrgs([org("101"), org("102", { name: "" })], { ...ALL, schools: ["101"] }).rejects).toEqual(
      [],
    );
  });

  it("rejects an org whose id Canvas could not store", () => {
    expect(indexOrgs([org("1\0", { name: "North" })], ALL).rejects).toMatchObject([{ field: "sourcedId" }]);
  });

  it("hangs nothing elsewhere under an org that could not be read: it may have been an account", () => {
    const readable = DISTRICT.filter(({ sourcedId }) => sourcedId !== "1");
    const index = indexOrgs(readable, { ...WITH_DISTRICT, unread: new Set(["1"]) });
    expect(index.accounts).toEqual([]);
    expect(index.rejects.map(({ sourcedId, reason }) => [sourcedId, reason])).toEqual([
      ["102", "the org 1 above it was left out, so that nobody knows its parent account"],
      ["101", "the org 1 above it was left out, so that nobody knows its parent account"],
    ]);
    expect(index.accountOf("102")).toBeUndefined();

    const districtsAlone = indexOrgs(readable, { types: ["district"], schools: [], unread: new Set(["1"]) });
    expect(districtsAlone.accountOf("102")).toBeUndefined();
  });

  it("minds no such org where schools alone become accounts, which are not nested", () => {
    const readable = DISTRICT.filter(({ sourcedId }) => sourcedId !== "1");
    const unread = new Set(["1"]);
    expect(parents(readable, { ...ALL, unread })).toEqual({ "101": "", "102": "" });
    expect(indexOrgs(readable, { ...ALL, unread }).accountOf("102")).toBe("102");
  });

  it("rejects orgs whose parents form a ring, and says which", () => {
    const ring = [org("a", { parent: "b" }), org("b", { parent: "c" }), org("c", { parent: "a" }), org("ok")];
    const index = indexOrgs([...ring, org("under", { parent: "b" })], ALL);
    expect(index.accounts.map((row) => row.account_id)).toEqual(["ok"]);
    expect(index.rejects.map((reject) => reject.sourcedId)).toEqual(["a", "b", "c", "under"]);
    expect(index.rejects[0]).toMatchObject({
      field: "parent",
      value: "b",
      reason: expect.stringContaining("a → b → c → a") as string,
    });
  });

  it("does not mind a ring above orgs that become accounts", () => {
    const ring = [
      org("d1", { type: "district", parent: "d2" }),
      org("d2", { type: "district", parent: "d1" }),
    ];
    expect(parents([...ring, org("101", { parent: "d1" })], ALL)).toEqual({ "101": "" });
  });

  it("reads an org that is its own parent as a root", () => {
    expect(
      parents([org("1", { type: "district", parent: "1" }), org("101", { parent: "1" })], WITH_DISTRICT),
    ).toEqual({
      "1": "",
      "101": "1",
    });
  });
});

describe("indexOrgs: accountOf and selected", () => {
  const index = indexOrgs(DISTRICT, ALL);

  it.each([
    ["a school: itself", "101", "101"],
    ["a department: the school above it", "math", "101"],
    ["an org with no account above it: the root", "1", ""],
    ["an org that nobody knows: none", "999", undefined],
  ])("%s", (_, id, account) => {
    expect(index.accountOf(id)).toBe(account);
  });

  it("knows no account of an org that is gone", () => {
    expect(indexOrgs([org("101", { gone: true })], ALL).accountOf("101")).toBeUndefined();
  });

  it("keeps ids as they are: 0042 is not 42, a is not A", () => {
    const ids = indexOrgs([org("0042"), org("a")], ALL);
    expect([ids.accountOf("0042"), ids.accountOf("42"), ids.accountOf("A")]).toEqual([
      "0042",
      undefined,
      undefined,
    ]);
  });

  it("selects every school when none is given, else those that are", () => {
    expect(index.selected("anything")).toBe(true);
    const some = indexOrgs(DISTRICT, { ...ALL, schools: ["102"] });
    expect([some.selected("102"), some.selected("101")]).toEqual([true, false]);
  });
});

describe("indexOrgs over any orgs", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  const orgs = fc.tuple(
    ...ids.map((id) =>
      fc
        .record({
          type: fc.constantFrom("school", "district", "state"),
          gone: fc.boolean(),
          name: fc.constantFrom("", "Name"),
          parent: fc.option(fc.constantFrom(...ids, "unknown"), { nil: undefined }),
        })
        .map((said) => org(id, said)),
    ),
  );
  const options = fc.record({
    types: fc.subarray(["school", "district", "state"]),
    schools: fc.subarray(ids, { maxLength: 3 }),
  });

  it("never names a parent that has not come before", () => {
    fc.assert(
      fc.property(orgs, options, (all, asked) => {
        const seen = new Set([""]);
        for (const row of indexOrgs(all, asked).accounts) {
          expect(seen).toContain(row.parent_account_id);
          seen.add(row.account_id);
        }
      }),
    );
  });

  it("answers accountOf with an account of the file, the root, or nothing", () => {
    fc.assert(
      fc.property(orgs, options, (all, asked) => {
        const index = indexOrgs(all, asked);
        const known = ["", undefined, ...index.accounts.map((row) => row.account_id)];
        for (const id of ids) expect(known).toContain(index.accountOf(id));
      }),
    );
  });

  it("makes of every org that was asked for an account or a reject, never both", () => {
    fc.assert(
      fc.property(orgs, fc.subarray(["school", "district"]), (all, types) => {
        const { accounts, rejects } = indexOrgs(all, { types, schools: [] });
        const told = [...accounts.map((row) => row.account_id), ...rejects.map((reject) => reject.sourcedId)];
        const asked = all.filter((one) => types.includes(one.type as "school") && !one.gone);
        expect(told.sort()).toEqual(asked.map((one) => one.sourcedId).sort());
      }),
    );
  });

  it("does not depend on the order in which orgs were sent", () => {
    fc.assert(
      fc.property(orgs, options, (all, asked) => {
        expect(indexOrgs([...all].reverse(), asked).accounts).toEqual(indexOrgs(all, asked).accounts);
      }),
    );
  });
});
