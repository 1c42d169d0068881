import { describe, expect, it } from "vitest";
import { compareWorlds, person, type World } from "./worlds.ts";

const FALL = { start_date: "2026-08-17T07:00:00Z", end_date: "2026-12-19T07:59:59Z" };
const LAST_FALL = { start_date: "2025-08-18T07:00:00Z", end_date: "2025-12-20T07:59:59Z" };

function night(): World {
  return {
    accounts: [
      { account_id: "101", name: "First School" },
      { account_id: "102", name: "Second School" },
    ],
    terms: [{ term_id: "S1-27", name: "Semester 1", ...FALL }],
    courses: [
      { course_id: "k1", short_name: "ALG-1", long_name: "Algebra", account_id: "101", term_id: "S1-27" },
      { course_id: "k2", short_name: "ALG-1", long_name: "Algebra", account_id: "102", term_id: "S1-27" },
    ],
    sections: [
      { section_id: "k1", course_id: "k1", name: "Algebra" },
      { section_id: "k2", course_id: "k2", name: "Algebra" },
    ],
    users: [person("u1", "ann", "Ann Lee"), person("u2", "bob", "Bob Ray")],
    enrollments: [
      { course_id: "k1", section_id: "k1", user_id: "u1", role: "student" },
      { course_id: "k1", section_id: "k1", user_id: "u2", role: "teacher" },
      { course_id: "k2", section_id: "k2", user_id: "u2", role: "teacher" },
    ],
  };
}

/** The same world as another integration made it, and the year before. */
function canvas(): Required<World> {
  return {
    accounts: [
      { account_id: "sch-1", name: "FIRST school" },
      { account_id: "sch-2", name: "Second School" },
    ],
    terms: [
      {
        term_id: "2027F",
        name: "Semester 1",
        start_date: "2026-08-17T00:00:00Z",
        end_date: "2026-12-20T00:00:00Z",
      },
      { term_id: "2026F", name: "Semester 1", ...LAST_FALL },
    ],
    courses: [
      { course_id: "c1", short_name: "ALG-1", long_name: "Algebra", account_id: "sch-1", term_id: "2027F" },
      { course_id: "c2", short_name: "ALG-1", long_name: "Algebra", account_id: "sch-2", term_id: "2027F" },
      { course_id: "c0", short_name: "ALG-1", long_name: "Algebra", account_id: "sch-1", term_id: "2026F" },
    ],
    sections: [
      { section_id: "c1-01", course_id: "c1", name: "Lee P1" },
      { section_id: "c2-01", course_id: "c2", name: "Algebra" },
      { section_id: "c2-02", course_id: "c2", name: "Algebra B" },
      { section_id: "c0-01", course_id: "c0", name: "Algebra" },
    ],
    users: [person("o1", "ann", "Ann Lee"), person("u2", "bob", "Bob Ray")],
    enrollments: [
      { course_id: "c1", section_id: "c1-01", user_id: "o1", role: "student" },
      { course_id: "c1", section_id: "c1-01", user_id: "u2", role: "Teacher" },
      { course_id: "c0", section_id: "c0-01", user_id: "o1", role: "student" },
    ],
  };
}

describe("which school, term, course and section is which", () => {
  it("is told by names, dates and what they belong to, and not from one year to the next", async () => {
    const { changeRows, types, dangling } = await compareWorlds(night(), canvas());
    expect(changeRows.map(({ type, old_id, new_id }) => `${type} ${old_id} ${new_id}`)).toEqual([
      "account sch-1 101",
      "account sch-2 102",
      "course c1 k1",
      "course c2 k2",
      "section c1-01 k1",
      "section c2-01 k2",
      "term 2027F S1-27",
      "user o1 u1",
    ]);
    expect(types.courses?.behind).toEqual({ "other-term": 1 });
    expect(types.sections?.behind).toEqual({ gone: 1, "other-term": 1 });
    expect(types.enrollments).toMatchObject({
      tonight: 3,
      results: { "other-id": 2, new: 1 },
      behind: { "other-term": 1 },
    });
    expect(dangling).toBe(0);
  });

  it("counts by school, with what is left behind in the school that Canvas calls otherwise", async () => {
    const { schools } = await compareWorlds(night(), canvas());
    expect(schools.filter(({ account_id }) => account_id === "102")).toEqual([
      expect.objectContaining({
        type: "courses",
        name: "Second School",
        tonight: 1,
        otherId: 1,
        leftBehind: 0,
      }),
      expect.objectContaining({ type: "sections", tonight: 1, otherId: 1, leftBehind: 1 }),
      expect.objectContaining({ type: "users", tonight: 1, sameId: 1 }),
      expect.objectContaining({ type: "enrollments", tonight: 1, new: 1 }),
    ]);
  });

  it("joins neither two courses that are alike, nor a term that has only the name", async () => {
    const other = canvas();
    other.courses.push({ ...other.courses[0], course_id: "c1-copy" });
    other.terms = [other.terms[1] ?? {}, { term_id: "F", name: "Fall", ...FALL }];
    const { matches, changeRows } = await compareWorlds(night(), other);
    const results = Object.fromEntries(matches.map((row) => [`${row["type"]} ${row["id"]}`, row["result"]]));
    expect(results["terms S1-27"]).toBe("perhaps");
    expect(results["courses k1"]).toBe("new");
    expect(changeRows.filter(({ type }) => type === "term" || type === "course")).toEqual([]);

    const twice = canvas();
    twice.courses.push({ ...twice.courses[0], course_id: "c1-copy" });
    const again = await compareWorlds(night(), twice);
    expect(again.changeRows.map(({ old_id }) => old_id)).not.toContain("c1");
    expect(again.matches.find((row) => row["type"] === "courses" && row["id"] === "k1")?.["result"]).toBe(
      "ambiguous",
    );
  });

  it("sees ids that stand for something else: schools swapped, a class id of last year given again", async () => {
    const { matches } = await compareWorlds(night(), {
      ...canvas(),
      accounts: [
        { account_id: "101", name: "Second School" },
        { account_id: "102", name: "First School" },
      ],
      terms: [
        { term_id: "S1-27", name: "Semester 1", ...FALL },
        { term_id: "S1-26", name: "Semester 1", ...LAST_FALL },
      ],
      courses: [
        { course_id: "k1", short_name: "BIO-2", long_name: "Biology", account_id: "101", term_id: "S1-26" },
      ],
    });
    const results = Object.fromEntries(matches.map((row) => [`${row["type"]} ${row["id"]}`, row["result"]]));
    expect(results).toMatchObject({
      "accounts 101": "other-owner",
      "accounts 102": "other-owner",
      "terms S1-27": "same-id",
      "courses k1": "other-owner",
    });
  });

  it("knows a section that is cross-listed in Canvas by the course that it is from", async () => {
    const there = canvas();
    there.sections[1] = { section_id: "c2-01", course_id: "c1", nonxlist_course_id: "c2", name: "Algebra" };
    const { changeRows, matches } = await compareWorlds(night(), there);
    expect(changeRows).toContainEqual({ old_id: "c2-01", new_id: "k2", type: "section" });
    expect(matches).toContainEqual(
      expect.objectContaining({ type: "sections", id: "k1", canvas_id: "c1-01" }),
    );

    const sameIds = {
      ...night(),
      sections: [
        { section_id: "k1", course_id: "k2", nonxlist_course_id: "k1", name: "Lee P1" },
        { section_id: "k2", course_id: "k2", name: "Algebra" },
      ],
    };
    expect((await compareWorlds(night(), sameIds)).types.sections?.results).toEqual({ "same-id": 2 });
  });

  it("says nothing of what the report does not have, and notices a report that does not hang together", async () => {
    const { reported } = await compareWorlds(night(), { users: canvas().users });
    expect(reported).toEqual(["users"]);
    const { users: _, ...places } = canvas();
    expect((await compareWorlds(night(), places)).reported).not.toContain("enrollments");
    const torn = await compareWorlds(night(), { ...places, users: [] });
    expect(torn.dangling).toBe(torn.types.enrollments?.inCanvas);
    const other = canvas();
    other.users = other.users.slice(1);
    expect((await compareWorlds(night(), other)).dangling).toBe(2);
  });
});
