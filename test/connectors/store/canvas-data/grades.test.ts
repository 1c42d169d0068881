import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SectionGrades, Submission } from "../../../../connectors/canvas/records.ts";
import { readCanvasData } from "../../../../connectors/store/canvas-data/grades.ts";
import { openDatabase } from "../../../../connectors/store/database.ts";
import {
  assignment,
  assignmentsOf,
  course,
  enrollment,
  NOW,
  onlyAssignment,
  onlySubmission,
  override,
  pseudonym,
  read,
  readSchool,
  school,
  section,
  submission,
  untouched,
  writeSchool,
  type Row,
  type School,
} from "./extracts.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "canvas-data-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const readWith = (change: Partial<School>) => readSchool(folder, { ...school(), ...change });

/** Of many cases that one school can have at once, in an extract that was taken just now. */
async function readOnce(tables: School): Promise<SectionGrades[]> {
  const place = mkdtempSync(join(tmpdir(), "canvas-data-"));
  try {
    await writeSchool(place, tables, { format: "csv", gzip: false, ts: NOW });
    return await read(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

const DUE = "2026-11-10T07:59:59Z";
const LATER = "2026-11-20T07:59:59Z";

describe("an extract", () => {
  it("says of missing work what was so when it was taken, however late it is read", async () => {
    const tables = { ...school(), submissions: [untouched(1, { cached_due_date: DUE })] };
    for (const [ts, missing] of [
      [DUE, false],
      [LATER, true],
    ] as const) {
      const old = join(folder, ts);
      await writeSchool(old, tables, { format: "csv", gzip: false, ts });
      expect(onlySubmission(await read(old)).missing ?? false).toBe(missing);
    }
  });

  it("is refused where many are graded and not one score is there, as when the column was left out", async () => {
    const graded = (count: number) => ({
      assignments: Array.from({ length: count }, (_, at) => assignment(1000 + at)),
      submissions: Array.from({ length: count }, (_, at) =>
        submission(1 + at, { assignment_id: 1000 + at, score: null }),
      ),
    });
    await expect(readWith(graded(20))).rejects.toMatchObject({
      code: "source.canvas-data-column",
      message: expect.stringContaining("20 that are graded and not one score") as string,
    });
    await expect(readOnce({ ...school(), ...graded(3) })).resolves.toHaveLength(1);
  });
});

describe("assignments", () => {
  it("leaves out what Canvas would not give its SIS integration", async () => {
    const left = {
      "not published": { workflow_state: "unpublished" },
      deleted: { workflow_state: "deleted" },
      "of no known state": { workflow_state: "__dap_unspecified__" },
      "not set to sync to the SIS": { post_to_sis: false },
      "a part of a discussion with checkpoints": { parent_assignment_id: 999 },
      "such a part by its type": { type: "SubAssignment" },
      "not a course's": { context_type: "Account" },
      "of a course that is not there": { context_id: 77 },
    };
    const assignments = Object.entries(left).map(([title, change], at) =>
      assignment(at + 1, { title, ...change }),
    );
    const sections = await readWith({ assignments: [...assignments, assignment(1000)] });
    expect(onlyAssignment(sections).assignment.name).toBe("Work 1000");
  });

  it("has the whole of a discussion with checkpoints once", async () => {
    const parts = [assignment(1001, { parent_assignment_id: 1000, type: "SubAssignment" })];
    const sections = await readWith({
      assignments: [assignment(1000, { has_sub_assignments: true }), ...parts],
      submissions: [submission(1), submission(2, { assignment_id: 1001, score: 3 })],
    });
    expect(assignmentsOf(sections)).toEqual({ S10: ["1000"] });
    expect(onlySubmission(sections).score).toBe(8);
  });

  it("tells what Canvas says of it", async () => {
    const sections = await readWith({
      assignment_groups: [{ id: 500, name: "Tests", context_id: 1, group_weight: 40, sis_source_id: "G1" }],
      assignments: [
        assignment(1000, {
          title: "Unit 3",
          points_possible: 12.5,
          unlock_at: "2026-11-01T08:00:00.000Z",
          lock_at: "2026-11-12T08:00:00.000Z",
          submission_types: "online_quiz,on_paper",
          grading_type: "percent",
          omit_from_final_grade: true,
          sis_source_id: "A9",
          integration_id: "I9",
        }),
      ],
    });
    expect(onlyAssignment(sections).assignment).toEqual({
      kind: "assignment",
      id: "1000",
      name: "Unit 3",
      points_possible: 12.5,
      due_at: DUE,
      unlock_at: "2026-11-01T08:00:00Z",
      lock_at: "2026-11-12T08:00:00Z",
      assignment_group: { id: "500", name: "Tests", sis_source_id: "G1" },
      more: {
        submission_types: ["online_quiz", "on_paper"],
        grading_type: "percent",
        include_in_final_grade: false,
        sis_assignment_id: "A9",
        integration_id: "I9",
        created_at: "2026-11-01T00:00:00Z",
        course_id: "1",
      },
    });
  });

  it("leaves out what it has not: points, dates, group", async () => {
    const none = { points_possible: null, due_at: null, assignment_group_id: null };
    const { assignment: found } = onlyAssignment(await readWith({ assignments: [assignment(1000, none)] }));
    expect(Object.keys(found)).toEqual(["kind", "id", "name", "more"]);
  });

  it("tells what of it cannot be read", async () => {
    const odd = [
      { points_possible: "ten" },
      { points_possible: "Infinity" },
      { due_at: "next week" },
      { title: " \t" },
      { title: null },
    ];
    const sections = await readWith({ assignments: odd.map((change, at) => assignment(at + 1, change)) });
    expect(sections[0]!.assignments.map((one) => one.assignment.problem)).toEqual(
      odd.map(
        (change) =>
          `${Object.keys(change)[0]!} cannot be read from the Canvas Data extract. Take the extract anew.`,
      ),
    );
  });
});

describe("sections", () => {
  const two = (change: Partial<School> = {}): Partial<School> => ({
    course_sections: [section(10), section(11)],
    enrollments: [enrollment(1), enrollment(2, { user_id: 101, course_section_id: 11 })],
    pseudonyms: [pseudonym(1), pseudonym(2, { user_id: 101, sis_user_id: "s101" })],
    submissions: [submission(1), submission(2, { user_id: 101, score: 5 })],
    ...change,
  });
  const dueIn = async (change: Partial<School>): Promise<Record<string, string | undefined>> =>
    Object.fromEntries(
      (await readWith(two(change))).map((one) => [
        String(one.section.sis_id),
        one.assignments[0]!.assignment.due_at,
      ]),
    );

  it("gives each section the assignment with its own students", async () => {
    const sections = await readWith(two());
    expect(
      sections.map((one) => [
        one.section.sis_id,
        one.assignments[0]!.submissions.map((each) => each.sis_user_id),
      ]),
    ).toEqual([
      ["S10", ["s1"]],
      ["S11", ["s101"]],
    ]);
  });

  it("gives a section the dates of its override, and the others everybody's", async () => {
    const overrides = [override(1, { set_id: 11, due_at: LATER, due_at_overridden: true })];
    expect(await dueIn({ assignment_overrides: overrides })).toEqual({ S10: DUE, S11: LATER });
  });

  it("lets an override take a date away, and leave one as it is", async () => {
    const overrides = [
      override(1, { set_id: 10, due_at: null, due_at_overridden: true }),
      override(2, { set_id: 11, due_at: LATER, due_at_overridden: false }),
    ];
    expect(await dueIn({ assignment_overrides: overrides })).toEqual({ S10: undefined, S11: DUE });
  });

  it("takes an override's date for one where the extract does not tell", async () => {
    const { due_at_overridden: _, ...old } = override(1, { set_id: 11, due_at: LATER });
    expect(await dueIn({ assignment_overrides: [{ ...old, id: 1 }] })).toEqual({ S10: DUE, S11: LATER });
  });

  it("passes over overrides that were deleted", async () => {
    const overrides = [override(1, { due_at: LATER, due_at_overridden: true, workflow_state: "deleted" })];
    expect(await dueIn({ assignment_overrides: overrides })).toEqual({ S10: DUE, S11: DUE });
  });

  it("gives everybody the dates of an override for the course, a section's own first", async () => {
    const overrides = [
      override(1, { set_type: "Course", set_id: 1, due_at: LATER, due_at_overridden: true }),
      override(2, { set_id: 11, due_at: "2026-12-01T00:00:00Z", due_at_overridden: true }),
    ];
    expect(await dueIn({ assignment_overrides: overrides })).toEqual({
      S10: LATER,
      S11: "2026-12-01T00:00:00Z",
    });
  });

  it("has an assignment for some sections in those only", async () => {
    const only = { assignments: [assignment(1000, { only_visible_to_overrides: true })] };
    const sections = await readWith(two({ ...only, assignment_overrides: [override(1, { set_id: 11 })] }));
    expect(assignmentsOf(sections)).toEqual({ S11: ["1000"] });
  });

  it("has it in all of them again when the course is among those", async () => {
    const only = { assignments: [assignment(1000, { only_visible_to_overrides: true })] };
    const overrides = [override(1, { set_type: "Course", set_id: 1 })];
    expect(await dueIn({ ...only, assignment_overrides: overrides })).toEqual({ S10: DUE, S11: DUE });
  });

  it("leaves out a section that it was taken from", async () => {
    const overrides = [override(1, { set_id: 10, unassign_item: true })];
    expect(assignmentsOf(await readWith(two({ assignment_overrides: overrides })))).toEqual({
      S11: ["1000"],
    });
  });

  it("tells that a section's date cannot be read", async () => {
    const overrides = [override(1, { set_id: 11, due_at: "soon", due_at_overridden: true })];
    const sections = await readWith(two({ assignment_overrides: overrides }));
    expect(sections.map((one) => one.assignments[0]!.assignment.problem)).toEqual([
      undefined,
      "due_at cannot be read from the Canvas Data extract. Take the extract anew.",
    ]);
  });

  it("names a cross-listed section's own course, and has the work of the one where it is taught", async () => {
    const sections = await readWith({
      courses: [course(1), course(2)],
      course_sections: [section(10, { course_id: 1, nonxlist_course_id: 2 })],
    });
    expect(sections.map((one) => one.course)).toEqual([{ id: "1", sis_id: "C2", name: "Course 2" }]);
    expect(onlySubmission(sections).score).toBe(8);
  });

  it("shows a section that was made in Canvas, without its students", async () => {
    const [only] = await readWith({ course_sections: [section(10, { sis_source_id: null })] });
    expect(only).toMatchObject({ section: { id: "10", sis_id: null }, assignments: [{ submissions: [] }] });
  });

  it.each([
    ["a deleted section", { course_sections: [section(10, { workflow_state: "deleted" })] }],
    ["a deleted course", { courses: [course(1, { workflow_state: "deleted" })] }],
    ["an unpublished course", { courses: [course(1, { workflow_state: "claimed" })] }],
  ])("leaves out %s", async (_, change) => {
    expect(await readWith(change)).toEqual([]);
  });

  it("keeps a concluded course", async () => {
    expect(await readWith({ courses: [course(1, { workflow_state: "completed" })] })).toHaveLength(1);
  });

  it("come by course and section, with assignments and students, all in the order of numbers", async () => {
    const ids = [9, 10, 100];
    const sections = await readWith({
      courses: ids.map((id) => course(id)),
      course_sections: ids.flatMap((id) => [
        section(id + 1000, { course_id: id }),
        section(200 - id, { course_id: id }),
      ]),
      enrollments: ids.map((id) => enrollment(id, { user_id: id, course_section_id: 191 })),
      pseudonyms: ids.map((id) => pseudonym(id, { user_id: id })),
      assignments: ids.flatMap((id) => ids.map((part) => assignment(id * 1000 + part, { context_id: id }))),
      submissions: ids.map((id) => submission(id, { assignment_id: 9009, user_id: id })),
    });
    expect(sections.map((one) => `${one.course.id}/${one.section.id}`)).toEqual([
      "9/191",
      "9/1009",
      "10/190",
      "10/1010",
      "100/100",
      "100/1100",
    ]);
    expect(sections[0]!.assignments.map((one) => one.assignment.id)).toEqual(["9009", "9010", "9100"]);
    expect(sections[0]!.assignments[0]!.submissions.map((one) => one.user_id)).toEqual(["9", "10", "100"]);
  });

  it("reads as many sections as there are, each once", async () => {
    const ids = Array.from({ length: 150 }, (_, at) => at + 1);
    const students = Array.from({ length: 200 }, (_, at) => at + 1);
    const sections = await readWith({
      course_sections: ids.map((id) => section(id)),
      enrollments: ids.flatMap((id) =>
        students.map((user_id) => enrollment(id * 1000 + user_id, { user_id, course_section_id: id })),
      ),
      pseudonyms: students.map((id) => pseudonym(id, { user_id: id })),
      submissions: students.map((id) => submission(id, { user_id: id, score: id / 8 })),
    });
    expect(sections.map((one) => Number(one.section.id))).toEqual(ids);
    for (const one of sections) {
      expect(one.assignments[0]!.submissions.map((each) => each.score)).toEqual(students.map((id) => id / 8));
    }
  });
});

describe("students", () => {
  const idsWith = async (change: Partial<School>) =>
    (await readWith(change)).map((one) => one.assignments[0]!.submissions.map((each) => each.sis_user_id));

  it("has the work of those whose enrollment is active or concluded, and of nobody else", async () => {
    const changes = [
      { workflow_state: "active" },
      { workflow_state: "completed" },
      { workflow_state: "deleted" },
      { workflow_state: "inactive" },
      { workflow_state: "invited" },
      { type: "StudentViewEnrollment" },
      { type: "TeacherEnrollment" },
      { course_section_id: 99 },
    ];
    const users = changes.map((change, at) => ({ id: at + 1, change }));
    expect(
      await idsWith({
        enrollments: users.map(({ id, change }) => enrollment(id, { user_id: id, ...change })),
        pseudonyms: users.map(({ id }) => pseudonym(id, { user_id: id })),
        submissions: users.map(({ id }) => submission(id, { user_id: id })),
      }),
    ).toEqual([["s1", "s2"]]);
  });

  it("gives the score in each section that a student is in", async () => {
    expect(
      await idsWith({
        course_sections: [section(10), section(11)],
        enrollments: [enrollment(1), enrollment(2, { course_section_id: 11 })],
      }),
    ).toEqual([["s100"], ["s100"]]);
  });

  it("gives it once to who is in a section twice", async () => {
    const again = [
      enrollment(1),
      enrollment(2, { role_id: 5 }),
      enrollment(3, { workflow_state: "completed" }),
    ];
    expect(await idsWith({ enrollments: again })).toEqual([["s100"]]);
  });

  it("knows who is in a section twice by the SIS id of either", async () => {
    const twice = {
      enrollments: [enrollment(1), enrollment(2, { sis_pseudonym_id: 2 })],
      pseudonyms: [pseudonym(1), pseudonym(2)],
    };
    expect(await idsWith(twice)).toEqual([["s2"]]);
  });

  it("has nothing of a course where the student is in no section", async () => {
    const elsewhere = {
      courses: [course(1), course(2)],
      course_sections: [section(10), section(20, { course_id: 2 })],
    };
    expect(await idsWith({ ...elsewhere, enrollments: [enrollment(1, { course_section_id: 20 })] })).toEqual([
      [],
    ]);
  });

  it("leaves out work that Canvas has withdrawn", async () => {
    expect(await idsWith({ submissions: [submission(1, { workflow_state: "deleted" })] })).toEqual([[]]);
  });

  describe("are known by their SIS id", () => {
    const login = (sis_user_id: string | null, change: object = {}) => ({ sis_user_id, ...change });
    const cases: [string, object[], string | null, number?][] = [
      ["the only one", [login("a")], "a"],
      ["the oldest of several", [login("b"), login("a")], "b"],
      ["the oldest that is not suspended", [login("a", { workflow_state: "suspended" }), login("b")], "b"],
      ["a suspended one rather than none", [login("a", { workflow_state: "suspended" })], "a"],
      ["none that is deleted", [login("a", { workflow_state: "deleted" }), login("b")], "b"],
      ["the first that is not blank", [login(null), login(" \t"), login("c")], "c"],
      ["without white space around it, with its zeros", [login(" 0042\t")], "0042"],
      ["not that of another user", [login("a", { user_id: 99 })], null],
      ["the one that the SIS import enrolled them with", [login("a"), login("b"), login("c")], "b", 1],
      ["not that one when it is deleted", [login("a"), login("b", { workflow_state: "deleted" })], "a", 1],
      ["not that one when it is blank", [login("a"), login(null)], "a", 1],
      ["not that one when it is another user's", [login("a"), login("b", { user_id: 99 })], "a", 1],
    ];
    let found: Submission[];
    beforeAll(async () => {
      const users = cases.map(([, logins, , named], at) => ({ id: at + 1, logins, named }));
      const idOf = (user: number, at: number) => user * 100 + at * 9;
      const [only] = await readOnce({
        ...school(),
        enrollments: users.map(({ id, named }) =>
          enrollment(id, { user_id: id, sis_pseudonym_id: named === undefined ? null : idOf(id, named) }),
        ),
        // Written in another order than that of their ids, which tell which is the oldest.
        pseudonyms: users
          .flatMap(({ id, logins }) =>
            logins.map((change, at) => pseudonym(idOf(id, at), { user_id: id, ...change })),
          )
          .reverse(),
        submissions: users.map(({ id }) => submission(id, { user_id: id })),
      });
      found = only!.assignments[0]!.submissions;
    });
    it.each(cases)("%s", (name, _, expected) => {
      const at = cases.findIndex(([other]) => other === name);
      expect([found[at]!.sis_user_id, found[at]!.user_id]).toEqual([expected, String(at + 1)]);
    });
  });
});

describe("a student's work", () => {
  const one = async (work: Row) => onlySubmission(await readWith({ submissions: [work] }));

  it("is after the late deduction, and tells the score before", async () => {
    const found = await one(submission(1, { score: 7.25, points_deducted: 1.5 }));
    expect(found).toMatchObject({ score: 7.25, more: { entered_score: 8.75, points_deducted: 1.5 } });
  });

  it("is not graded yet when it was handed in again", async () => {
    expect(await one(submission(1, { workflow_state: "submitted" }))).toMatchObject({
      score: 8,
      graded: false,
    });
  });

  it("is not graded without a score", async () => {
    expect((await one(submission(1, { score: null }))).graded).toBe(false);
  });

  it("counts as graded when it is excused", async () => {
    const found = await one(untouched(1, { excused: true }));
    expect(found).toMatchObject({ excused: true, graded: true });
    expect(found).not.toHaveProperty("score");
  });

  it("tells a grade that students do not see yet", async () => {
    expect((await one(submission(1, { posted_at: null }))).posted).toBe(false);
    expect((await one(submission(1))).posted).toBe(true);
  });

  it("has a problem when its score is no number", async () => {
    const scores = ["ten", "NaN", "Infinity", "1,5"];
    const [only] = await readWith({
      assignments: scores.map((_, at) => assignment(at + 1)),
      submissions: scores.map((score, at) => submission(at + 1, { assignment_id: at + 1, score })),
    });
    const works = only!.assignments.map((each) => each.submissions[0]!);
    for (const work of works) expect(work).not.toHaveProperty("score");
    expect(works.map((work) => work.problem)).toEqual(
      scores.map(() => "score cannot be read from the Canvas Data extract. Take the extract anew."),
    );
  });

  it("has a problem when nobody can read whether it is excused", async () => {
    expect((await one(submission(1, { excused: "maybe" }))).problem).toMatch(/^excused cannot be read/);
  });
});

describe("what Canvas computes whenever it is asked", () => {
  const past = "2026-11-22T01:59:59Z";
  const missing: [string, boolean, object, string[]?][] = [
    ["past due and nothing handed in", true, {}],
    ["due this very second", false, { cached_due_date: NOW }],
    ["due a second ago", true, { cached_due_date: past }],
    ["not due yet", false, { cached_due_date: "2026-11-22T02:00:01Z" }],
    ["without a due date", false, { cached_due_date: null }],
    ["handed in late", false, { submitted_at: "2026-11-15T00:00:00Z" }],
    ["excused", false, { excused: true }],
    ["excused, whatever its status", false, { excused: true, late_policy_status: "missing" }],
    [
      "of a status of the institution's own",
      false,
      { custom_grade_status_id: 3, late_policy_status: "missing" },
    ],
    ["graded by somebody", false, { grader_id: 7 }],
    ["graded by somebody as missing", true, { grader_id: 7, late_policy_status: "missing" }],
    ["set to missing before it is due", true, { cached_due_date: null, late_policy_status: "missing" }],
    ["set to none", false, { late_policy_status: "none" }],
    ["set to late", false, { late_policy_status: "late" }],
    ["extended", false, { late_policy_status: "extended" }],
    ["on paper", false, {}, ["on_paper"]],
    ["without anything to hand in", false, {}, ["none"]],
    ["in an external tool", false, {}, ["external_tool"]],
    ["a New Quiz", true, { cached_quiz_lti: true }, ["external_tool"]],
    [
      "a quiz within its minute of grace",
      false,
      { cached_due_date: past, submission_type: "online_quiz" },
      ["online_quiz"],
    ],
  ];
  const late: [string, boolean, object][] = [
    ["handed in at the due date", false, { submitted_at: DUE }],
    ["handed in within that second", false, { submitted_at: "2026-11-10T07:59:59.900Z" }],
    ["handed in a second after it", true, { submitted_at: "2026-11-10T08:00:00Z" }],
    ["without a due date", false, { submitted_at: LATER, cached_due_date: null }],
    ["late and excused", false, { submitted_at: LATER, excused: true }],
    ["late, of a status of the institution's own", false, { submitted_at: LATER, custom_grade_status_id: 3 }],
    ["late, and set to none", false, { submitted_at: LATER, late_policy_status: "none" }],
    ["in time, and set to late", true, { submitted_at: DUE, late_policy_status: "late" }],
    ["set to missing", false, { submitted_at: LATER, late_policy_status: "missing" }],
    [
      "a quiz a minute after",
      false,
      { submitted_at: "2026-11-10T08:00:59Z", submission_type: "online_quiz" },
    ],
    [
      "a quiz more than a minute after",
      true,
      { submitted_at: "2026-11-10T08:01:00Z", submission_type: "online_quiz" },
    ],
    ["not handed in", false, { submitted_at: null }],
  ];
  const cases = [
    ...missing.map(([name, , change, types]) => ({
      name: `missing ${name}`,
      types,
      work: untouched(1, change),
    })),
    ...late.map(([name, , change]) => ({
      name: `late ${name}`,
      types: undefined,
      work: submission(1, change),
    })),
  ];
  const found = new Map<string, Submission>();
  beforeAll(async () => {
    const [only] = await readOnce({
      ...school(),
      assignments: cases.map(({ name, types }, at) =>
        assignment(at + 1, { title: name, ...(types && { submission_types: types }) }),
      ),
      submissions: cases.map(({ work }, at) => ({ ...work, id: at + 1, assignment_id: at + 1 })),
    });
    for (const one of only!.assignments) found.set(one.assignment.name, one.submissions[0]!);
  });

  it.each(missing)("is missing when %s: %s", (name, expected) => {
    expect(found.get(`missing ${name}`)!.missing ?? false).toBe(expected);
  });

  it.each(late)("is late when %s: %s", (name, expected) => {
    expect(found.get(`late ${name}`)!.late ?? false).toBe(expected);
  });
});

describe("students with dates of their own", () => {
  const adhoc = (change: object = {}) =>
    override(1, { set_type: "ADHOC", set_id: null, due_at: LATER, due_at_overridden: true, ...change });
  const three: Partial<School> = {
    course_sections: [section(10), section(11)],
    enrollments: [
      enrollment(1),
      enrollment(2, { user_id: 101 }),
      enrollment(3, { user_id: 102, course_section_id: 11 }),
    ],
    pseudonyms: [100, 101, 102].map((user_id) => pseudonym(user_id, { user_id })),
    submissions: [
      submission(1),
      submission(2, { user_id: 101, cached_due_date: LATER }),
      submission(3, { user_id: 102 }),
    ],
  };
  const APART = /^This student has a due date of their own/;
  const problems = async (change: Partial<School>) =>
    (await readWith({ ...three, ...change })).map((one) =>
      one.assignments[0]!.submissions.map((each) => each.problem?.slice(0, 40)),
    );

  it.each(["ADHOC", "Group"])("are told, and the others go: %s", async (set_type) => {
    const [first, second] = await problems({ assignment_overrides: [adhoc({ set_type })] });
    expect(first).toEqual([undefined, expect.stringMatching(APART)]);
    expect(second).toEqual([undefined]);
  });

  it("are not told where nothing is passed back", async () => {
    const nothing = {
      assignment_overrides: [adhoc()],
      submissions: [untouched(2, { user_id: 101, cached_due_date: LATER })],
    };
    expect(await problems(nothing)).toEqual([[undefined], []]);
  });

  it("are no others when the date is the section's", async () => {
    expect(await problems({ assignment_overrides: [adhoc()], submissions: [submission(1)] })).toEqual([
      [undefined],
      [],
    ]);
  });

  it("are no others when it is the date of another section that they are in", async () => {
    const both = [enrollment(1, { user_id: 101 }), enrollment(2, { user_id: 101, course_section_id: 11 })];
    const overrides = [adhoc(), override(2, { set_id: 11, due_at: LATER, due_at_overridden: true })];
    const change = { enrollments: both, assignment_overrides: overrides };
    expect(await problems(change)).toEqual([[undefined], [undefined]]);
  });

  it.each([{ workflow_state: "deleted" }, { unassign_item: true }])(
    "are nobody when that is %o",
    async (change) => {
      expect(await problems({ assignment_overrides: [adhoc(change)] })).toEqual([
        [undefined, undefined],
        [undefined],
      ]);
    },
  );

  it("make an assignment for them alone a problem, in their section", async () => {
    const sections = await readWith({
      ...three,
      assignments: [assignment(1000, { only_visible_to_overrides: true })],
      assignment_overrides: [adhoc()],
      submissions: [submission(2, { user_id: 101, cached_due_date: LATER })],
    });
    expect(sections.map((one) => one.section.sis_id)).toEqual(["S10"]);
    expect(onlyAssignment(sections).assignment.problem).toMatch(
      /^It is assigned to single students or groups/,
    );
  });
});

describe("what is asked for", () => {
  it("is some courses only, by the SIS ids that the sections come with", async () => {
    await writeSchool(folder, {
      ...school(),
      courses: [course(1), course(2)],
      course_sections: [
        section(10),
        section(20, { course_id: 2 }),
        section(21, { course_id: 2, nonxlist_course_id: 1 }),
      ],
      assignments: [assignment(1), assignment(2, { context_id: 2 })],
    });
    const found = async (...courses: string[]) =>
      assignmentsOf(await read(folder, { courses: new Set(courses) }));
    expect(await found("C1")).toEqual({ S10: ["1"], S21: ["2"] });
    expect(await found("C2")).toEqual({ S20: ["2"] });
    expect(await found()).toEqual({});
  });

  it("is given up when the run is", async () => {
    await writeSchool(folder, school());
    await expect(read(folder, { signal: AbortSignal.abort(new Error("stopped")) })).rejects.toThrow(
      "stopped",
    );
  });

  it("leaves nothing in the database, read to its end or not", async () => {
    await writeSchool(folder, { ...school(), course_sections: [section(10), section(11)] });
    const database = await openDatabase({ spill: join(folder, ".spill"), memoryLimitMb: 128, threads: 1 });
    try {
      for await (const one of readCanvasData(database, folder, { now: NOW })) {
        expect(one.section.sis_id).toBe("S10");
        break;
      }
      const left = "SELECT count(*) FROM duckdb_schemas() WHERE schema_name = 'canvas_data'";
      expect(await database.count(left)).toBe(0);
      let sections = 0;
      for await (const _ of readCanvasData(database, folder, { now: NOW })) sections += 1;
      expect(sections).toBe(2);
    } finally {
      database.close();
    }
  });
});
