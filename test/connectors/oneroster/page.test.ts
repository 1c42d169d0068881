import { describe, expect, it } from "vitest";
import { hashIds } from "../../../connectors/oneroster/id-set.ts";
import { readPage } from "../../../connectors/oneroster/page.ts";

const bytes = (body: unknown) => Buffer.from(typeof body === "string" ? body : JSON.stringify(body));

describe("reading a page", () => {
  it("gives the records as sent, and their ids", () => {
    const users = [{ sourcedId: " u1 ", givenName: "Åsa" }, { sourcedId: 2 }];
    const page = readPage(bytes({ users }), "users");
    expect(page).toEqual({ records: users, received: 2, ids: hashIds(["u1", "2"]) });
  });

  it.for([
    ["students", "users"],
    ["teachers", "users"],
    ["schools", "orgs"],
    ["terms", "academicSessions"],
    ["gradingPeriods", "academicSessions"],
    ["schools/S1/students", "users"],
    ["schools/a%2Fb/terms", "academicSessions"],
  ] as const)("finds what %s sends under its own name or %s", ([endpoint, key]) => {
    const own = endpoint.slice(endpoint.lastIndexOf("/") + 1);
    expect(readPage(bytes({ [own]: [{ sourcedId: "1" }] }), endpoint).received).toBe(1);
    expect(readPage(bytes({ [key]: [{ sourcedId: "1" }] }), endpoint).received).toBe(1);
  });

  it("leaves null members out, but counts them: the next offset depends on it", () => {
    const page = readPage(bytes({ users: [null, { sourcedId: "1" }, null, { name: "nameless" }] }), "users");
    expect(page).toMatchObject({ records: [{ sourcedId: "1" }, { name: "nameless" }], received: 4 });
    expect(page.ids).toEqual(hashIds(["1"]));
  });

  it("tells from users which version of the standard they are written in, where they tell", () => {
    const speaks = (users: unknown[], endpoint = "users") => readPage(bytes({ users }), endpoint).speaks;
    const old = { sourcedId: "1", role: "student", orgs: [{ sourcedId: "S1" }] };
    const modern = {
      sourcedId: "2",
      roles: [{ roleType: "primary", role: "student", org: { sourcedId: "S1" } }],
    };
    expect(speaks([old, { sourcedId: "3" }])).toBe("1.1");
    expect(speaks([modern, { sourcedId: "3", roles: [] }], "schools/S1/students")).toBe("1.2");
    expect(speaks([{ ...modern, orgs: [], role: null }])).toBe("1.2");
    expect(speaks([old, modern])).toBeUndefined();
    expect(speaks([{ ...old, ...modern }])).toBeUndefined();
    expect(speaks([{ sourcedId: "3" }])).toBeUndefined();
    expect(speaks([])).toBeUndefined();
    expect(readPage(bytes({ enrollments: [old] }), "enrollments").speaks).toBeUndefined();
  });

  it("takes an empty collection for one", () => {
    expect(readPage(bytes({ users: [] }), "users")).toEqual({
      records: [],
      received: 0,
      ids: new Uint32Array(0),
    });
  });

  it("overlooks a byte order mark", () => {
    expect(readPage(bytes('\uFEFF{"users":[]}'), "users").problem).toBeUndefined();
  });

  it.for([
    ["users", { orgs: [], total: 3 }, 'no "users" array, only orgs, total'],
    ["users", { users: null }, 'no "users" array, only users'],
    ["users", {}, 'no "users" array, an empty object'],
    ["users", [], 'no "users" array: the JSON is not an object'],
    ["users", 7, 'no "users" array: the JSON is not an object'],
    ["users", { imsx_codeMajor: "failure", imsx_description: "no roster" }, "(no roster)"],
  ] as const)(
    "does not take %s without its envelope for an empty collection: %j",
    ([endpoint, body, detail]) => {
      const { problem } = readPage(bytes(body), endpoint);
      expect(problem?.kind).toBe("no-envelope");
      expect(problem?.detail).toContain(detail);
    },
  );

  it.for([
    ['{"users":[{"sourcedId":"1"},{"sour', "truncated"],
    ["", "truncated"],
    ["  \n", "truncated"],
    ["<!doctype html><title>Sign in</title>", "not-json"],
    ["Bad Gateway", "not-json"],
  ] as const)("calls %j %s", ([body, kind]) => {
    const { problem, received } = readPage(bytes(body), "users");
    expect(problem?.kind).toBe(kind);
    expect(received).toBe(0);
  });

  it.for([
    {
      statusInfoSet: [{ imsx_codeMajor: "failure", imsx_severity: "error", imsx_description: "no database" }],
    },
    { imsx_StatusInfo: { imsx_codeMajor: "Failure", imsx_description: "no database" } },
    { imsx_codeMajor: "unsupported", imsx_severity: "status", imsx_description: "no database" },
  ])("does not take what comes with a failure for the whole of it: %j", (status) => {
    for (const users of [[], [{ sourcedId: "1" }]]) {
      const { problem, received } = readPage(bytes({ users, ...status }), "users");
      expect(problem).toEqual({
        kind: "says-failure",
        detail: "an answer that says it has failed (no database)",
      });
      expect(received).toBe(0);
    }
  });

  it.for([
    { statusInfoSet: [{ imsx_codeMajor: "success", imsx_severity: "status" }] },
    { imsx_StatusInfo: { imsx_codeMajor: "success", imsx_severity: "warning" } },
    { imsx_codeMajor: "failure", imsx_severity: "warning", imsx_codeMinor: "invalid_sort_field" },
  ])("takes what comes with a success or a warning: %j", (status) => {
    expect(readPage(bytes({ users: [{ sourcedId: "1" }], ...status }), "users").received).toBe(1);
  });

  it("says what page came instead of JSON", () => {
    expect(readPage(bytes("<html><head><title>Sign\n in</title>"), "users").problem?.detail).toBe(
      "an HTML page instead of JSON (“Sign in”)",
    );
  });
});
