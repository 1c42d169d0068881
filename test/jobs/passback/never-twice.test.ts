import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { until } from "../night-kit.ts";
import {
  env,
  forgetNights,
  inCanvas,
  inSis,
  type Semester,
  type SemesterOptions,
  someWork,
  startSemester,
} from "./semester.ts";

afterAll(forgetNights);

function loseLedger({ home }: Semester): void {
  const files = readdirSync(home.state).filter((name) => name.includes("-ledger.sqlite"));
  expect(files.length).toBeGreaterThan(0);
  for (const name of files) rmSync(join(home.state, name));
}

const SERVERS: [string, SemesterOptions][] = [
  ["that takes our sourcedIds", {}],
  [
    "that gives its own, told in the body",
    { gradebook: { endpoints: "modified" }, grades: { endpoints: "modified" } },
  ],
  [
    "that gives its own, told in Location",
    {
      gradebook: {
        endpoints: "modified",
        creation: "placeholder",
        allocate: "location",
        putAnswer: "201-empty",
      },
      grades: { endpoints: "modified" },
    },
  ],
  ["that takes sets", { gradebook: { bulk: true }, grades: { bulk: true } }],
];

describe.each(SERVERS)("a SIS %s", (_, options) => {
  it("holds everything once after runs that were killed at any moment", async () => {
    await using semester = await startSemester({
      ...options,
      students: 20,
      gradebook: { ...options.gradebook, putLatencyMs: 15 },
    });
    const { home } = semester;
    const { writes } = semester.sis.gradebook;
    // From before the first request to among the last; now a new run, now the old one again.
    for (const [turn, more] of [0, 2, 7, 30, 1, 60].entries()) {
      const enough = writes.length + more;
      const run = home.start(turn % 2 === 0 ? ["grades", "--quiet"] : ["rerun", "--quiet"], { env });
      await until("something is sent", () => writes.length >= enough || run.process.exitCode !== null);
      run.process.kill("SIGKILL");
      await run.ended;
    }
    expect(writes.length).toBeGreaterThan(80);
    const { code, stderr } = await semester.pass();
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });

  it("is sent nothing when the ledger is lost, as everything is found again", async () => {
    await using semester = await startSemester({ ...options, students: 12 });
    await semester.pass();
    loseLedger(semester);
    const { code, writes, grades } = await semester.pass();
    expect({ code, writes }).toEqual({ code: 0, writes: {} });
    expect(grades.results.unchanged).toBeGreaterThan(10);
    expect(inSis(semester)).toEqual(inCanvas(semester));

    const { coursework } = semester.canvas;
    const [assignment] = [...coursework.school.courses.all()].flatMap(({ id }) => coursework.assignments(id));
    coursework.rename(assignment!, "Renamed after the ledger was found again");
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it("is sent everything again with --remaster, and holds it once", async () => {
    await using semester = await startSemester({ ...options, students: 12 });
    const first = await semester.pass();
    const again = await semester.pass("--remaster");
    expect(again.code).toBe(0);
    expect(again.grades.results.sent).toBe(first.grades.results.sent);
    expect(again.grades.lineItems.sent).toBe(first.grades.lineItems.sent);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });
});

describe("a lost ledger", () => {
  it("does not matter to derived sourcedIds, even when the work was renamed meanwhile", async () => {
    await using semester = await startSemester({ students: 12, grades: { sourcedId: "uuid5" } });
    await semester.pass();
    loseLedger(semester);
    const { coursework } = semester.canvas;
    const [assignment] = [...coursework.school.courses.all()].flatMap(({ id }) => coursework.assignments(id));
    coursework.rename(assignment!, "Renamed while the ledger was gone");
    const { code, writes } = await semester.pass();
    expect({ code, writes }).toEqual({ code: 0, writes: { "PUT lineItems": 1 } });
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it.each(["America/Los_Angeles", "UTC"])(
    "does not matter where the SIS writes dates by the clock of %s and names no zone, whatever this machine's zone",
    async (timeZone) => {
      await using semester = await startSemester({ students: 12 });
      await semester.pass();
      const { gradebook } = semester.sis;
      const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
      const unzoned = (date: string) => format.format(Date.parse(date)).replace(" ", "T");
      for (const { sourcedId, assignDate, dueDate } of [...gradebook.lineItems.values()]) {
        gradebook.editLineItem(sourcedId, { assignDate: unzoned(assignDate), dueDate: unzoned(dueDate) });
      }
      const before = gradebook.lineItems.size;
      loseLedger(semester);
      const far = { ...env, TZ: "Pacific/Kiritimati" };
      const { code } = await semester.home.start(["grades", "--quiet"], { env: far }).ended;
      const { lineItems } = semester.home.manifest(semester.newest()).grades!;
      expect({ code, ...lineItems }).toMatchObject({ code: 0, sent: 0, unchanged: before });
      expect(gradebook.lineItems.size).toBe(before);
    },
  );

  it("and two line items that fit are told, not guessed; their results wait", async () => {
    await using semester = await startSemester();
    const { section, first } = someWork(semester);
    const { gradebook } = semester.sis;
    for (const sourcedId of ["teachers-1", "teachers-2"]) {
      gradebook.addLineItem({
        classId: section.sis_id!,
        title: first.name,
        dueDate: first.due_at!,
        sourcedId,
      });
    }
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    expect(grades.reasons[0]?.reason).toContain(`Multiple matches found for "${first.name}" due on`);
    const told = semester
      .rows()
      .filter(({ assignment, class: id }) => assignment === String(first.id) && id === section.sis_id);
    expect(new Set(told.map(({ outcome }) => outcome))).toEqual(new Set(["skipped"]));
    expect(told.length).toBeGreaterThan(1);
    expect(
      [...gradebook.results.values()].some(({ lineItem }) => lineItem.sourcedId.startsWith("teachers")),
    ).toBe(false);
  });

  it("and a line item that a teacher made of the same title and due day is taken over", async () => {
    await using semester = await startSemester();
    const { section, first } = someWork(semester);
    const { gradebook } = semester.sis;
    gradebook.addLineItem({
      classId: section.sis_id!,
      title: first.name,
      dueDate: first.due_at!,
      sourcedId: "teachers",
    });
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect(
      [...gradebook.results.values()].filter(({ lineItem }) => lineItem.sourcedId === "teachers").length,
    ).toBeGreaterThan(0);
  });
});
