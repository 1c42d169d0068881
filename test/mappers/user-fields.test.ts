import { describe, expect, it } from "vitest";
import { userField } from "../../mappers/user-fields.ts";
import { user } from "./records.ts";

const ANN = user("u-1", {
  username: " ann.lee ",
  identifier: "004711",
  email: "ann@oakdale.example",
  userIds: [
    { type: "LDAP", identifier: " " },
    { type: "Ldap", identifier: " alee " },
    { type: "LDAP", identifier: "second" },
    { type: "Fed.Id", identifier: "F1" },
  ],
  metadata: { "classlink.id": " CL9 ", StateId: "0099", blank: "  " },
});

describe("userField", () => {
  it.each([
    ["sourcedId", "u-1"],
    ["identifier", "004711"],
    ["username", "ann.lee"],
    ["email", "ann@oakdale.example"],
    ["userIds.LDAP", "alee"],
    ["userIds.ldap", "alee"],
    ["userIds.fed.ID", "F1"],
    ["userIds.SIS", undefined],
    ["metadata.classlink.id", "CL9"],
    ["metadata.StateId", "0099"],
    ["metadata.stateid", undefined],
    ["metadata.blank", undefined],
    ["metadata.constructor", undefined],
    ["metadata.__proto__", undefined],
  ])("%s is %j", (choice, value) => {
    expect(userField(ANN, choice)).toBe(value);
  });

  it.each(["identifier", "username", "email"])("has no %s when the SIS sent none, or spaces", (choice) => {
    expect(userField(user("u", { [choice]: undefined }), choice)).toBeUndefined();
    expect(userField(user("u", { [choice]: " \t" }), choice)).toBeUndefined();
  });
});
