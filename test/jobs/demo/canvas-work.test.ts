import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeCoursework } from "../../../jobs/demo/canvas/coursework.ts";
import { letterOf, gradeText } from "../../../jobs/demo/canvas/work/grade-text.ts";
import { totalsOf } from "../../../jobs/demo/canvas/work/totals.ts";
import { writeRoster } from "./canvas-kit.ts";

type Made = ReturnType<typeof makeCoursework>;

function withWork(
  options: Partial<Parameters<typeof makeCoursework>[0]>,
  look: (work: Made["coursework"], state: Made["state"]) => void,
): void {
  const roster = options.roster ?? writeRoster();
  try {
    const made = makeCoursework({ seed: 1, assignmentsPerCourse: 4, oddities: false, ...options, roster });
    look(made.coursework, made.state);
  } finally {
    rmSync(roster, { recursive: true, force: true });
  }
}

function everything({ school, submissions, assignments }: Made["state"]) {
  return {
    users: [...school.users.all()],
    assignments: [...assignments.values()],
    submissions: [...submissions.values()].map((each) => [...each.values()]),
  };
}

/** A roster with `count` courses of one section and three students each. */
function manyCourses(count: number): string {
  const ids = Array.from({ length: count }, (_, n) => `C${String(n).padStart(3, "0")}`);
  const lines = (header: string, line: (id: string) => string) => `${header}\n${ids.map(line).join("")}`;
  return writeRoster({
    courses: lines(
      "course_id,short_name,long_name,account_id,term_id,status",
      (id) => `${id},${id},Course ${id},North,S1,active\n`,
    ),
    sections: lines(
      "section_id,course_id,name,status,start_date,end_date",
      (id) => `${id}-1,${id},Section ${id},active,,\n`,
    ),
    enrollments: lines("course_id,section_id,user_id,role,status,start_date,end_date", (id) =>
      ["0042", "s2", "s3"].map((user) => `${id},${id}-1,${user},student,active,,\n`).join(""),
    ),
  });
}

describe("a semester of work", () => {
  it("is the same for the same seed and roster, and another for another seed", () => {
    const seen: unknown[] = [];
    for (const seed of [1, 1, 2]) withWork({ seed }, (_, state) => seen.push(everything(state)));
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).not.toEqual(seen[0]);
  });

  it("is due within the course's term, and graded where it lies behind", () => {
    withWork({ assignmentsPerCourse: 9, now: "2026-10-15T12:00:00Z" }, (work) => {
      for (const [course, start, end] of [
        ["ALG", "2026-08-17", "2026-12-19"],
        ["BIO", "2026-08-17", "2026-10-10"],
      ] as const) {
        const assignments = work.assignments(course);
        expect(assignments).toHaveLength(9);
        for (const { due_at, unlock_at, id } of assignments) {
          expect(due_at! > start && due_at! < end).toBe(true);
          expect(unlock_at === null || unlock_at >= start).toBe(true);
          const score = work.submission(id, "0042")?.score ?? null;
          if (due_at! > work.now) expect(score).toBeNull();
        }
      }
      expect(work.assignments("ALG").some(({ due_at }) => due_at! > work.now)).toBe(true);
    });
  });

  it("takes a section's own dates before the term's, and some autumn where nobody says when", () => {
    const columns = "section_id,course_id,name,status,start_date,end_date\n";
    const roster = writeRoster({
      terms: "term_id,name,status,start_date,end_date\nS1,Any,active,,\nQ1,Q,active,,\n",
      sections:
        `${columns}ALG-1,ALG,A1,active,2027-02-01T00:00:00Z,2027-03-01T00:00:00Z\n` +
        "ALG-2,ALG,A2,active,,\nBIO-1,BIO,B1,active,,\nCHE-1,CHE,C1,active,,\n",
    });
    withWork({ roster }, (work) => {
      expect(work.assignments("ALG").every(({ due_at }) => due_at!.startsWith("2027-02"))).toBe(true);
      expect(work.assignments("BIO").every(({ due_at }) => due_at!.startsWith("2026-"))).toBe(true);
      expect(work.now).toBe("2026-11-20T18:00:00Z");
    });
  });

  it("has, in a district, everything that a SIS may stumble over", () => {
    withWork({ roster: manyCourses(48), oddities: true }, (work, state) => {
      const assignments = [...state.assignments.values()];
      const some = (test: (each: (typeof assignments)[number]) => boolean) => assignments.some(test);
      expect(some((each) => each.points_possible === 0)).toBe(true);
      expect(some((each) => each.points_possible === null)).toBe(true);
      expect(some((each) => each.due_at === null)).toBe(true);
      expect(some((each) => each.name.length > 100)).toBe(true);
      expect(some((each) => !each.post_to_sis)).toBe(true);
      expect(some((each) => each.workflow_state === "unpublished")).toBe(true);
      expect(some((each) => each.only_visible_to_overrides)).toBe(true);
      expect(some((each) => each.overrides.some(({ set_type }) => set_type === "ADHOC"))).toBe(true);
      expect(some((each) => each.post_manually && each.anonymous_grading)).toBe(true);
      expect(some((each) => each.grading_type === "pass_fail")).toBe(true);
      expect(some((each) => each.grading_type === "letter_grade")).toBe(true);
      expect(some((each) => each.omit_from_final_grade)).toBe(true);
      const titles = assignments.map(({ course_id, name, due_at }) =>
        JSON.stringify([course_id, name, due_at]),
      );
      expect(new Set(titles).size).toBeLessThan(titles.length);
      expect(some((each) => each.name.startsWith("="))).toBe(false);
      expect([...state.groups.values()].map(({ name }) => name)).toContain("Participation");
      const { users, sections, courses } = work.school;
      expect([...users.all()].some(({ sis_id }) => sis_id === null)).toBe(true);
      expect([...users.all()].some(({ sis_id }) => sis_id?.startsWith("gone-"))).toBe(true);
      expect([...sections.all()].some((each) => each.nonxlist_course_id !== null)).toBe(true);
      expect([...sections.all()].some(({ sis_id }) => sis_id === null)).toBe(true);
      expect([...courses.all()].some((each) => each.workflow_state === "claimed")).toBe(true);
      expect([...courses.all()].some((each) => !each.sis_grade_export)).toBe(true);
      const types = [...work.school.enrollments()].map(({ type }) => type);
      expect(types).toContain("StudentViewEnrollment");
      const submissions = [...state.submissions.values()].flatMap((each) => [...each.values()]);
      expect(submissions.some((each) => each.excused)).toBe(true);
      expect(submissions.some((each) => each.late_policy_status === "missing")).toBe(true);
      expect(submissions.some((each) => each.score !== null && each.posted_at === null)).toBe(true);
      expect(submissions.some((each) => each.workflow_state === "submitted")).toBe(true);
      expect(submissions.some((each) => !Number.isInteger(each.score ?? 0))).toBe(true);
    });
    withWork({ roster: manyCourses(48), assignmentsPerCourse: 20, oddities: true }, (_, state) => {
      const scores = [...state.submissions].flatMap(([id, each]) =>
        [...each.values()].map(({ score }) => [score ?? 0, state.assignments.get(id)?.points_possible ?? 0]),
      );
      expect(scores.some(([score = 0]) => score < 0)).toBe(true);
      expect(scores.some(([score = 0, points = 0]) => points > 0 && score > points)).toBe(true);
    });
  });

  it("has nothing odd where nothing odd is wanted", () => {
    withWork({ roster: manyCourses(48) }, (work, state) => {
      for (const each of state.assignments.values()) {
        expect(each).toMatchObject({ workflow_state: "published", post_to_sis: true, overrides: [] });
        expect(each.points_possible).toBeGreaterThan(0);
      }
      expect([...work.school.users.all()]).toHaveLength(5);
    });
  });
});

describe("what an instructor changes", () => {
  it("creates, renames, regroups, re-dates, re-values and deletes assignments, a second later each", () => {
    withWork({ assignmentsPerCourse: 0 }, (work, state) => {
      const before = work.now;
      const quiz = work.createAssignment("ALG", { name: "Quiz", group: "Quizzes", points_possible: 5 });
      expect(work.groups("ALG").map(({ name }) => name)).toEqual(["Homework", "Quizzes", "Tests"]);
      work.rename(quiz, "Big quiz");
      work.regroup(String(quiz.id), "Labs");
      work.renameGroup("ALG", "Labs", "Lab work");
      work.redate(quiz.id, { due_at: "2026-11-01T00:00:00Z" });
      work.setPoints(quiz, 8);
      expect(work.assignments("ALG")).toEqual([quiz]);
      expect(quiz).toMatchObject({ name: "Big quiz", points_possible: 8, due_at: "2026-11-01T00:00:00Z" });
      expect(state.groups.get(quiz.assignment_group_id)?.name).toBe("Lab work");
      expect(Date.parse(work.now) - Date.parse(before)).toBe(7000);
      work.deleteAssignment(quiz);
      expect(work.assignments("ALG")).toEqual([]);
      work.restoreAssignment(quiz);
      expect(work.assignments("ALG")).toEqual([quiz]);
    });
  });

  it("gives a student his own dates before a section's, and the latest of two sections'", () => {
    withWork({ assignmentsPerCourse: 1 }, (work) => {
      const [assignment] = work.assignments("ALG");
      const due = (student: string) => work.dates(assignment!, student).due_at;
      work.redate(assignment!, { due_at: "2026-10-01T00:00:00Z" }, { section: "ALG-1" });
      work.redate(assignment!, { due_at: "2026-10-03T00:00:00Z" }, { section: "ALG-2" });
      work.redate(assignment!, { due_at: "2026-10-05T00:00:00Z" }, { students: ["s3"] });
      expect(["0042", "s2", "s3"].map(due)).toEqual([
        "2026-10-01T00:00:00Z",
        "2026-10-03T00:00:00Z",
        "2026-10-05T00:00:00Z",
      ]);
      work.redate(assignment!, { due_at: null }, { section: "ALG-1" });
      expect(due("s2")).toBeNull();
      work.removeOverrides(assignment!);
      expect(due("0042")).toBe(assignment!.due_at);
    });
  });

  it("keeps a student's work through a move between sections, and puts it away with one who is dropped", () => {
    withWork({ assignmentsPerCourse: 1 }, (work, state) => {
      const [algebra] = work.assignments("ALG");
      work.grade(algebra!, "0042", 3);
      work.moveStudent("0042", "ALG-1", "ALG-2");
      expect(work.submission(algebra!, "0042")?.score).toBe(3);
      expect(work.students("ALG-2").map(({ sis_id }) => sis_id)).toEqual(["s2", "s3", "0042"]);
      work.drop("0042", "ALG-2");
      expect(work.submission(algebra!, "0042")).toBeUndefined();
      expect(() => work.grade(algebra!, "0042", 4)).toThrow("not assigned to user 0042");
      work.enrollStudent("0042", "ALG-1");
      expect(work.submission(algebra!, "0042")).toMatchObject({ score: 3, workflow_state: "graded" });
      work.conclude("0042", "ALG-1");
      expect(work.submission(algebra!, "0042")?.score).toBe(3);
      expect(() => {
        work.drop("0042", "ALG-1");
      }).toThrow("user 0042 is not in section ALG-1");
      work.edit(algebra!, { only_visible_to_overrides: true });
      expect(state.submissions.get(algebra!.id)?.size).toBe(3);
      expect(work.submission(algebra!, "s2")).toBeUndefined();
    });
  });

  it("teaches a section in another course and back, its work following the course", () => {
    withWork({ assignmentsPerCourse: 1 }, (work) => {
      const [algebra] = work.assignments("ALG");
      const [biology] = work.assignments("BIO");
      work.crossList("BIO-1", "ALG");
      expect(work.submission(algebra!, "s4")).toBeDefined();
      expect(work.submission(biology!, "s4")).toBeUndefined();
      expect(work.undoCrossList("BIO-1").nonxlist_course_id).toBeNull();
      expect(work.submission(biology!, "s4")).toBeDefined();
    });
  });

  it("finds things by both ids, and says what there is not", () => {
    withWork({ assignmentsPerCourse: 1 }, (work) => {
      const zora = work.school.users.get("0042");
      expect(work.school.users.get(zora.id)).toBe(zora);
      work.setSisId(zora.id, null);
      expect(work.school.users.find("0042")).toBeUndefined();
      expect(() => work.school.users.get("0042")).toThrow("no user 0042");
      expect(() => work.rename(1, "x")).toThrow("no assignment 1");
      expect(() => work.renameGroup("ALG", "None", "x")).toThrow("no assignment group None");
    });
  });

  it("hides and posts grades, and keeps new ones hidden where they are posted by hand", () => {
    withWork({ assignmentsPerCourse: 0 }, (work) => {
      const essay = work.createAssignment("ALG", { name: "Essay", post_manually: true });
      work.grade(essay, "0042", 1);
      expect(work.submission(essay, "0042")?.posted_at).toBeNull();
      work.post(essay);
      expect(work.submission(essay, "0042")?.posted_at).not.toBeNull();
      expect(work.submission(essay, "s2")?.posted_at).toBeNull();
      work.unpost(essay, ["0042"]);
      expect(work.submission(essay, "0042")?.posted_at).toBeNull();
    });
  });
});

describe("a later roster", () => {
  it("changes people and places as an import does, and leaves the work alone", () => {
    withWork({ assignmentsPerCourse: 1 }, (work) => {
      const [algebra] = work.assignments("ALG");
      work.grade(algebra!, "0042", 2);
      work.crossList("CHE-1", "BIO");
      const later = writeRoster({
        users:
          "user_id,login_id,first_name,last_name,email,status\n0042,zora2,Zora,Novak,,suspended\nnew,n,N,N,,active\n",
        courses:
          "course_id,short_name,long_name,account_id,term_id,status\nBIO,BIO1,Biology II,South,S1,completed\n" +
          "ALG,ALG1,Algebra,North,S1,active\nCHE,CHE1,Chemistry,South,S1,active\n",
        sections:
          "section_id,course_id,name,status,start_date,end_date\nALG-2,BIO,Moved,active,,\nCHE-1,CHE,C,active,,\nALG-1,ALG,A,active,,\n",
        enrollments:
          "course_id,section_id,user_id,role,status,start_date,end_date\nALG,ALG-1,s2,student,deleted,,\n" +
          "ALG,ALG-1,new,student,active,,\nALG,ALG-1,0042,Reader,active,,\nALG,ALG-1,s3,student,inactive,,\n",
      });
      try {
        work.importRoster(later);
      } finally {
        rmSync(later, { recursive: true });
      }
      expect(work.school.users.get("0042")).toMatchObject({ login_id: "zora2", workflow_state: "suspended" });
      expect(work.school.courses.get("BIO")).toMatchObject({
        name: "Biology II",
        workflow_state: "completed",
      });
      expect(work.students("ALG-1").map(({ sis_id }) => sis_id)).toEqual(["0042", "new"]);
      expect(work.submission(algebra!, "0042")?.score).toBe(2);
      expect(work.submission(algebra!, "new")?.score).toBeNull();
      expect(work.submission(algebra!, "s3")).toBeUndefined();
      const { id: biology } = work.school.courses.get("BIO");
      expect(work.school.sections.get("ALG-2").course_id).toBe(biology);
      expect(work.school.sections.get("CHE-1").course_id).toBe(biology);
    });
  });

  it("is refused when it refers to what is not there", () => {
    const roster = writeRoster({
      enrollments:
        "course_id,section_id,user_id,role,status,start_date,end_date\nALG,ALG-9,s2,student,active,,\n",
    });
    expect(() => {
      withWork({ roster }, () => undefined);
    }).toThrow("no section ALG-9");
  });
});

describe("grades of a course", () => {
  it("count what is graded, or all that is due, with hidden grades or without", () => {
    withWork({ assignmentsPerCourse: 0 }, (work, state) => {
      const course = work.school.courses.get("ALG");
      course.group_weighting_scheme = "equal";
      const { id } = work.school.users.get("0042");
      const make = (name: string, points: number, group = "Homework") =>
        work.createAssignment("ALG", { name, points_possible: points, group });
      work.grade(make("a", 10), "0042", 9);
      const hidden = make("b", 20, "Tests");
      work.grade(hidden, "0042", 10);
      work.unpost(hidden);
      make("c", 10);
      work.excuse(make("d", 50), "0042");
      work.grade(work.edit(make("e", 50), { omit_from_final_grade: true }), "0042", 1);
      const totals = totalsOf(state, course)(id);
      expect([totals.current, totals.unpostedCurrent, totals.final, totals.unpostedFinal]).toEqual([
        { score: 90, points: 9 },
        { score: 63.33, points: 19 },
        { score: 22.5, points: 9 },
        { score: 47.5, points: 19 },
      ]);
      course.group_weighting_scheme = "percent";
      // Homework weighs 30, Tests 40: (30·90 + 40·50) / 70.
      expect(totalsOf(state, course)(id).unpostedCurrent.score).toBe(67.14);
      expect(totalsOf(state, course)(id).current.score).toBe(90);
    });
  });

  it("by grading period count what is due for the student in it", () => {
    withWork({ assignmentsPerCourse: 0 }, (work, state) => {
      const course = work.school.courses.get("ALG");
      const { id } = work.school.users.get("0042");
      const early = work.createAssignment("ALG", { name: "early", due_at: "2026-09-01T00:00:00Z" });
      work.grade(early, "0042", 10);
      work.grade(work.createAssignment("ALG", { name: "late", due_at: "2026-12-01T00:00:00Z" }), "0042", 5);
      const scores = () =>
        state.school
          .gradingPeriods(course.term_id)
          .map((period) => totalsOf(state, course, period)(id).current.score);
      expect(scores()).toEqual([100, 50]);
      work.redate(early, { due_at: "2026-12-02T00:00:00Z" }, { students: ["0042"] });
      expect(scores()).toEqual([null, 75]);
      expect(state.school.gradingPeriods(state.school.courses.get("BIO").term_id)).toEqual([]);
    });
  });

  it.each([
    ["points", 7.5, 10, "7.5"],
    ["percent", 7.555, 10, "75.55%"],
    ["pass_fail", 10, 10, "complete"],
    ["pass_fail", 0, 10, "incomplete"],
    ["letter_grade", 9, 10, "A-"],
    ["gpa_scale", 1, 10, "F"],
    ["letter_grade", 3, 0, "A"],
  ] as const)("are shown by %s: %d of %d is %s", (type, score, points, text) => {
    expect(gradeText(type, score, points)).toBe(text);
    expect(letterOf(94)).toBe("A");
  });
});
