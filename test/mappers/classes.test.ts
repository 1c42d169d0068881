import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Class, Course } from "../../connectors/oneroster/records.ts";
import { indexOrgs } from "../../mappers/accounts.ts";
import { type ClassContext, type ClassRows, toClassRows } from "../../mappers/classes.ts";
import { indexSessions } from "../../mappers/sessions.ts";
import { aClass, course, org, roster, session } from "./records.ts";

const SESSIONS = [
  session("year", { type: "schoolYear", startDate: "2026-08-17", endDate: "2027-06-11" }),
  session("101-S1", { startDate: "2026-08-17", endDate: "2026-12-18", parent: "year" }),
  session("101-S2", { startDate: "2027-01-04", endDate: "2027-06-11", parent: "year" }),
];

interface Said {
  roster?: object;
  schools?: string[];
  courses?: Course[];
  endDates?: "inclusive" | "exclusive";
}

function context(said: Said = {}): ClassContext {
  const endDates = said.endDates ?? "inclusive";
  const courses = said.courses ?? [course("course-1", { title: "Mathematics 1", courseCode: "M1" })];
  return {
    roster: roster(said.roster),
    orgs: indexOrgs([org("school-1"), org("school-2")], { types: ["school"], schools: said.schools ?? [] }),
    sessions: indexSessions(SESSIONS, { endDates }),
    courses: new Map(courses.map((one) => [one.sourcedId, one])),
    timezone: "America/Los_Angeles",
    endDates,
  };
}

const COURSE_TERM = { courses: { identity: "course-term" } };

function rows(record: Class, said: Said = {}): ClassRows {
  const result = toClassRows(record, context(said));
  if (result.course === undefined) throw new Error(`no rows: ${JSON.stringify(result)}`);
  return result;
}

function reject(record: Class, said: Said = {}) {
  return toClassRows(record, context(said)).reject;
}

describe("toClassRows with identity class", () => {
  it("makes one course and one section of a class", () => {
    expect(rows(aClass("class-1", { title: " Algebra I ", terms: ["101-S1", "101-S2"] }))).toEqual({
      course: {
        course_id: "class-1",
        short_name: "MATH1-02",
        long_name: "Algebra I",
        account_id: "school-1",
        term_id: "year",
        status: "active",
      },
      section: {
        section_id: "class-1",
        course_id: "class-1",
        name: "Algebra I",
        status: "active",
        start_date: "",
        end_date: "",
      },
      termId: "year",
      session: SESSIONS[0],
      notes: [],
    });
  });

  it.each([
    ["its classCode", aClass("c", { classCode: " A-1 " }), "A-1"],
    ["else the course's code", aClass("c", { classCode: undefined }), "M1"],
    [
      "else, where both are blank, its title",
      aClass("c", { classCode: " ", course: "plain", title: "Algebra" }),
      "Algebra",
    ],
    [
      "its title where the course is unknown",
      aClass("c", { classCode: undefined, course: "?", title: "Algebra" }),
      "Algebra",
    ],
    [
      "its title where it has no course",
      aClass("c", { classCode: undefined, course: undefined, title: "Algebra" }),
      "Algebra",
    ],
  ])("short_name is %s", (_, record, short) => {
    const courses = [course("course-1", { courseCode: "M1" }), course("plain", { courseCode: " " })];
    expect(rows(record, { courses }).course.short_name).toBe(short);
  });
});

describe("toClassRows with identity course-term", () => {
  it("makes one course of a course and a term, named after the course; sections stay the classes", () => {
    const { course: courseRow, section } = rows(aClass("class-1", { title: "Period 3", terms: ["101-S1"] }), {
      roster: COURSE_TERM,
    });
    expect(courseRow).toEqual({
      course_id: "course-1_101-S1",
      short_name: "M1",
      long_name: "Mathematics 1",
      account_id: "school-1",
      term_id: "101-S1",
      status: "active",
    });
    expect(section).toMatchObject({ section_id: "class-1", course_id: "course-1_101-S1", name: "Period 3" });
  });

  it("uses the merged term in the course's id", () => {
    const merged = { ...COURSE_TERM, terms: { merge: { pattern: "-(?<term>[^-]+)$" } } };
    const {
      course: courseRow,
      termId,
      session: picked,
    } = rows(aClass("class-1", { terms: ["101-S1"] }), { roster: merged });
    expect([courseRow.course_id, courseRow.term_id, termId]).toEqual(["course-1_S1", "S1", "S1"]);
    expect(picked.sourcedId).toBe("101-S1");
  });

  it("gives a course without a code its title as short_name", () => {
    const courses = [course("course-1", { title: "Mathematics 1", courseCode: undefined })];
    expect(rows(aClass("c"), { roster: COURSE_TERM, courses }).course.short_name).toBe("Mathematics 1");
  });

  it.each([
    ["is unknown", aClass("c", { course: "?" }), "no such course"],
    ["is not named", aClass("c", { course: undefined }), "no such course"],
    ["has no title", aClass("c", { course: "untitled" }), "no title"],
    ["has a NUL in its title", aClass("c", { course: "nul" }), "NUL"],
    ["has a NUL in its code", aClass("c", { course: "nul-code" }), "NUL"],
  ])("rejects a class whose course %s", (_, record, reason) => {
    const courses = [
      course("untitled", { title: " " }),
      course("nul", { title: "Ma\0th" }),
      course("nul-code", { courseCode: "M\0" }),
    ];
    expect(reject(record, { roster: COURSE_TERM, courses })).toMatchObject({
      sourcedId: "c",
      field: "course",
      reason: expect.stringContaining(reason) as string,
    });
  });
});

describe("toClassRows: sections' dates", () => {
  const dated = { sections: { dates: "term" } };

  it("are the term's when asked for, as instants", () => {
    expect(rows(aClass("c", { terms: ["101-S1"] }), { roster: dated }).section).toMatchObject({
      start_date: "2026-08-17T07:00:00Z",
      end_date: "2026-12-19T07:59:59Z",
    });
  });

  it("end a day earlier where the SIS's endDate is excluded", () => {
    const { section } = rows(aClass("c", { terms: ["101-S1"] }), { roster: dated, endDates: "exclusive" });
    expect(section.end_date).toBe("2026-12-18T07:59:59Z");
  });
});

describe("toClassRows: what is left out", () => {
  it("leaves out a class of a school that was not selected, whatever else is wrong with it", () => {
    const record = aClass("c", { school: "school-2", title: "", terms: [] });
    expect(toClassRows(record, context({ schools: ["school-1"] }))).toEqual({
      leftOut: "school not selected",
    });
    expect(rows(aClass("c"), { schools: ["school-1"] }).course.account_id).toBe("school-1");
  });

  it.each([
    ["no title", aClass("c", { title: "  " }), "title", "without a title"],
    ["a NUL in its title", aClass("c", { title: "Alge\0bra" }), "title", "NUL"],
    ["a NUL in its code", aClass("c", { classCode: "A\0" }), "classCode", "NUL"],
    ["a NUL in its id", aClass("c\0", { title: "Algebra" }), "sourcedId", "NUL"],
    ["a school that nobody knows", aClass("c", { school: "school-9" }), "school", "no such school"],
    ["no sessions", aClass("c", { terms: [] }), "terms", "no academic session"],
    ["sessions that nobody knows", aClass("c", { terms: ["x", "y"] }), "terms", "x was not sent by the SIS"],
  ])("rejects a class with %s", (_, record, field, reason) => {
    expect(reject(record)).toMatchObject({ field, reason: expect.stringContaining(reason) as string });
  });

  it("notes a session that it passed over", () => {
    expect(rows(aClass("c", { terms: ["year", "gone"] })).notes).toHaveLength(1);
  });

  it("lets Canvas put courses into its root account where no org above is one", () => {
    const districts = {
      ...context(),
      orgs: indexOrgs([org("school-1")], { types: ["district"], schools: [] }),
    };
    expect(toClassRows(aClass("c"), districts).course?.account_id).toBe("");
  });
});

describe("toClassRows: identity", () => {
  const text = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((value) => value.trim() !== "" && !value.includes("\0"));
  const code = fc.option(text, { nil: undefined });

  it.each(["class", "course-term"])("%s: titles and codes never change an id", (identity) => {
    const before = rows(aClass("class-1"), { roster: { courses: { identity } } });
    fc.assert(
      fc.property(text, code, text, code, (title, classCode, courseTitle, courseCode) => {
        const after = rows(aClass("class-1", { title, classCode }), {
          roster: { courses: { identity } },
          courses: [course("course-1", { title: courseTitle, courseCode })],
        });
        expect(after.course.course_id).toBe(before.course.course_id);
        expect(after.section.section_id).toBe(before.section.section_id);
        expect(after.section.course_id).toBe(after.course.course_id);
        expect(after.termId).toBe(before.termId);
        expect(after.section.name).toBe(title.trim());
      }),
    );
  });

  it.each(["class", "course-term"])(
    "%s: anything else that a SIS sends with a class changes nothing",
    (identity) => {
      const said = { roster: { courses: { identity } } };
      const record = aClass("class-1");
      fc.assert(
        fc.property(
          fc.constantFrom("teacher", "teachers", "location", "periods", "primary"),
          text,
          (field, value) => {
            expect(rows({ ...record, [field]: value }, said)).toEqual(rows(record, said));
          },
        ),
      );
    },
  );

  it("two classes are never one course, and course-term joins those of one course and term alone", () => {
    const id = fc.constantFrom("c1", "c2", "c3");
    const term = fc.constantFrom("year", "101-S1", "101-S2");
    const record = fc.record({ sourcedId: id, course: id, term });
    const courses = ["c1", "c2", "c3"].map((one) => course(one));
    fc.assert(
      fc.property(record, record, (a, b) => {
        const ids = (identity: string) =>
          [a, b].map(
            (one) =>
              rows(aClass(one.sourcedId, { course: one.course, terms: [one.term] }), {
                roster: { courses: { identity } },
                courses,
              }).course.course_id,
          );
        const [a1, b1] = ids("class");
        expect(a1 === b1).toBe(a.sourcedId === b.sourcedId);
        const [a2, b2] = ids("course-term");
        expect(a2 === b2).toBe(a.course === b.course && a.term === b.term);
      }),
    );
  });
});
