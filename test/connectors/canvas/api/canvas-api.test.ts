import { describe, expect, it } from "vitest";
import { open, readAll } from "./reading.ts";
import { assignment, graded, startTinyCanvas } from "./tiny-canvas.ts";

describe("reading grades from Canvas", () => {
  it("gives every section once, with all its assignments and its own students' work, in the order of ids", async () => {
    const canvas = await startTinyCanvas({
      assignments: [
        assignment(100, [{ id: 7 }, { id: 11 }]),
        assignment(99, [{ id: 7 }]),
        assignment(200, [{ id: 3 }], { course_id: 20 }),
      ],
      work: {
        7: [graded(100, 12, 18), graded(99, 12, 7.25), graded(99, 2, 9), graded(99, 110, 1)],
        11: [graded(100, 15, 20)],
        3: [graded(200, 12, 3)],
      },
    });

    const sections = await readAll(canvas.url);

    expect(sections.map(({ section, course }) => [section.sis_id, course.sis_id])).toEqual([
      ["class-7", "course-10"],
      ["class-11", "course-10"],
      ["class-3", "course-20"],
    ]);
    const scores = sections.map(({ assignments }) =>
      assignments.map(({ assignment: { id }, submissions }) => [
        id,
        submissions.map(({ sis_user_id, score }) => [sis_user_id, score]),
      ]),
    );
    expect(scores).toEqual([
      [
        [
          "99",
          [
            ["student-2", 9],
            ["student-12", 7.25],
            ["student-110", 1],
          ],
        ],
        ["100", [["student-12", 18]]],
      ],
      [["100", [["student-15", 20]]]],
      [["200", [["student-12", 3]]]],
    ]);
    expect(canvas.of("/submissions")).toHaveLength(3);
  });

  it("speaks Canvas's own names", async () => {
    const canvas = await startTinyCanvas({
      assignments: [
        assignment(1, [{ id: 7 }], {
          name: " Essay ",
          points_possible: 12.5,
          unlock_at: "2026-09-01T07:00:00Z",
          sis_assignment_id: "A-1",
        }),
      ],
      work: {
        7: [graded(1, 2, 11.5, { late: true, entered_score: 12, submitted_at: "2026-10-03T01:00:00Z" })],
      },
    });

    const [section] = await readAll(canvas.url);

    expect(section).toEqual({
      section: { id: "7", sis_id: "class-7", name: "Period 7" },
      course: { id: "10", sis_id: "course-10", name: "Course 10" },
      assignments: [
        {
          assignment: {
            kind: "assignment",
            id: "1",
            name: "Essay",
            html_url: `${canvas.url}/courses/10/assignments/1`,
            points_possible: 12.5,
            due_at: "2026-10-02T06:59:59Z",
            unlock_at: "2026-09-01T07:00:00Z",
            assignment_group: { id: "5", name: "Homework" },
            more: {
              submission_types: ["on_paper"],
              sis_assignment_id: "A-1",
              integration_data: {},
              include_in_final_grade: true,
              created_at: "2026-08-20T15:00:00Z",
              course_id: "10",
            },
          },
          submissions: [
            {
              sis_user_id: "student-2",
              user_id: "2",
              score: 11.5,
              late: true,
              graded: true,
              posted: true,
              graded_at: "2026-10-03T17:00:00Z",
              submitted_at: "2026-10-03T01:00:00Z",
              more: { grade: "11.5", entered_score: 12, workflow_state: "graded" },
            },
          ],
        },
      ],
    });
  });

  it("follows Canvas's pages of assignments and of work to the end", async () => {
    const ids = Array.from({ length: 7 }, (_, i) => i + 1);
    const canvas = await startTinyCanvas({
      pageSize: 2,
      assignments: ids.map((id) => assignment(id, [{ id: 7 }])),
      work: { 7: ids.flatMap((id) => [graded(id, 1, id), graded(id, 2, 2 * id)]) },
    });

    const [section] = await readAll(canvas.url);

    expect(section?.assignments.map(({ submissions }) => submissions.map(({ score }) => score))).toEqual(
      ids.map((id) => [id, 2 * id]),
    );
    expect(canvas.asked).toHaveLength(4 + 7);
  });

  it("keeps ids that are longer than a number holds", async () => {
    const canvas = await startTinyCanvas({
      assignments: [{ ...assignment(1, [{ id: 7 }]), id: "90071992547409931" }],
      work: { 7: [{ ...graded(1, 2, 3), assignment_id: "90071992547409931", user_id: "90071992547409933" }] },
    });

    const [section] = await readAll(canvas.url);

    expect(section?.assignments[0]?.assignment.id).toBe("90071992547409931");
    expect(section?.assignments[0]?.submissions[0]?.user_id).toBe("90071992547409933");
    expect(canvas.asked[0]?.headers.accept).toBe("application/json+canvas-string-ids");
  });

  it("shows the same assignment once when the list grows while it is read", async () => {
    const first = assignment(1, [{ id: 7 }]);
    const canvas = await startTinyCanvas({
      pageSize: 2,
      assignments: [
        first,
        assignment(2, [{ id: 8 }], { course_id: 20 }),
        first,
        assignment(3, [{ id: 8 }], { course_id: 20 }),
      ],
      work: { 7: [], 8: [] },
    });

    const sections = await readAll(canvas.url);

    expect(sections.map(({ assignments }) => assignments.map((one) => one.assignment.id))).toEqual([
      ["1"],
      ["2", "3"],
    ]);
  });

  it("shows the same work once, as the later page has it", async () => {
    const canvas = await startTinyCanvas({
      pageSize: 1,
      assignments: [assignment(1, [{ id: 7 }])],
      work: { 7: [graded(1, 2, 3), graded(1, 2, 4)] },
    });

    const [section] = await readAll(canvas.url);

    expect(section?.assignments[0]?.submissions).toMatchObject([{ user_id: "2", score: 4 }]);
  });

  it("asks only for what it needs: no essays, no attachments, comments only when they are wanted", async () => {
    const canvas = await startTinyCanvas({
      assignments: [assignment(1, [{ id: 7 }])],
      work: { 7: [graded(1, 2, 3)] },
    });

    const sections = await readAll(canvas.url);

    const query = canvas.of("/submissions")[0]!.query;
    expect(query.getAll("include[]")).toEqual(["user"]);
    expect(query.getAll("student_ids[]")).toEqual(["all"]);
    expect(query.getAll("assignment_ids[]")).toEqual(["1"]);
    expect(JSON.stringify(sections)).not.toMatch(/Dough|what the student wrote|"jo"/);
  });

  it("names hundreds of assignments in addresses that every server takes", async () => {
    const ids = Array.from({ length: 400 }, (_, i) => 100_000_000 + i);
    const canvas = await startTinyCanvas({
      assignments: ids.map((id) => assignment(id, [{ id: 7 }])),
      work: { 7: ids.map((id) => graded(id, 1, 5)) },
    });

    const [section] = await readAll(canvas.url);

    expect(section?.assignments.every(({ submissions }) => submissions.length === 1)).toBe(true);
    expect(Math.max(...canvas.asked.map(({ address }) => address.length))).toBeLessThan(4000);
  });

  it("reads only the courses that are asked for, by their SIS ids", async () => {
    const canvas = await startTinyCanvas({
      assignments: [
        assignment(1, [{ id: 7 }]),
        assignment(2, [{ id: 8 }], { course_id: 20 }),
        assignment(3, [{ id: 9 }], { course_id: 30 }),
      ],
      work: { 7: [], 8: [], 9: [] },
      courses: { "MATH/10.1": 10, "30": 30 },
    });

    const sections = await readAll(canvas.url, { courses: new Set(["MATH/10.1", "30"]) });

    expect(sections.map(({ section }) => section.id)).toEqual(["9", "7"]);
    expect(canvas.of("/assignments").map(({ path }) => path)).toEqual([
      "/api/sis/courses/sis_course_id:30/assignments",
      "/api/sis/courses/sis_course_id:MATH%2F10%2E1/assignments",
    ]);
  });

  it("works with an address that ends in a slash", async () => {
    const canvas = await startTinyCanvas({ assignments: [assignment(1, [{ id: 7 }])], work: { 7: [] } });

    expect(await readAll(`${canvas.url}/`)).toHaveLength(1);
  });
});

describe("reading many sections", () => {
  const many = (count: number) => ({
    assignments: Array.from({ length: count }, (_, i) => assignment(i, [{ id: i }], { course_id: i })),
    work: Object.fromEntries(Array.from({ length: count }, (_, i) => [i, [graded(i, 1, i)]])),
  });

  it("reads several at once, never more than the concurrency, and keeps their order", async () => {
    const waiting: (() => void)[] = [];
    const canvas = await startTinyCanvas(many(12), async ({ path, before }) => {
      if (!path.endsWith("/submissions")) return undefined;
      // The first answers only when others have: whoever waits for one after the other would wait forever.
      if (path.includes("/0/") && before === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else waiting.shift()?.();
      return undefined;
    });

    const sections = await readAll(canvas.url, { concurrency: 3 });

    expect(sections.map(({ section }) => Number(section.id))).toEqual(
      Array.from({ length: 12 }, (_, i) => i),
    );
    expect(canvas.mostInFlight()).toBeGreaterThan(1);
    expect(canvas.mostInFlight()).toBeLessThanOrEqual(3);
  });

  it("gives the first sections while later pages are not read yet", async () => {
    const canvas = await startTinyCanvas({ ...many(40), pageSize: 2 });
    const reading = open(canvas.url, { concurrency: 2 });

    await reading.next();
    await reading.return(undefined);

    expect(canvas.of("/assignments").length).toBeLessThanOrEqual(4);
  });

  it("stops asking when the receiver stops", async () => {
    const canvas = await startTinyCanvas(many(40));
    for await (const { section } of open(canvas.url, { concurrency: 2 })) {
      expect(section.id).toBe("0");
      break;
    }
    expect(canvas.asked.length).toBeLessThan(10);
  });

  it("ends with the reason of the signal", async () => {
    const stop = new AbortController();
    const canvas = await startTinyCanvas(many(5), ({ path }) => {
      if (path.includes("/3/")) stop.abort(new Error("Ctrl-C"));
      return path.includes("/3/") ? { silent: true } : undefined;
    });

    await expect(readAll(canvas.url, { signal: stop.signal })).rejects.toThrow("Ctrl-C");
  });
});
