import { afterAll, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../../config/failure.ts";
import type { SandboxCanvasOptions } from "../../../jobs/demo/canvas.ts";
import { CANVAS_TOKEN, env, forgetNights, type Semester, startSemester } from "../passback/semester.ts";

afterAll(forgetNights);

const STEPS = ["Canvas token", "Canvas account", "Canvas SIS feature", "Canvas grades"];

async function check({ home }: Semester) {
  const { code, stdout } = await home.call(["check", "--json"], { env });
  const { checks } = JSON.parse(stdout) as {
    checks: { section: string; name: string; status: string; message: string; hint: string }[];
  };
  const of = (name: string) => checks.find((one) => one.name === name);
  return { code, of, grades: checks.filter(({ section }) => section === "grades"), stdout };
}

describe("what check finds in Canvas", () => {
  it("is that the token works, the feature is on, and grades are shown with SIS ids; nothing is written", async () => {
    await using semester = await startSemester({ students: 20 });
    const { code, grades, of } = await check(semester);

    expect(code).toBe(EXIT_CODES.ok);
    expect(grades.map(({ name, status }) => `${status} ${name}`)).toEqual(STEPS.map((name) => `ok ${name}`));
    expect(of("Canvas account")?.message).toBe("account 1, the token's own");
    expect(of("lineItems of a class")).toMatchObject({ section: "gradebook", status: "ok" });
    expect(semester.sis.gradebook.writes).toEqual([]);
    expect(semester.canvas.requests.length).toBeLessThan(10);
  });

  it.each<[string, Partial<SandboxCanvasOptions>, string, string, RegExp]>([
    ["a token that is refused", { token: "another" }, "Canvas token", "fail", /New Access Token/],
    ["that the SIS feature is off", { sisExport: false }, "Canvas SIS feature", "fail", /post_grades/],
    ["missing rights", { quirks: ["no-rights"] }, "Canvas SIS feature", "fail", /view all grades/],
    ["that SIS ids are hidden", { quirks: ["sis-ids-hidden"] }, "Canvas grades", "warn", /SIS Data - read/],
  ])("is %s", async (_, canvas, name, status, hint) => {
    await using semester = await startSemester({ students: 20, canvas });
    const { code, of, stdout } = await check(semester);

    expect(of(name)).toMatchObject({ section: "grades", status });
    expect(of(name)?.hint).toMatch(hint);
    expect(code).toBe(status === "fail" ? EXIT_CODES.source : EXIT_CODES.ok);
    expect(stdout).not.toContain(CANVAS_TOKEN);
  });

  it("is an account that Canvas does not know", async () => {
    await using semester = await startSemester({ students: 20 });
    const token = { env: "CANVAS_TOKEN" };
    semester.configure({ source: { kind: "canvas-api", url: semester.canvas.url, token, account: "99" } });
    const { code, of } = await check(semester);

    expect(code).toBe(EXIT_CODES.source);
    expect(of("Canvas SIS feature")?.hint).toContain("grades.source.account");
  });

  it("is not looked for where the SIS takes no grades", async () => {
    await using semester = await startSemester({ students: 20, source: { profile: "classlink" } });
    const { grades, of } = await check(semester);

    expect(grades).toEqual([]);
    expect(of("grades")).toMatchObject({ section: "config", status: "warn" });
    expect(of("categories")).toBeUndefined();
    expect(semester.canvas.requests).toEqual([]);
  });
});
