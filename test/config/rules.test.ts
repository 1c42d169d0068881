import { describe, expect, it } from "vitest";
import { ENV, load, problems, VALID, withDelivery, withSource } from "./workspace.ts";

const SFTP = ["kind: sftp", "host: h", "username: u", `hostKey: SHA256:${"k".repeat(43)}`];
const env = { ...ENV, P: "pass-phrase-1" };

describe("rules between keys", () => {
  it("refuses an SFTP server without key and password", async () => {
    expect(await problems(withDelivery(...SFTP))).toEqual([
      "10:3: delivery.privateKey: is missing; an SFTP server needs privateKey, password or both",
    ]);
  });

  it.each(["password", "privateKey"])("takes an SFTP server with a %s alone", async (key) => {
    await expect(load(withDelivery(...SFTP, `${key}: { env: P }`), { env })).resolves.toBeDefined();
  });

  it("refuses a passphrase without a private key", async () => {
    const yaml = withDelivery(...SFTP, "password: { env: P }", "passphrase: { env: P }");
    expect(await problems(yaml, { env })).toEqual([
      "15:3: delivery.passphrase: belongs to a privateKey, and there is none; a password to sign in with goes under password",
    ]);
  });

  it("holds an SFTP place of grade reports to the same", async () => {
    const place = "{ kind: sftp, host: h, username: u, hostKey: SHA256:" + "k".repeat(43) + " }";
    expect(await problems(`${VALID}grades: { source: { kind: grade-export, path: ${place} } }\n`)).toEqual([
      "12:47: grades.source.path.privateKey: is missing; an SFTP server needs privateKey, password or both",
    ]);
  });

  it("refuses a pause that ends before it begins, and takes one of a single day", async () => {
    expect(await problems(`${VALID}pauses: [{ from: 2027-06-05, to: 2027-06-04 }]\n`)).toEqual([
      "12:34: pauses[0].to: is before the pause begins (from)",
    ]);
    await expect(load(`${VALID}pauses: [{ from: 2027-06-05, to: 2027-06-05 }]\n`)).resolves.toBeDefined();
  });

  it("refuses more pages in flight than requests in flight", async () => {
    const said = "pageConcurrency: is above source.concurrency, the limit of all requests together";
    expect(await problems(withSource("concurrency: 2", "pageConcurrency: 3"))).toEqual([
      `10:20: source.${said}`,
    ]);
    expect(await problems(withSource("pageConcurrency: 7"))).toEqual([`9:20: source.${said}`]);
    await expect(load(withSource("concurrency: 3", "pageConcurrency: 3"))).resolves.toBeDefined();
  });

  it("refuses a header's value that no header can carry", async () => {
    expect(await problems(withSource('headers: { A: "a\\nb", B: "\u20ac", C: "caf\u00e9" }'))).toEqual([
      expect.stringMatching(/^9:17: source\.headers\.A: has a line break/),
      expect.stringMatching(/^9:28: source\.headers\.B: has a line break, or another character/),
    ]);
  });

  it("is held beside other mistakes", async () => {
    expect(await problems(withSource("concurrency: 2", "pageConcurrency: 3", "retires: 1"))).toHaveLength(2);
  });
});

describe("grades", () => {
  const withGrades = (grades: string) =>
    `${VALID}grades: { source: { kind: canvas-data, path: dap }, ${grades} }\n`;

  it.each([
    [
      "lineItem: { values: { description: '{assignment.nmae}' } }",
      /lineItem\.values\.description: has an unknown placeholder; did you mean \{assignment\.name\}/,
    ],
    ["result: { metadata: { a: '{' } }", /result\.metadata\.a: has a \{ without its \}/],
    ["categories: { filter: 'x={class.sourcedID}' }", /categories\.filter: has an unknown placeholder/],
    [
      "lineItem: { omit: [description], values: { description: x } }",
      /values\.description: is left out by omit/,
    ],
    ["result: { values: { sourcedId: x } }", /result\.values\.sourcedId: is how records are known again/],
    ["categories: { whenUnmatched: default }", /categories\.whenUnmatched: is default, which needs/],
    [
      "categories: { lookup: none }",
      /categories\.lookup: is none, so that every assignment is without a match/,
    ],
  ])("are refused with %s, at its place", async (grades, says) => {
    const [problem, ...more] = await problems(withGrades(grades));
    expect(problem).toMatch(says);
    expect(more).toEqual([]);
  });

  it("are taken as sensible ones are", async () => {
    const grades = "lineItem: { omit: [class.href], values: { title: '{course.name}: {assignment.name}' } }";
    await expect(load(withGrades(grades))).resolves.toBeDefined();
  });
});

describe("roster.admins.roles", () => {
  const withRoles = (roles: string, mode: string) =>
    `${VALID}  mode: ${mode}\nroster: { admins: { roles: ${roles} } }\n`;
  const SEVERAL = "{ administrator: AccountAdmin, principal: School Office }";

  it("may give several Canvas roles, but not where Canvas would take one for another", async () => {
    await expect(load(withRoles(SEVERAL, "changes"))).resolves.toBeDefined();
    const [problem, ...more] = await problems(withRoles(SEVERAL, "diffing"));
    expect(problem).toMatch(/roster\.admins\.roles: gives several Canvas roles/);
    expect(more).toEqual([]);
    const one = "{ administrator: School Office, principal: School Office }";
    await expect(load(withRoles(one, "diffing"))).resolves.toBeDefined();
  });

  it("refuses a role that stands there twice in different cases", async () => {
    const [problem] = await problems(
      withRoles("{ Principal: AccountAdmin, principal: AccountAdmin }", "full"),
    );
    expect(problem).toMatch(/roles\.principal: is there twice/);
  });
});

describe("roster.enrollments.roles", () => {
  const withRoles = (roles: string) => `${VALID}roster: { enrollments: { roles: ${roles} } }\n`;

  it.each(["Student Helper", "studentview", "STUDENT AIDE", "StudentEnrollment2"])(
    "refuses %s, which Canvas would enroll as a student",
    async (role) => {
      const [problem] = await problems(withRoles(`{ aide: "${role}" }`));
      expect(problem).toMatch(/roles\.aide: starts with student/);
    },
  );

  it.each(["student", "StudentEnrollment", "ta", "Peer student", "Head of Year"])(
    "takes %s",
    async (role) => {
      await expect(load(withRoles(`{ aide: "${role}" }`))).resolves.toBeDefined();
    },
  );

  it("refuses a role that stands there twice in different cases", async () => {
    const [problem] = await problems(withRoles("{ Aide: ta, aide: teacher }"));
    expect(problem).toMatch(/roles\.aide: is there twice/);
  });
});
