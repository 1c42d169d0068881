import { describe, expect, it } from "vitest";
import { readAll } from "./reading.ts";
import { assignment, type Entry, graded, startTinyCanvas } from "./tiny-canvas.ts";

async function assignmentsOf(assignments: Entry[], work: Record<string, Entry[]> = { 7: [], 8: [] }) {
  const canvas = await startTinyCanvas({ assignments, work });
  return readAll(canvas.url);
}

describe("what holds in a section", () => {
  it("are the section's own dates, or else everybody's", async () => {
    const override = {
      id: 1,
      override_title: "Period 8",
      due_at: "2026-10-09T06:59:59Z",
      unlock_at: null,
      lock_at: null,
    };
    const sections = await assignmentsOf([
      assignment(1, [{ id: 7 }, { id: 8, override }], { unlock_at: "2026-09-01T07:00:00Z" }),
    ]);

    const dates = sections.map(({ assignments: [one] }) => [
      one?.assignment.due_at,
      one?.assignment.unlock_at,
    ]);
    expect(dates).toEqual([
      ["2026-10-02T06:59:59Z", "2026-09-01T07:00:00Z"],
      ["2026-10-09T06:59:59Z", undefined],
    ]);
  });

  it("is no due date when the section's own dates have none", async () => {
    const [section] = await assignmentsOf([assignment(1, [{ id: 7, override: { due_at: null } }])]);

    expect(section?.assignments[0]?.assignment).not.toHaveProperty("due_at");
  });

  it("is the instant in UTC, whatever zone Canvas writes", async () => {
    const [section] = await assignmentsOf([
      assignment(1, [{ id: 7 }], { due_at: "2026-10-01T23:59:59-07:00" }),
    ]);

    expect(section?.assignments[0]?.assignment.due_at).toBe("2026-10-02T06:59:59Z");
  });

  it("belongs to the course that the SIS put the section into, also when it is cross-listed", async () => {
    const sections = await assignmentsOf([assignment(1, [{ id: 7 }, { id: 8, origin: 44 }])]);

    expect(sections.map(({ course }) => course)).toEqual([
      { id: "10", sis_id: "course-10", name: "Course 10" },
      { id: "44", sis_id: "course-44", name: "Course 44" },
    ]);
    expect(sections[1]?.assignments[0]?.assignment.html_url).toMatch(/\/courses\/10\/assignments\/1$/);
  });

  it("is told of a section that the SIS does not know, without asking for its work", async () => {
    const canvas = await startTinyCanvas({
      assignments: [assignment(1, [{ id: 7, sis_id: null }])],
      work: {},
    });

    const [section] = await readAll(canvas.url);

    expect(section?.section).toEqual({ id: "7", sis_id: null, name: "Period 7" });
    expect(section?.assignments).toMatchObject([{ assignment: { id: "1" }, submissions: [] }]);
    expect(canvas.of("/submissions")).toEqual([]);
  });

  it.for([
    ["points_possible", "twenty"],
    ["name", "  "],
    ["due_at", "next week"],
    ["due_at", "2026-10-02T06:59:59"],
    ["assignment_group", "Homework"],
  ])("names the field that cannot be read, %s, and keeps the other assignments", async ([field, value]) => {
    const sections = await assignmentsOf([
      assignment(1, [{ id: 7 }], { [field!]: value }),
      assignment(2, [{ id: 7 }]),
    ]);

    const [broken, good] = sections[0]!.assignments;
    expect(broken?.assignment.problem).toContain(field);
    expect(good?.assignment).not.toHaveProperty("problem");
  });
});

describe("dates for single students", () => {
  const own = (more: Entry = {}) => ({
    id: 3,
    title: "1 student",
    due_at: "2026-10-20T06:59:59Z",
    students: [{ user_id: 2, sis_user_id: "student-2" }],
    ...more,
  });
  const work = { 7: [graded(1, 2, 15), graded(1, 4, 16)], 8: [] };

  it("are told for those students, and the others' grades are given", async () => {
    const [section] = await assignmentsOf([assignment(1, [{ id: 7 }], { user_overrides: [own()] })], work);

    const { assignment: one, submissions } = section!.assignments[0]!;
    expect(one).not.toHaveProperty("problem");
    expect(submissions[0]?.problem).toMatch(/due date of their own/);
    expect(submissions[1]).not.toHaveProperty("problem");
  });

  it("are no problem when they are the section's own date after all", async () => {
    const override = own({ due_at: "2026-10-01T23:59:59-07:00" });
    const [section] = await assignmentsOf([assignment(1, [{ id: 7 }], { user_overrides: [override] })], work);

    expect(section?.assignments[0]?.submissions[0]).not.toHaveProperty("problem");
  });

  it("are told for the assignment when Canvas does not say whose they are", async () => {
    const [section] = await assignmentsOf(
      [assignment(1, [{ id: 7 }], { user_overrides: [own({ students: [] })] })],
      work,
    );

    expect(section?.assignments[0]?.assignment.problem).toMatch(/does not say who/);
  });

  it("are not what keeps work out of sections in a course that has none left", async () => {
    const [section, ...more] = await assignmentsOf([assignment(1, []), assignment(2, [])]);

    expect(more).toEqual([]);
    expect(section).toMatchObject({ section: { sis_id: null }, course: { id: "10" } });
    for (const one of section!.assignments) expect(one.assignment).not.toHaveProperty("problem");
  });

  it("are told in the section of those students when the assignment is another section's", async () => {
    const given = [
      assignment(1, [{ id: 7 }], { user_overrides: [own()] }),
      assignment(2, [{ id: 7 }, { id: 8 }, { id: 9 }]),
    ];
    const sections = await assignmentsOf(given, {
      7: [graded(1, 5, 14), graded(1, 6, 13)],
      8: [graded(1, 2, 15)],
      // Also in section 7, and has it from there.
      9: [graded(1, 6, 13)],
    });

    const told = sections.map(({ assignments }) => assignments.map(({ assignment: { id } }) => id));
    expect(told).toEqual([["1", "2"], ["1", "2"], ["2"]]);
    expect(sections[0]?.assignments[0]?.assignment).not.toHaveProperty("problem");
    expect(sections[1]?.assignments[0]).toMatchObject({
      assignment: { problem: expect.stringMatching(/single students/) as string },
      submissions: [{ sis_user_id: "student-2", score: 15 }],
    });
  });

  it("are told also when the assignment is for nobody else, and so is in no section", async () => {
    const sections = await assignmentsOf([
      assignment(1, [], { user_overrides: [own()] }),
      assignment(2, [{ id: 7 }]),
    ]);

    expect(sections).toMatchObject([
      { section: { sis_id: "class-7" }, assignments: [{ assignment: { id: "2" } }] },
      {
        section: { sis_id: null },
        course: { sis_id: "course-10" },
        assignments: [
          { assignment: { id: "1", problem: expect.stringMatching(/single students/) as string } },
        ],
      },
    ]);
  });
});
