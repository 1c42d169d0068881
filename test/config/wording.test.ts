import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueAt } from "../../config/problem.ts";
import { validate } from "../../config/validation.ts";
import { problems, VALID, withDelivery, withSource } from "./workspace.ts";

async function only(yaml: string): Promise<string> {
  const found = await problems(yaml);
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe("what is said of a wrong value", () => {
  it("offers the default of an empty key only where leaving it out would do", async () => {
    expect(await only(VALID.replace(/^ {2}url: .*$/m, "  url:"))).toMatch(
      /source\.url: is empty; expected a URL$/,
    );
    expect(await problems("institution:\nsource:\ndelivery:\nroster:\n")).toEqual([
      expect.stringMatching(/institution: is empty; expected a mapping \(keys with their values\)$/),
      expect.stringMatching(/source: is empty; expected a mapping \(keys with their values\)$/),
      expect.stringMatching(/delivery: is empty; expected a mapping \(keys with their values\)$/),
      expect.stringMatching(/roster: is empty; .*; to have the default, leave the key out$/),
    ]);
  });

  it("says of a secret that is not there that it is missing, and of one left open that it is empty", async () => {
    const token = (line: string) =>
      withDelivery("kind: canvas-api", "url: https://oakdale.example.org", line);
    expect(await only(token("account: self"))).toMatch(
      /delivery\.token: is missing; expected a secret as \{ env: NAME \} or \{ file: PATH \}$/,
    );
    expect(await only(token("token:"))).toMatch(
      /delivery\.token: is empty; expected a secret as \{ env: NAME \} or \{ file: PATH \}$/,
    );
    expect(await only(token('token: ""'))).toMatch(/delivery\.token: a secret is never written here itself/);
  });

  it("says that a name is empty in words of its own", async () => {
    expect(await only(`${VALID}roster: { enrollments: { roles: { "": ta } } }\n`)).toMatch(
      /the name is empty$/,
    );
  });

  it.each([
    ["pageSize: 0", "9:13: source.pageSize: expected a whole number from 1 to 50000"],
    ["pageSize: 10.5", "9:13: source.pageSize: expected a whole number from 1 to 50000"],
    [
      'pageSize: "10"',
      "9:13: source.pageSize: expected a whole number from 1 to 50000, found text; write it without quotes",
    ],
    [
      "pageSize:",
      "9:3: source.pageSize: is empty; expected a whole number from 1 to 50000; to have the default, leave the key out",
    ],
    ["schools: [null]", "9:13: source.schools[0]: is empty; expected text"],
    ["requestsPerSecond: 0", "9:22: source.requestsPerSecond: expected a number above 0, or null"],
    ["version: 2", '9:12: source.version: expected one of "1.1", "1.2", found a number'],
    ["schools: A-7", "9:12: source.schools: expected a list of: text, found text; a list is written [ … ]"],
    ["schools: [1.5]", "9:13: source.schools[0]: expected text, found a number; put it in quotes"],
    ["schools: [[]]", "9:13: source.schools[0]: expected text, found a list"],
    ['schools: [""]', "9:13: source.schools[0]: is empty; expected text"],
    ["filters: { user: x }", '9:14: source.filters.user: unknown key; did you mean "users"?'],
    [
      "headers: { Bad Header: x }",
      "9:14: source.headers.Bad Header: must be a header name: letters, digits and dashes",
    ],
    [
      "headers: { X-A: 5 }",
      "9:19: source.headers.X-A: expected text, or a secret as { env: NAME } or { file: PATH }, found a number; put it in quotes",
    ],
    ["gradebookUrl: sis", "9:17: source.gradebookUrl: must be a URL that begins with https:// (or http://)"],
    [
      "gradebookUrl: ftp://sis.example.org",
      "9:17: source.gradebookUrl: must be a URL that begins with https:// (or http://)",
    ],
    [
      "gradebookUrl: https://me:pw@sis.example.org",
      "9:17: source.gradebookUrl: must have no user name, password, query string or fragment in it",
    ],
    [
      "gradebookUrl: https://sis.example.org/?key=1",
      "9:17: source.gradebookUrl: must have no user name, password, query string or fragment in it",
    ],
    [
      "endDates: Inclusive",
      '9:13: source.endDates: expected one of inclusive, exclusive; did you mean "inclusive"?',
    ],
  ])("%s", async (line, said) => {
    expect(await only(withSource(line))).toBe(said);
  });

  it.each([
    [
      "roster: { observers: yes }",
      "1:22: roster.observers: expected true or false, found text; did you mean true?",
    ],
    ["roster: [a]", "1:9: roster: expected a mapping (keys with their values), found a list"],
    [
      "roster: { users: { id: sis } }",
      "1:24: roster.users.id: must be sourcedId, identifier, username, email, userIds.TYPE or metadata.NAME",
    ],
    [
      "roster: { terms: { merge: { pattern: '(' } } }",
      "1:38: roster.terms.merge.pattern: must be a regular expression with a group named term: (?<term>…)",
    ],
    ["roster: { terms: { merge: {} } }", "1:27: roster.terms.merge.pattern: is missing; expected text"],
    ["pauses: [{ from: 2027-02-30, to: 2027-03-01 }]", "1:18: pauses[0].from: expected a day as YYYY-MM-DD"],
    [
      "grades: { source: { kind: canvas-data, path: x }, gradingPeriod: null }",
      '1:66: grades.gradingPeriod: is empty; did you mean "null", in quotes?',
    ],
    ["concurrency: 3", "1:1: concurrency: unknown key here; it belongs under source or under grades"],
    ["pageSize: 3", "1:1: pageSize: unknown key here; it belongs under source"],
    ["wombat: 3", "1:1: wombat: unknown key"],
    ["constructor: 3", "1:1: constructor: unknown key"],
  ])("%s", async (line, said) => {
    expect(await only(`${line}\n${VALID}`)).toBe(said);
  });

  it("names the kinds when none is written, and those near to one that is wrong", async () => {
    expect(await only(withDelivery("path: x"))).toBe(
      "10:3: delivery.kind: is missing; expected one of sftp, directory, canvas-api",
    );
    expect(await only(VALID.replace("kind: oauth1", "kind: oath1"))).toBe(
      '6:11: source.auth.kind: expected one of oauth1, oauth2, bearer; did you mean "oauth1"?',
    );
  });

  it("says of another kind's key that it is one", async () => {
    expect(
      await problems(VALID.replace("kind: oauth1", "kind: bearer\n    token: { env: ONEROSTER_KEY }")),
    ).toEqual([
      "8:5: source.auth.key: not with this kind: only kind oauth1 or oauth2 has it",
      "9:5: source.auth.secret: not with this kind: only kind oauth1 or oauth2 has it",
    ]);
  });

  it("goes on to the other keys of a mapping whose kind is wrong", async () => {
    expect(await problems(withDelivery("kind: SFTP", "hots: sftp.example.org", "port: 0"))).toEqual([
      "10:3: delivery.host: is missing; expected text",
      "10:3: delivery.username: is missing; expected text",
      "10:3: delivery.hostKey: is missing; expected text, or a list of: text",
      '10:9: delivery.kind: expected one of sftp, directory, canvas-api; did you mean "sftp"?',
      '11:3: delivery.hots: unknown key; did you mean "host"?',
      "12:9: delivery.port: expected a whole number from 1 to 65535",
    ]);
  });

  it("names every section that is missing", async () => {
    expect(await problems("institution: { id: a, name: b, timezone: UTC }\n")).toEqual([
      "1:1: source: is missing; expected a mapping (keys with their values)",
      "1:1: delivery: is missing; expected a mapping (keys with their values)",
    ]);
  });
});

describe("whatever is written wherever", () => {
  const SECRET = "hunter2-correct-horse";
  const tree = {
    institution: { id: "oakdale", name: "Oakdale", timezone: "UTC" },
    source: {
      kind: "oneroster-rest",
      url: "https://sis.example.org",
      auth: {
        kind: "oauth2",
        tokenUrl: "https://sis.example.org/t",
        key: "k",
        secret: { env: "S" },
        scopes: ["a"],
      },
      headers: { "X-A": { file: "./a" } },
      schools: ["1"],
      filters: { users: "x" },
    },
    roster: { users: { id: "sourcedId" }, enrollments: { roles: { student: "student" } } },
    delivery: { kind: "sftp", host: "h", username: "u", password: { env: "P" }, hostKey: "x", path: "/" },
    grades: {
      source: { kind: "canvas-api", url: "https://c.example.org", token: { env: "T" } },
      lineItem: { values: {} },
    },
    notify: [{ kind: "webhook", url: { env: "U" } }],
    pauses: [{ from: "2027-01-01", to: "2027-01-02" }],
  };
  const paths = pathsOf(tree);
  const written = fc.oneof(
    fc.constant(SECRET),
    fc.constant([SECRET]),
    fc.constant({ env: `${SECRET} ` }),
    fc.constant({ kind: SECRET }),
    fc.constant({ value: SECRET, other: [{ x: SECRET }] }),
    fc.jsonValue(),
  );

  it("is told in our own words, which never repeat it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), written, (path, value) => {
        const changed = structuredClone(tree);
        const parent = valueAt(changed, path.slice(0, -1)) as Record<PropertyKey, unknown>;
        parent[path.at(-1)!] = value;

        for (const { message } of validate(changed).problems) {
          expect(message).not.toContain(SECRET);
          expect(message).not.toMatch(/Invalid|received|undefined|NaN|expected (string|number|object|$)/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function pathsOf(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  const below = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const steps = below.map(([key, child]): [PropertyKey, unknown] => [
    Array.isArray(value) ? Number(key) : key,
    child,
  ]);
  return [
    ...(path.length === 0 ? [] : [path]),
    ...steps.flatMap(([key, child]) => pathsOf(child, [...path, key])),
  ];
}
