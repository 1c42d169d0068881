import { describe, expect, it } from "vitest";
import { makeDistrict } from "../../../../jobs/demo/district.ts";
import { ask, TOKEN, walk, withSis } from "../ask.ts";
import { CLASS, lineItem, ref, result, sender } from "./gradebook-kit.ts";

const district = makeDistrict({ seed: 7, students: 60, schools: 2 });
const gradebook = {};
const BASE = ["sourcedId", "status", "dateLastModified", "metadata"];

/** Members of each kind of record, those that must be there first. Source: OneRoster 1.2, Rostering Service. */
const SHAPES: Record<string, [required: string, optional: string]> = {
  orgs: ["name type identifier", "parent children"],
  academicSessions: ["title startDate endDate type schoolYear", "parent children"],
  courses: ["title courseCode org", "schoolYear grades subjects subjectCodes resources"],
  classes: [
    "title classType course school terms",
    "classCode location grades subjects subjectCodes periods resources",
  ],
  users: [
    "enabledUser givenName familyName roles",
    "userMasterIdentifier username userIds middleName preferredFirstName preferredMiddleName preferredLastName pronouns identifier email sms phone agents grades primaryOrg userProfiles resources",
  ],
  enrollments: ["user class school role", "primary beginDate endDate"],
};
const ROLES =
  /^(aide|counselor|districtAdministrator|guardian|parent|principal|proctor|relative|siteAdministrator|student|systemAdministrator|teacher|ext:[\w.-]+)$/;
const ENROLLED = /^(administrator|proctor|student|teacher|ext:[\w.-]+)$/;
const REFS: Record<string, string> = {
  parent: "org academicSession",
  children: "org academicSession",
  schoolYear: "academicSession",
  terms: "academicSession",
  org: "org",
  school: "org",
  primaryOrg: "org",
  course: "course",
  class: "class",
  user: "user",
  agents: "user",
};

describe("the sandbox as a SIS of OneRoster 1.2", () => {
  it.for(Object.entries(SHAPES))(
    "gives %s with no member but those of the standard",
    async ([name, shape]) => {
      await withSis({ district, version: "1.2" }, async (sis, get) => {
        expect(new URL(sis.url).pathname).toBe("/ims/oneroster/rostering/v1p2");
        const records = await walk(get, `/${name}`, 100);
        expect(records.length).toBeGreaterThan(0);
        const [required, optional] = shape.map((names) => names.split(" "));
        for (const record of records) {
          expect(Object.keys(record)).toEqual(expect.arrayContaining(required ?? []));
          for (const [member, value] of Object.entries(record)) {
            expect([...BASE, ...(required ?? []), ...(optional ?? [])]).toContain(member);
            expect(value).not.toBeNull();
            expect(typeof value).not.toBe("boolean");
            for (const one of [value].flat())
              if (typeof one === "object" && "href" in (one as object)) expectRef(member, one);
          }
        }
      });
    },
  );

  it("gives users roles, some over or not begun, logins in profiles, and booleans as texts", async () => {
    await withSis({ district, version: "1.2" }, async (_, get) => {
      const users = await walk(get, "/users", 100);
      const roles = users.flatMap(({ roles }) => roles as Record<string, string>[]);
      for (const { role } of roles) expect(role).toMatch(ROLES);
      expect(users.every(({ roles }) => (roles as object[]).length > 0)).toBe(true);
      expect(roles.some(({ endDate }) => endDate !== undefined)).toBe(true);
      expect(roles.some(({ beginDate, endDate }) => beginDate !== undefined && endDate === undefined)).toBe(
        true,
      );
      const ofProfiles = users.filter(
        ({ username, userProfiles }) => username === undefined && userProfiles !== undefined,
      );
      expect(ofProfiles.length).toBeGreaterThan(0);
      expect(new Set(users.map(({ enabledUser }) => enabledUser))).toEqual(new Set(["true", "false"]));
      for (const { role } of await walk(get, "/enrollments", 500)) expect(role).toMatch(ENROLLED);
    });
  });

  it("knows the fields of its own version", async () => {
    await withSis({ district, version: "1.2" }, async (_, get) => {
      expect((await get("/users?filter=role%3D'student'")).status).toBe(400);
      expect((await get("/users?fields=orgs")).status).toBe(400);
      const some = await get("/users?filter=roles.role%3D'teacher'&fields=roles,sourcedId");
      expect(some.records().length).toBeGreaterThan(0);
      expect((await get("/schools/101/students")).records().length).toBeGreaterThan(0);
      expect((await get("/teachers")).records().length).toBeGreaterThan(0);
    });
  });

  it("keeps its services apart, and has nothing at the address of 1.1", async () => {
    await withSis({ district, version: "1.2", gradebook }, async (sis) => {
      const status = async (url: string) => (await ask(url, { authorization: `Bearer ${TOKEN}` })).status;
      expect(new URL(sis.gradebookUrl).pathname).toBe("/ims/oneroster/gradebook/v1p2");
      expect(await status(`${sis.url}/orgs`)).toBe(200);
      expect(await status(`${sis.gradebookUrl}/categories`)).toBe(200);
      expect(await status(`${sis.url}/categories`)).toBe(404);
      expect(await status(`${sis.gradebookUrl}/orgs`)).toBe(404);
      expect(await status(`${new URL(sis.url).origin}/ims/oneroster/v1p1/orgs`)).toBe(404);
    });
  });

  it("insists on what 1.2 requires of grades, answers a PUT with 201 and nothing, and takes sets", async () => {
    const graded = makeDistrict({ seed: 7, students: 60, schools: 2, oddities: false });
    await withSis({ district: graded, version: "1.2", gradebook }, async (sis) => {
      const send = sender({ ...sis, url: sis.gradebookUrl });
      const whole = lineItem("L1", {
        school: ref("org", CLASS.school.sourcedId),
        category: ref("category", "CAT-1"),
        gradingPeriod: undefined,
      });
      for (const name of ["school", "category", "assignDate"]) {
        const refused = await send("PUT", "/lineItems/L1", { lineItem: { ...whole, [name]: undefined } });
        expect(refused.text).toContain(`lineItem.${name} is required`);
      }
      const nulled = await send("PUT", "/lineItems/L1", { lineItem: { ...whole, gradingPeriod: null } });
      expect(nulled.text).toContain("lineItem.gradingPeriod must be");
      expect(await send("PUT", "/lineItems/L1", { lineItem: whole })).toMatchObject({
        status: 201,
        text: "",
      });
      expect(await send("PUT", "/lineItems/L1", { lineItem: whole })).toMatchObject({
        status: 201,
        text: "",
      });

      const scored = {
        ...result("R1", "L1"),
        ...{ status: "active", dateLastModified: "2026-11-20T02:00:00.000Z", scoreDate: "2026-10-10" },
      };
      const post = (body: object) => send("POST", "/lineItems/L1/results", { results: [body] });
      expect((await post({ ...scored, scoreDate: undefined })).text).toContain(
        "result.scoreDate is required",
      );
      const student = { ...ref("user", "x"), type: "student" };
      expect((await post({ ...scored, student })).text).toContain("result.student must be");
      expect((await post(scored)).json).toEqual({
        sourcedIdPairs: [{ suppliedSourcedId: "R1", allocatedSourcedId: "R1" }],
      });
    });
  });
});

describe("the sandbox in the dialect of a vendor", () => {
  it.for([
    ["qmlativ", "1.1", "/api/ims/oneroster/v1p1", "/api/4f1c9a7e/oauth/token"],
    ["qmlativ", "1.2", "/ims/oneroster/v1p2", "/api/4f1c9a7e/oauth/token"],
    ["classlink-proxy", "1.1", "/MoYPlyQWmG0%3D/ims/oneroster/v1p1", "/oauth/token"],
  ] as const)("%s %s is at %s", async ([dialect, version, root, token]) => {
    await withSis({ district, dialect, version, gradebook }, async (sis, get) => {
      expect(sis.url).toBe(new URL(sis.url).origin + root);
      expect(sis.gradebookUrl).toBe(sis.url);
      expect(new URL(sis.tokenUrl).pathname).toBe(token);
      expect((await get("/orgs")).status).toBe(200);
      expect((await get("/categories")).status).toBe(200);
      const decoded = await ask(sis.url.replace("%3D", "=") + "/orgs", { authorization: `Bearer ${TOKEN}` });
      expect(decoded.status).toBe(root.includes("%3D") ? 404 : 200);
    });
  });

  it("qmlativ has booleans of JSON in 1.2 too", async () => {
    await withSis({ district, dialect: "qmlativ", version: "1.2" }, async (_, get) => {
      expect((await get("/users?limit=1")).records()[0]?.["enabledUser"]).toBeTypeOf("boolean");
    });
  });
});

function expectRef(member: string, value: unknown): void {
  const { href, sourcedId, type } = value as Record<string, string>;
  expect(href).toMatch(/^https:\/\/.+\/v1p2\/\w+\/[^/]+$/);
  expect(sourcedId).not.toBe("");
  expect((REFS[member] ?? "").split(" ")).toContain(type);
}
