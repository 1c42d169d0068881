import { describe, expect, it } from "vitest";
import { readRecord } from "../../../connectors/oneroster/read-record.ts";
import type { User } from "../../../connectors/oneroster/records.ts";

/** As OneRoster 1.2 has it: the Rostering Service's User. */
const USER = {
  sourcedId: "U1",
  status: "active",
  dateLastModified: "2026-08-01T00:00:00.000Z",
  enabledUser: "true",
  username: "ada",
  givenName: "Augusta",
  familyName: "Byron",
  preferredFirstName: "Ada",
  preferredLastName: "Lovelace",
  roles: [
    { roleType: "secondary", role: "aide", org: org("S2"), beginDate: "2026-09-01", endDate: "2027-01-31" },
    { roleType: "primary", role: "siteAdministrator", org: org("S1") },
  ],
  primaryOrg: org("D"),
};

function org(sourcedId: string) {
  return {
    href: `https://sis.example.org/ims/oneroster/rostering/v1p2/orgs/${sourcedId}`,
    sourcedId,
    type: "org",
  };
}

function profile(username: unknown, more: object = {}) {
  return {
    profileId: "urn:p:1",
    profileType: "sso",
    vendorId: "v",
    credentials: [{ type: "sso", username, ...more }],
  };
}

function read(changes: object = {}): { user: User; noted: string[] } {
  const { record, reject, leniences = [] } = readRecord("users", { ...USER, ...changes });
  if (record === undefined) throw new Error(`rejected: ${JSON.stringify(reject)}`);
  return { user: record, noted: leniences.map(({ field, reason }) => `${field}: ${reason}`) };
}

describe("reading a user of OneRoster 1.2", () => {
  it("gives roles with their orgs and times, the primary one first", () => {
    const { user, noted } = read();
    expect(user.roles).toEqual([
      { role: "siteadministrator", org: "S1", beginDate: undefined, endDate: undefined },
      { role: "aide", org: "S2", beginDate: "2026-09-01", endDate: "2027-01-31" },
    ]);
    expect(user.orgs).toEqual(["S1", "S2", "D"]);
    expect(user).toMatchObject({
      enabledUser: true,
      preferredFirstName: "Ada",
      preferredLastName: "Lovelace",
    });
    expect(noted).toEqual([]);
  });

  it("gives the one role of 1.1 in each of its orgs, so that both versions read alike", () => {
    const old = { roles: undefined, primaryOrg: undefined, role: "Teacher", orgs: [org("S1"), org("S2")] };
    const { user } = read(old);
    expect(user.orgs).toEqual(["S1", "S2"]);
    expect(user.roles.map(({ role, org }) => `${role} in ${org}`)).toEqual([
      "teacher in S1",
      "teacher in S2",
    ]);
    expect(read({ ...old, role: null }).user).toMatchObject({ orgs: ["S1", "S2"], roles: [] });
  });

  it.for([
    ["true", true],
    ["false", false],
  ] as const)("reads the text %j as a boolean", ([enabledUser, enabled]) => {
    expect(read({ enabledUser }).user.enabledUser).toBe(enabled);
  });

  it("leaves out a role without an org, and notes it", () => {
    const { user, noted } = read({ roles: [{ roleType: "primary", role: "student" }, null, "student"] });
    expect(user).toMatchObject({ roles: [], orgs: ["D"] });
    expect(noted).toContain("roles: a role without an org; left out");
  });

  it("keeps somebody in a school when a date of the role cannot be read, and notes it", () => {
    const { user, noted } = read({ roles: [{ role: "student", org: org("S1"), endDate: "soon" }] });
    expect(user.roles).toEqual([{ role: "student", org: "S1", beginDate: undefined, endDate: undefined }]);
    expect(noted).toEqual(["roles.endDate: is not a date in the form YYYY-MM-DD; taken as open"]);
  });

  it("takes the login of a profile where there is no username, notes it, and keeps no password", () => {
    const { user, noted } = read({
      username: null,
      userProfiles: [profile("ada.l", { password: "hunter2" })],
    });
    expect(user.username).toBe("ada.l");
    expect(noted).toEqual(["username: missing; that of userProfiles was taken"]);
    expect(JSON.stringify(user)).not.toContain("hunter2");
  });

  it("takes no profile's login where there is a username", () => {
    expect(read({ userProfiles: [profile("other")] })).toMatchObject({
      user: { username: "ada" },
      noted: [],
    });
  });

  it("guesses at no login where profiles have several", () => {
    const { user, noted } = read({
      username: "",
      userProfiles: [profile("ada.l"), profile("ADA.L"), profile("al")],
    });
    expect(user.username).toBeUndefined();
    expect(noted).toEqual(["username: missing, and userProfiles name several; none was taken"]);
    expect(
      read({ username: undefined, userProfiles: [profile("ada.l"), profile("ADA.L")] }).user.username,
    ).toBe("ada.l");
  });

  it.for([null, {}, "x", 3, [null], [{}], [{ credentials: null }], [{ credentials: [{ username: {} }] }]])(
    "bears the profiles %j",
    (userProfiles) => {
      expect(read({ username: undefined, userProfiles }).user.username).toBeUndefined();
    },
  );
});
