import { describe, expect, it } from "vitest";
import { csv, idsOf, manifest, readExport, recordOf, refusal, SMALL, zipped } from "./reading.ts";

describe("an export", () => {
  it("becomes the records that REST would send, in a folder as in a zip", async () => {
    for (const packed of [undefined, zipped]) {
      const read = await readExport(SMALL, packed && { packed });
      expect(read.report.warnings).toEqual([]);
      expect(read.report.endpoints.map(({ type, records }) => `${type} ${records}`)).toEqual([
        ...["orgs 1", "academicSessions 1", "courses 1", "classes 1", "users 2", "enrollments 2"],
      ]);
      expect(recordOf(read, "users", "0042")).toMatchObject({
        gone: false,
        username: "ada",
        enabledUser: true,
        orgs: ["101"],
        identifier: "17",
        userIds: [
          { type: "LDAP", identifier: "a:1" },
          { type: "LTI", identifier: "2" },
        ],
      });
      expect(recordOf(read, "courses", "ALG")).toMatchObject({ title: "Algebra, the first", org: "101" });
      expect(recordOf(read, "classes", "C1")).toMatchObject({ terms: ["SY"], course: "ALG", school: "101" });
      expect(recordOf(read, "enrollments", "e1")).toMatchObject({ user: "0042", beginDate: "2026-08-17" });
    }
  });

  it("keeps passwords nowhere", async () => {
    const read = await readExport(SMALL);
    expect(JSON.stringify([...read.records])).not.toContain("hunter2");
  });

  it("takes every school that is configured, and refuses one that is not there", async () => {
    expect(idsOf(await readExport(SMALL, { schools: ["101"] }), "orgs")).toEqual(["101"]);
    expect((await refusal(SMALL, { schools: ["999"] })).code).toBe("source.unknown-school");
  });

  it("joins users of OneRoster 1.2 with their roles and profiles", async () => {
    const read = await readExport(SMALL_12, { version: "1.2" });
    expect(read.report.warnings).toEqual([
      "1 rows of roles.csv and userProfiles.csv are of users whom users.csv does not have",
    ]);
    const [ada] = read.records.get("users")!.filter(({ sourcedId }) => sourcedId === "0042");
    expect(ada).toMatchObject({
      preferredFirstName: "Countess",
      primaryOrg: { sourcedId: "101" },
      roles: [
        { roleType: "primary", role: "student", org: { sourcedId: "101" }, beginDate: "2026-08-17" },
        { roleType: "secondary", role: "aide", org: { sourcedId: "102" } },
      ],
      userProfiles: [
        { profileId: "p1", vendorId: "sso", credentials: [{ type: "saml", username: "ada@sso" }] },
      ],
    });
    expect(JSON.stringify(ada)).not.toContain("hunter2");
  });
});

describe("what exporters do otherwise", () => {
  it("is read, and told: BOM, CRLF, names in another case or of old, more columns, none of some", async () => {
    const users =
      "\uFEFFSourcedID,Status,dateLastModified,enabledUser,orgSourcedId,ROLE,username,userId,givenName,familyName,favouriteColour,constructor,metadata.card\r\n" +
      "0042,,,TRUE,101,student,ada,LDAP:1,Ada,Byron,blue,Zaha,17\r\n\r\n";
    const { "users.csv": _users, ...others } = SMALL;
    const read = await readExport({ ...others, "USERS.CSV": users, "notes.txt": "x" });
    expect(recordOf(read, "users", "0042")).toMatchObject({
      enabledUser: true,
      orgs: ["101"],
      userIds: [{ type: "LDAP", identifier: "1" }],
      metadata: { card: "17" },
    });
    expect(read.report.warnings).toEqual([
      "USERS.CSV is without middleName, identifier, email, sms, phone, agentSourcedIds, grades",
      "USERS.CSV writes SourcedID for sourcedId, Status for status, orgSourcedId for orgSourcedIds, ROLE for role, userId for userIds",
      "USERS.CSV has more columns than the standard, which are not read: favouriteColour, constructor",
    ]);
  });

  it("is told of files in a folder of the zip, and of files that the manifest does not want", async () => {
    const without = { ...SMALL, "manifest.csv": manifest({ courses: "absent" }) };
    const read = await readExport(without, { packed: (files) => zipped(files, "export/") });
    expect(read.report.warnings).toEqual([
      "the files are in a folder of the zip (export/), not at its root",
      "courses.csv is there and is not read: manifest.csv says that it is absent",
    ]);
    expect(idsOf(read, "courses")).toEqual([]);
  });

  it("rejects the rows that are too short or too long, with their line, and reads the others", async () => {
    const header = SMALL["enrollments.csv"]!.toString().split("\n")[0]!;
    const rows = [
      "e1,,,C1,101,0042,student,,,",
      'e2,,,"C\n1",101,7',
      "e3,,,C1,101,7,teacher,,,,more",
      "e4,,,C1,101,7,teacher,,,,",
    ];
    const read = await readExport({ ...SMALL, "enrollments.csv": csv(header, rows) });
    expect(recordOf(read, "enrollments", "e2")).toMatchObject({
      sourcedId: "e2",
      reason: "line 4 of enrollments.csv has 6 cells, its header 10",
    });
    expect(recordOf(read, "enrollments", "e3")).toMatchObject({
      reason: "line 5 of enrollments.csv has 11 cells, its header 10",
    });
    expect(recordOf(read, "enrollments", "e4")).toMatchObject({ role: "teacher" });
  });

  it("is told of an export that is days old", async () => {
    const { report } = await readExport(SMALL, { on: "2026-11-01T08:00:00Z", now: "2026-11-06T09:00:00Z" });
    expect(report.warnings).toEqual(["the newest file was written 5 days ago (2026-11-01T08:00:00.000Z)"]);
  });

  it("counts a sourcedId that comes twice once, and tells", async () => {
    const twice = `${SMALL["orgs.csv"]!.toString()}101,,,First,school,,\n`;
    const { report } = await readExport({ ...SMALL, "orgs.csv": twice });
    expect(report.endpoints[0]?.records).toBe(1);
    expect(report.warnings).toEqual(["1 records of orgs have a sourcedId that had come before"]);
  });
});

const { "users.csv": _oldUsers, ...PLACES } = SMALL;
const SMALL_12 = {
  ...PLACES,
  "manifest.csv": manifest({}, "1.2"),
  "users.csv": csv(
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns",
    ["0042,,,true,ada,,Ada,Byron,,,,,,,,hunter2,,Countess,,,101,", "7,,,true,tom,,Tom,Ash,,,,,,,,,,,,,,"],
  ),
  "roles.csv": csv(
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
    [
      "r1,,,0042,primary,student,2026-08-17,,101,p1",
      "r2,,,0042,secondary,aide,,,102,",
      "r3,,,7,primary,teacher,,,101,",
      "r4,,,nobody,primary,teacher,,,101,",
    ],
  ),
  "userProfiles.csv": csv(
    "sourcedId,status,dateLastModified,userSourcedId,profileType,vendorId,applicationId,description,credentialType,username,password",
    ["p1,,,0042,idp,sso,,,saml,ada@sso,hunter2"],
  ),
};
