import { describe, expect, it } from "vitest";
import { failureOf, readAll, testPorts } from "./reading.ts";
import {
  assignment,
  type Asked,
  type Coursework,
  graded,
  NOT_ALLOWED,
  NOT_FOUND,
  startTinyCanvas,
  TOKEN,
  type Told,
} from "./tiny-canvas.ts";

const coursework: Coursework = {
  assignments: [assignment(1, [{ id: 7 }, { id: 8 }]), assignment(2, [{ id: 8 }])],
  work: { 7: [graded(1, 2, 15)], 8: [graded(1, 3, 16), graded(2, 3, 17)] },
  courses: { "course-10": 10 },
};

/** What one section's list of work answers; the other section's is as it should be. */
const ofSection8 =
  (told: Told, from = 0) =>
  ({ path, before }: Asked) =>
    path.includes("/sections/8/") && before >= from ? told : undefined;

async function failing(answer: (asked: Asked) => Told | undefined, choices = {}) {
  const canvas = await startTinyCanvas(coursework, answer);
  const ports = testPorts();
  const { code, message, hint, exitCode } = await failureOf(readAll(canvas.url, { ports, ...choices }));
  return { code, message, hint, exitCode, canvas, ports };
}

describe("a Canvas that lets nobody in", () => {
  it("ends the run when the token is not known, and says how to make a new one", async () => {
    const canvas = await startTinyCanvas(coursework);
    const failure = await failureOf(readAll(canvas.url, { token: "expired" }));
    expect(failure).toMatchObject({ code: "source.token", exitCode: 3 });
    expect(failure.message).toContain("Invalid access token.");
    expect(failure.hint).toContain("New Access Token");
    expect(canvas.asked).toHaveLength(1);
  });

  it("ends the run when the token expires midway", async () => {
    const expired = {
      status: 401,
      body: { errors: [{ message: "Expired access token.", expired_at: "2026-11-21T02:00:00Z" }] },
    };
    const { code, message } = await failing(ofSection8(expired));
    expect(code).toBe("source.token");
    expect(message).toContain("Expired access token.");
  });

  it.for([
    ["403, as it answers today", NOT_ALLOWED],
    ["401, as it answered before", { ...NOT_ALLOWED, status: 401 }],
  ] as const)("names the permissions that are missing: %s", async ([, told]) => {
    const { code, hint } = await failing(() => told);
    expect(code).toBe("source.unauthorized");
    expect(hint).toContain("view all grades");
  });

  it("says that the account is not known", async () => {
    const canvas = await startTinyCanvas(coursework);
    const failure = await failureOf(readAll(canvas.url, { account: "99" }));
    expect(failure.code).toBe("source.not-found");
    expect(failure.message).toContain("/api/sis/accounts/99/assignments");
    expect(failure.hint).toContain("grades.source.account");
  });

  it("explains an account or course without the SIS feature", async () => {
    const error = "A SIS integration is not configured and the bulk SIS Grade Export feature is not enabled";
    const { code, message, hint } = await failing(() => ({
      status: 400,
      body: { code: "not_enabled", error },
    }));
    expect(code).toBe("source.not-enabled");
    expect(message).toContain(error);
    expect(hint).toContain("post_grades");
  });

  it("explains a course that is not published", async () => {
    const error = "Grade data is not available for non-published courses";
    const { code, hint } = await failing(
      () => ({ status: 400, body: { code: "unpublished_course", error } }),
      {
        courses: new Set(["course-10"]),
      },
    );
    expect(code).toBe("source.unpublished-course");
    expect(hint).toContain("--course");
  });

  it("ends the run when Canvas shows the SIS id of nobody", async () => {
    const work = { 7: Array.from({ length: 100 }, (_, i) => graded(1, i, 5, { user: { id: i } })) };
    const canvas = await startTinyCanvas({ assignments: [assignment(1, [{ id: 7 }])], work });
    const failure = await failureOf(readAll(canvas.url));
    expect(failure.code).toBe("source.unauthorized");
    expect(failure.hint).toContain("SIS Data - read");
  });
});

describe("a section that Canvas refuses to show", () => {
  it.for([
    ["403", NOT_ALLOWED],
    ["404", NOT_FOUND],
    ["401 of somebody it knows", { ...NOT_ALLOWED, status: 401 }],
  ] as const)("is told, and the others are read: %s", async ([, told]) => {
    const canvas = await startTinyCanvas(coursework, ofSection8(told));
    const sections = await readAll(canvas.url);
    expect(
      sections.map(({ assignments }) => assignments.map((one) => one.assignment.problem !== undefined)),
    ).toEqual([[false], [true, true]]);
    expect(sections[0]?.assignments[0]?.submissions).toMatchObject([{ score: 15 }]);
    expect(sections[1]?.assignments[0]?.assignment.problem).toContain(String(told.status));
    expect(canvas.of("/sections/8/students/submissions")).toHaveLength(1);
  });

  it("loses only the assignment that was deleted a moment ago", async () => {
    const canvas = await startTinyCanvas(coursework, ({ query }) =>
      query.getAll("assignment_ids[]").includes("2")
        ? { status: 403, body: { error: "invalid assignment ids requested" } }
        : undefined,
    );
    const [, section] = await readAll(canvas.url);
    expect(section?.assignments).toMatchObject([
      { assignment: { id: "1" }, submissions: [{ score: 16 }] },
      {
        assignment: { id: "2", problem: expect.stringContaining("invalid assignment ids") as string },
        submissions: [],
      },
    ]);
  });
});

describe("data that is not complete", () => {
  it.for([
    [
      "503 to the end",
      { status: 503, body: { errors: [{ message: "An error occurred." }] } },
      "source.unavailable",
    ],
    ["JSON that breaks off", { body: '[{"assignment_id":1,"user_id":2,"sc' }, "source.incomplete"],
    ["a connection that breaks off", { cut: "midway", body: coursework.work[8] }, "source.incomplete"],
    ["an empty body", { body: "" }, "source.incomplete"],
    [
      "a 200 of HTML",
      { body: "<html><head><title>Log In to Canvas</title></head></html>" },
      "source.not-canvas",
    ],
    ["a connection that is closed", { cut: "before" }, "source.unreachable"],
  ] as const)("ends the run, after several tries: %s", async ([, told, code]) => {
    const failed = await failing(ofSection8(told));
    expect(failed).toMatchObject({ code, exitCode: 3 });
    expect(failed.message).toContain("/sections/8/students/submissions");
    expect(failed.message).toContain("6 tries");
    expect(failed.canvas.of("/sections/8/students/submissions")).toHaveLength(6);
  });

  it.for([
    ["503", { status: 503, body: "" }],
    ["504 of a proxy", { status: 504, body: "<html><title>Gateway Timeout</title></html>" }],
    ["408", { status: 408 }],
    ["JSON that breaks off", { body: "[{" }],
    ["a connection that breaks off", { cut: "midway", body: coursework.work[8] }],
    ["a 200 of HTML", { body: "<title>Please wait</title>" }],
  ] as const)("is asked for again until it is complete: %s", async ([, told]) => {
    const canvas = await startTinyCanvas(coursework, (asked) =>
      asked.before < 2 && asked.path.includes("/sections/8/") ? told : undefined,
    );
    const sections = await readAll(canvas.url);
    expect(sections[1]?.assignments.map(({ submissions }) => submissions.length)).toEqual([1, 1]);
  });

  it("waits as long as Canvas asks for", async () => {
    const ports = testPorts();
    const canvas = await startTinyCanvas(coursework, ({ path, before }) =>
      path.includes("/sections/8/") && before === 0
        ? { status: 503, headers: { "retry-after": "42" } }
        : undefined,
    );
    await readAll(canvas.url, { ports, concurrency: 1 });
    expect(ports.waits).toEqual([42_000]);
  });

  it("gives up rather than waiting for hours", async () => {
    const { code, canvas } = await failing(ofSection8({ status: 503, headers: { "retry-after": "7200" } }));
    expect(code).toBe("source.unavailable");
    expect(canvas.of("/sections/8/students/submissions")).toHaveLength(1);
  });

  it("does not wait forever for a Canvas that is silent", async () => {
    const { code } = await failing(ofSection8({ silent: true }), { timeoutSeconds: 0.2 });
    expect(code).toBe("source.timeout");
  });

  it("does not take an object for a list", async () => {
    const { code } = await failing(ofSection8({ body: { submissions: [] } }));
    expect(code).toBe("source.not-canvas");
  });

  it("does not take work without an assignment for work", async () => {
    const { code, message } = await failing(ofSection8({ body: [graded(1, 3, 4, { assignment_id: null })] }));
    expect(code).toBe("source.not-canvas");
    expect(message).toContain("user 3");
  });

  it("does not take an assignment without sections for one", async () => {
    const { code, message } = await failing(() => ({ body: [assignment(1, [], { sections: undefined })] }));
    expect(code).toBe("source.not-canvas");
    expect(message).toContain("sections");
  });

  it("does not take a redirect for an answer, nor show the token to where it leads", async () => {
    const elsewhere = await startTinyCanvas(coursework);
    const { code, hint } = await failing(() => ({
      status: 302,
      headers: { location: `${elsewhere.url}/login` },
    }));
    expect(code).toBe("source.refused");
    expect(hint).toContain("grades.source.url");
    expect(elsewhere.asked).toEqual([]);
  });

  it("is what a list is that comes back to a course with something new", async () => {
    const { code, message } = await failing(({ path }) =>
      path.startsWith("/api/sis/")
        ? {
            body: [
              assignment(1, [{ id: 7 }]),
              assignment(2, [{ id: 8 }], { course_id: 20 }),
              assignment(3, [{ id: 7 }]),
            ],
          }
        : undefined,
    );
    expect(code).toBe("source.incomplete");
    expect(message).toContain("course 10");
  });

  it("says which host cannot be reached", async () => {
    const { code, message } = await failureOf(readAll("http://127.0.0.1:1"));
    expect(code).toBe("source.unreachable");
    expect(message).toMatch(/127\.0\.0\.1:1 cannot be reached/);
  });
});

describe("links to the next page", () => {
  const linkTo = (address: (asked: Asked) => string) => (asked: Asked) =>
    asked.path.includes("/sections/7/")
      ? { headers: { link: `<${address(asked)}>; rel="next"` }, body: [] }
      : undefined;

  it("end the run when they lead to the page itself", async () => {
    const { code, canvas } = await failing(linkTo(({ address }) => address));
    expect(code).toBe("source.incomplete");
    expect(canvas.of("/sections/7/students/submissions")).toHaveLength(1);
  });

  it("end the run when they lead in a circle", async () => {
    const { code, canvas } = await failing(
      linkTo(({ path, before }) => `${path}?page=${before === 1 ? "b" : "a"}`),
    );
    expect(code).toBe("source.incomplete");
    expect(canvas.of("/sections/7/students/submissions")).toHaveLength(3);
  });

  it("end the run when they lead elsewhere, and the token stays here", async () => {
    const elsewhere = await startTinyCanvas(coursework);
    const { code, message } = await failing(linkTo(() => `${elsewhere.url}/api/v1/more`));
    expect(code).toBe("source.incomplete");
    expect(message).toContain(elsewhere.url);
    expect(elsewhere.asked).toEqual([]);
  });
});

describe("what is told", () => {
  it("holds neither the token nor anybody's name", async () => {
    const echo = { status: 503, body: { errors: [{ message: `no such token: ${TOKEN}` }] } };
    const { message, hint, ports } = await failing(ofSection8(echo));
    expect(message).toContain("no such token: •••");
    expect([message, hint, ...ports.messages].join("\n")).not.toMatch(new RegExp(`${TOKEN}|Dough`));
    expect(ports.messages[0]).toMatch(/sections\/8\/students\/submissions: answered 503; trying again in/);
  });
});
