import { describe, expect, it } from "vitest";
import { type District, makeDistrict } from "../../../jobs/demo/district.ts";

const district = makeDistrict({ seed: 1, students: 2000, schools: 6 });
const clean = makeDistrict({ seed: 1, students: 2000, schools: 6, oddities: false });

function ids(records: readonly { sourcedId: string }[]): Set<string> {
  return new Set(records.map((record) => record.sourcedId));
}

function danglingEnrollments({ users, classes, orgs, enrollments }: District) {
  const [known, taught, schools] = [ids(users), ids(classes), ids(orgs)];
  return enrollments.filter(
    (each) =>
      !known.has(each.user.sourcedId) ||
      !taught.has(each.class.sourcedId) ||
      !schools.has(each.school.sourcedId),
  );
}

/** Logins that two users claim, whatever their case. */
function contestedLogins({ users }: District): string[] {
  const logins = users.map((user) => user.username?.toLowerCase()).filter((login) => login !== undefined);
  return logins.filter((login, index) => logins.indexOf(login) !== index);
}

describe("a generated district", () => {
  it("is the same again for the same seed, and another for another", () => {
    expect(makeDistrict({ seed: 1, students: 2000, schools: 6 })).toEqual(district);
    expect(makeDistrict({ seed: 2, students: 2000, schools: 6 }).users).not.toEqual(district.users);
  });

  it("has as many students and schools as asked, and about six enrollments a student", () => {
    expect(clean.users.filter((user) => user.role === "student")).toHaveLength(2000);
    expect(clean.orgs.filter((org) => org.type === "school")).toHaveLength(6);
    const students = clean.enrollments.filter((each) => each.role === "student");
    expect(students).toHaveLength(12_000);
    const sizes = Map.groupBy(students, (each) => each.class.sourcedId).values();
    expect(Math.max(...[...sizes].map((members) => members.length))).toBeLessThanOrEqual(28);
  });

  it.each(Object.keys(district) as (keyof District)[])("gives every one of %s an id of its own", (name) => {
    expect(ids(district[name]).size).toBe(district[name].length);
  });

  it("keeps sessions inside their parents and inside the school year", () => {
    const byId = new Map(district.academicSessions.map((session) => [session.sourcedId, session]));
    expect(district.academicSessions.map((session) => session.type).sort()).toEqual([
      ...Array<string>(4).fill("gradingPeriod"),
      "schoolYear",
      "semester",
      "semester",
    ]);
    for (const session of district.academicSessions) {
      expect(session.startDate >= "2026-08-01" && session.endDate < "2027-07-01").toBe(true);
      const parent = session.parent === undefined ? session : byId.get(session.parent.sourcedId);
      expect(parent!.startDate <= session.startDate && session.endDate <= parent!.endDate).toBe(true);
    }
  });

  it("has classes of one session, of two quarters, and of both semesters", () => {
    const spans = new Set(
      district.classes.map((group) => group.terms.map((term) => term.sourcedId).join("+")),
    );
    for (const span of ["SY-2027", "S1-2027", "Q1-2027+Q2-2027", "S1-2027+S2-2027"])
      expect(spans).toContain(span);
  });

  it("resolves every ref when it has no oddities", () => {
    expect(danglingEnrollments(clean)).toEqual([]);
    expect(contestedLogins(clean)).toEqual([]);
    const [sessions, courses, users, orgs] = [
      ids(clean.academicSessions),
      ids(clean.courses),
      ids(clean.users),
      ids(clean.orgs),
    ];
    for (const group of clean.classes) {
      expect(courses.has(group.course.sourcedId)).toBe(true);
      expect(group.terms.every((term) => sessions.has(term.sourcedId))).toBe(true);
    }
    for (const user of clean.users) {
      expect(user.orgs.length > 0 && user.orgs.every((org) => orgs.has(org.sourcedId))).toBe(true);
      expect(user.agents.every((agent) => users.has(agent.sourcedId))).toBe(true);
    }
  });

  it("invents nobody with a real address", () => {
    const addresses = district.users.map((user) => user.email).filter((email) => email != null);
    expect(addresses.every((email) => email.endsWith("@example.org"))).toBe(true);
  });
});

describe("the oddities", () => {
  it("leave less than 1 % of a kind without a place in a roster", () => {
    expect(danglingEnrollments(district).length).toBeGreaterThan(0);
    expect(contestedLogins(district)).toHaveLength(1);
    const contested = new Set(contestedLogins(district));
    const claimants = district.users.filter((user) => contested.has(user.username?.toLowerCase() ?? ""));
    const lost = district.enrollments.filter((each) => ids(claimants).has(each.user.sourcedId));
    expect(danglingEnrollments(district).length + lost.length).toBeLessThan(
      district.enrollments.length / 100,
    );
    const nameless = district.users.filter((user) => user.username == null);
    expect(nameless.length).toBeGreaterThan(0);
    expect(nameless.length + claimants.length).toBeLessThan(district.users.length / 100);
  });

  it("leave a district that is too small for 1 % without such records", () => {
    const small = makeDistrict({ seed: 1, students: 60, schools: 2 });
    expect(danglingEnrollments(small)).toEqual([]);
    expect(contestedLogins(small)).toEqual([]);
    expect(small.users.every((user) => user.username != null)).toBe(true);
  });

  it.each([
    ["ids that differ by zeros", () => ids(district.users).has("42") && ids(district.users).has("0042")],
    [
      "names in other scripts",
      () => district.users.some((user) => /\p{Script=Hebrew}/u.test(user.givenName)),
    ],
    [
      "names with emoji",
      () => district.users.some((user) => /\p{Extended_Pictographic}/u.test(user.givenName)),
    ],
    ["combining marks", () => district.users.some((user) => /\p{M}/u.test(user.givenName))],
    ["quotes in titles", () => district.classes.some((group) => group.title.includes('"'))],
    ["tabs in titles", () => district.classes.some((group) => group.title.includes("\t"))],
    ["a missing email", () => district.users.some((user) => !("email" in user))],
    ["a null email", () => district.users.some((user) => user.email === null)],
    ["a disabled user", () => district.users.some((user) => !user.enabledUser)],
    ["a missing classCode", () => district.classes.some((group) => !("classCode" in group))],
    ["a deleted school", () => district.orgs.some((org) => org.status === "tobedeleted")],
    ["a deleted class", () => district.classes.some((group) => group.status === "tobedeleted")],
    ["a deleted student", () => district.users.some((user) => user.status === "tobedeleted")],
    ["a teacher of two schools", () => district.users.some((user) => user.orgs.length > 1)],
    ["homerooms", () => district.classes.some((group) => group.classType === "homeroom")],
    ["a role that is not enrolled", () => district.enrollments.some((each) => each.role === "administrator")],
  ])("include %s", (_, holds) => {
    expect(holds()).toBe(true);
  });

  it("include a teacher without classes, and one with two roles in one class", () => {
    const enrolled = new Set(district.enrollments.map((each) => each.user.sourcedId));
    const teachers = district.users.filter((user) => user.role === "teacher");
    expect(teachers.some((teacher) => !enrolled.has(teacher.sourcedId))).toBe(true);
    const roles = Map.groupBy(
      district.enrollments,
      (each) => `${each.user.sourcedId} ${each.class.sourcedId}`,
    );
    const kinds = [...roles.values()].map((list) => new Set(list.map((each) => each.role)));
    expect(kinds.some((roles) => roles.has("teacher") && roles.has("aide"))).toBe(true);
  });

  it("include students who dropped a class and came back: once deleted, once merely ended", () => {
    const returned = [
      ...Map.groupBy(
        district.enrollments.filter((each) => each.role === "student"),
        (each) => `${each.user.sourcedId} ${each.class.sourcedId}`,
      ).values(),
    ].filter((list) => list.length > 1);
    const ended = returned.flat().filter((each) => each.endDate?.endsWith("-09-11"));
    expect(new Set(ended.map((each) => each.status))).toEqual(new Set(["active", "tobedeleted"]));
    expect(returned.flat().filter((each) => each.beginDate?.endsWith("-09-21")).length).toBe(ended.length);
  });
});
