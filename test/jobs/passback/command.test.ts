import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeHome, sourceOf, startSis } from "../night-kit.ts";
import { env, forgetNights, inCanvas, inSis, someWork, startSemester, writesOf } from "./semester.ts";

afterAll(forgetNights);

describe("grades", () => {
  it("says what to write when the config has no grades", async () => {
    await using sis = await startSis();
    await using home = makeHome({ source: sourceOf(sis) });
    const { code, stderr } = await home.call(["grades"], { env });
    expect(code).toBe(2);
    expect(stderr).toContain("kind: canvas-api");
    expect(home.runs()).toEqual([]);
  });

  it.each([
    ["a SIS that takes none", { profile: "classlink" }, {}, "does not support grade passback"],
    [
      "CSV files, without a section for grades",
      { kind: "oneroster-csv", path: "export" },
      {},
      "source.kind is",
    ],
    [
      "CSV files, with one",
      { kind: "oneroster-csv", path: "export" },
      { source: { kind: "canvas-api", url: "https://canvas.example.org", token: { env: "CANVAS_TOKEN" } } },
      "source.kind is oneroster-csv",
    ],
  ])(
    "says that %s has no grades before it asks for a secret or a section",
    async (_, source, grades, words) => {
      const url = "https://sis.example.org/ims/oneroster/v1p1";
      const rest = {
        kind: "oneroster-rest",
        url,
        auth: { kind: "oauth1", key: "k", secret: { env: "SIS_SECRET" } },
      };
      const section = Object.keys(grades).length === 0 ? {} : { grades };
      await using home = makeHome({ source: "kind" in source ? source : { ...rest, ...source }, ...section });
      const { code, stderr } = await home.call(["grades"], { env: {} });
      expect(code).toBe(2);
      expect(stderr).toContain(words);
      expect(home.runs()).toEqual([]);
    },
  );

  it("says what to do without a delivered roster, and sends nothing", async () => {
    await using semester = await startSemester({ students: 12 });
    rmSync(semester.home.state, { recursive: true });
    const { code, stderr } = await semester.home.call(["grades"], { env });
    expect(code).toBe(2);
    expect(stderr).toContain("rosterbridge roster");
    expect(semester.canvas.requests).toEqual([]);
    expect(semester.sis.gradebook.writes).toEqual([]);
  });

  it("asks and sends nothing on a day that is paused", async () => {
    await using semester = await startSemester({ students: 12 });
    semester.home.configure({
      ...semester.config(),
      pauses: [{ from: "2000-01-01", to: "2999-12-31", jobs: ["grades"], reason: "rollover" }],
    });
    expect((await semester.pass()).code).toBe(0);
    expect(semester.home.manifest(semester.newest()).status).toBe("paused");
    expect(semester.canvas.requests).toEqual([]);
  });

  it("tells with --dry-run what would be sent, and sends nothing", async () => {
    await using semester = await startSemester({ students: 12 });
    const dry = await semester.pass("--dry-run");
    expect(dry).toMatchObject({ code: 0, writes: {} });
    expect(new Set(semester.rows().map(({ outcome }) => outcome))).toEqual(new Set(["would-send"]));
    const real = await semester.pass();
    expect(real.grades.results.sent).toBe(dry.grades.results.wouldSend);
    expect(real.grades.lineItems.sent).toBe(dry.grades.lineItems.wouldSend);
    for (const file of readdirSync(semester.home.state).filter((name) => name.includes("-ledger"))) {
      rmSync(join(semester.home.state, file));
    }
    const again = await semester.pass("--dry-run");
    expect(again.grades.results).toMatchObject({ wouldSend: 0, unchanged: real.grades.results.sent });
  });

  it("takes one course with --course, and knows when there is none", async () => {
    await using semester = await startSemester();
    const { section } = someWork(semester);
    const course = semester.canvas.coursework.school.courses.get(section.course_id).sis_id ?? "";
    expect((await semester.pass("--course", course)).code).toBe(0);
    expect(new Set(semester.rows().map((row) => row["course"]))).toEqual(new Set([course]));
    const { code, stderr } = await semester.pass("--course", "NOWHERE-1");
    expect(code).toBe(2);
    expect(stderr).toContain("NOWHERE-1");
  });

  it("asks for each class in order: line items there, line items, results there, results", async () => {
    await using semester = await startSemester();
    await semester.pass();
    const { first, student, section } = someWork(semester);
    for (const file of readdirSync(semester.home.state).filter((name) => name.includes("-ledger"))) {
      rmSync(join(semester.home.state, file));
    }
    semester.canvas.coursework.rename(first, "Another name");
    semester.canvas.coursework.setPoints(semester.canvas.coursework.assignments(section.course_id)[1]!, 77);
    semester.canvas.coursework.grade(
      semester.canvas.coursework.assignments(section.course_id)[1]!,
      student,
      2,
    );
    const before = semester.sis.requests.length;
    await semester.pass();
    const asked = semester.sis.requests
      .slice(before)
      .filter(
        ({ path }) =>
          path.includes(section.sis_id!) ||
          /\/(lineItems|results)\//.test(path) ||
          path.endsWith("/categories"),
      )
      .map(
        ({ method, path }) =>
          `${method} ${/categories|classes|lineItems(?=\/)|results(?=\/)/.exec(path)?.[0] ?? ""} ${/(lineItems|results|categories)(?=$|\/)/.exec(path)?.[0] ?? ""}`,
      );
    expect(asked.filter((one, index) => one !== asked[index - 1])).toEqual([
      "GET categories categories",
      "GET classes lineItems",
      "PUT lineItems lineItems",
      "GET classes results",
      "PUT results results",
      // Whether it holds what it said that it has taken.
      "GET classes lineItems",
      "GET classes results",
    ]);
  });

  it("ends with code 3 and sends nothing when Canvas does not know the token any more", async () => {
    await using semester = await startSemester({ students: 12 });
    semester.canvas.failNext({ times: Infinity, answer: "expired-token" });
    const { code, stderr } = await semester.pass();
    expect(code).toBe(3);
    expect(stderr).not.toContain("7~canvas");
    expect(semester.sis.gradebook.writes).toEqual([]);
  });

  it("goes on with rerun from where it stopped, without asking Canvas again, and sends nothing twice", async () => {
    await using semester = await startSemester({ source: { retries: 0 } });
    let results = 0;
    const mend = semester.sis.gradebook.refuse({
      kind: "result",
      match: () => ++results > 30,
      status: 503,
      words: "down for maintenance",
    });
    expect((await semester.pass()).code).toBe(3);
    const failed = semester.newest();
    expect(semester.home.manifest(failed).stages.map(({ status }) => status)).toEqual(["ok", "ok", "failed"]);
    const arrived = semester.rows().filter(({ outcome }) => outcome === "sent").length;
    expect(semester.sis.gradebook.results.size).toBeGreaterThan(10);

    mend();
    const requests = semester.canvas.requests.length;
    const { code, grades, stderr } = await semester.rerun();
    expect({ code, run: semester.newest(), stderr: code === 0 ? "" : stderr }).toEqual({
      code: 0,
      run: failed,
      stderr: "",
    });
    expect(semester.canvas.requests.length).toBe(requests);
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect(grades.lineItems.sent).toBeGreaterThan(arrived / 100);
  });

  it("sends with rerun what --remaster had not come to, though the ledger knows it as confirmed", async () => {
    await using semester = await startSemester({ students: 12, source: { retries: 0 } });
    await semester.pass();
    const { gradebook } = semester.sis;
    for (const { sourcedId, scoreStatus } of gradebook.results.values())
      if (scoreStatus === "fully graded") gradebook.editResult(sourcedId, { score: 1 });
    let results = 0;
    const mend = gradebook.refuse({
      kind: "result",
      match: () => ++results > 20,
      status: 503,
      words: "down for maintenance",
    });
    expect((await semester.pass("--remaster")).code).toBe(3);

    mend();
    expect((await semester.rerun()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it("sends with rerun what was refused under --remaster, and does not call it sent", async () => {
    await using semester = await startSemester({ students: 12 });
    await semester.pass();
    const { gradebook } = semester.sis;
    const result = [...gradebook.results.values()].find(({ scoreStatus }) => scoreStatus === "fully graded");
    gradebook.editResult(result!.sourcedId, { score: 1 });
    const lift = gradebook.refuse({ kind: "result", status: 409, words: "locked" });
    expect((await semester.pass("--remaster")).code).toBe(6);
    expect((await semester.rerun()).code).toBe(6);
    lift();
    expect((await semester.rerun()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it("does not let an older run put grades back that a newer one has sent", async () => {
    await using semester = await startSemester();
    const lift = semester.sis.gradebook.refuse({ kind: "result", status: 409, words: "locked", times: 3 });
    expect((await semester.pass()).code).toBe(6);
    lift();
    const older = semester.newest();
    expect((await semester.pass()).code).toBe(0);
    const ended = await semester.home.call(["rerun", older], { env });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("stale");
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect(writesOf(semester.sis)["PUT results"]).toBeGreaterThan(0);
    expect(existsSync(semester.home.state)).toBe(true);
  });
});
