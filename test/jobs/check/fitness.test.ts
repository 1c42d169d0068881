import { describe, expect, it } from "vitest";
import { Roster } from "../../../config/schema/roster.ts";
import type { RosterSample } from "../../../connectors/oneroster/probe.ts";
import type { AcademicSession, Class, Enrollment, User } from "../../../connectors/oneroster/records.ts";
import { readRecord } from "../../../connectors/oneroster/read-record.ts";
import { fitnessFindings } from "../../../jobs/check/fitness.ts";
import { guessEndDates } from "../../../jobs/check/fitness/end-dates.ts";

const TODAY = "2026-11-21";
const base = (sourcedId: string) => ({ sourcedId, gone: false, dateLastModified: "" });

function session(sourcedId: string, startDate: string, endDate: string, more: Partial<AcademicSession> = {}) {
  return { ...base(sourcedId), title: sourcedId, type: "term", startDate, endDate, parent: "Y", ...more };
}

function aClass(sourcedId: string, more: Partial<Class> = {}): Class {
  const own = { title: "t", classCode: undefined, course: "k", school: "S", terms: ["T1"], periods: [] };
  return { ...base(sourcedId), ...own, ...more };
}

function user(sourcedId: string, more: Partial<User> = {}): User {
  const raw = { username: sourcedId, email: `${sourcedId}@x.org`, givenName: "g", familyName: "f" };
  const { record } = readRecord("users", { sourcedId, status: "active", identifier: sourcedId, ...raw });
  if (record === undefined) throw new Error("not a user");
  return { ...record, ...more };
}

function enrollment(sourcedId: string, more: Partial<Enrollment> = {}): Enrollment {
  const days = { beginDate: "2026-08-17", endDate: "2027-06-11" };
  return { ...base(sourcedId), user: "u1", class: "c1", role: "teacher", ...days, ...more };
}

type Kinds = { [K in keyof RosterSample["kinds"]]: NonNullable<RosterSample["kinds"][K]>["records"] };

/** A roster in which nothing is wrong, but for what is given. */
function sampleOf(
  changes: Partial<Kinds> = {},
  more: Partial<RosterSample> = {},
  isWhole = true,
): RosterSample {
  const kinds: Kinds = {
    orgs: [{ ...base("S"), name: "S", type: "school", identifier: undefined, parent: undefined }],
    academicSessions: [session("T1", "2026-08-17", "2026-12-18"), session("T2", "2027-01-04", "2027-06-11")],
    courses: [{ ...base("k"), title: "k", courseCode: undefined, org: undefined }],
    classes: [aClass("c1")],
    users: [user("u1")],
    enrollments: [enrollment("e1")],
    ...changes,
  };
  const whole = Object.entries(kinds).map(([kind, records]) => [kind, { records, isWhole }]);
  return { kinds: Object.fromEntries(whole) as RosterSample["kinds"], taught: undefined, ...more };
}

function findingsOf(
  sample: RosterSample,
  roster: object = {},
  endDates: "inclusive" | "exclusive" = "inclusive",
) {
  return fitnessFindings(sample, { source: { endDates }, roster: Roster.parse(roster) }, TODAY);
}

function doubtsOf(...of: Parameters<typeof findingsOf>): string[] {
  return findingsOf(...of)
    .filter(({ status }) => status !== "ok")
    .map(({ name, message }) => `${name}: ${message}`);
}

describe("whether a roster is fit for Canvas", () => {
  it("is so where nothing is wrong, and says how much was looked at", () => {
    const findings = findingsOf(sampleOf());
    expect(findings.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(findings.find(({ name }) => name === "classes fit")?.message).toBe(
      "all 1 looked at: nothing that Canvas would stumble over",
    );
  });

  it.each<[string, Partial<Kinds>, string]>([
    [
      "terms that overlap",
      {
        academicSessions: [
          session("T1", "2026-08-17", "2027-01-29"),
          session("T2", "2027-01-04", "2027-06-11"),
        ],
      },
      "academicSessions fit: overlap with another of their type and parent: 2 of 2: T1, T2",
    ],
    [
      "a school year that is over",
      { academicSessions: [session("T1", "2025-08-17", "2026-06-12")] },
      "academicSessions fit: are all over, as of today: 1 of 1: T1",
    ],
    [
      "a term that never ends",
      { academicSessions: [session("T1", "2026-08-17", "2099-12-31")] },
      "academicSessions fit: are longer than 400 days: 1 of 1: T1",
    ],
    [
      "classes without a term",
      { classes: [aClass("c1", { terms: [] })] },
      "classes fit: have no term: 1 of 1: c1",
    ],
    [
      "classes of a term that is not sent",
      { classes: [aClass("c1", { terms: ["T9"] })] },
      "classes fit: have a term that is not among academicSessions: 1 of 1: c1",
    ],
    [
      "classes of a school that is not sent",
      { classes: [aClass("c1", { school: "S9" })] },
      "classes fit: have a school that is not among orgs: 1 of 1: c1",
    ],
    [
      "classes without a course",
      { classes: [aClass("c1", { course: undefined })] },
      "classes fit: have no course, or one that is not among courses: 1 of 1: c1",
    ],
    [
      "classes without a teacher",
      { enrollments: [enrollment("e1", { role: "student" })] },
      "classes fit: have no teacher: 1 of 1: c1",
    ],
    [
      "users without a login",
      { users: [user("u1", { username: undefined })] },
      "users fit: have no login (username, see roster.users.login): 1 of 1: u1",
    ],
    [
      "logins that two users have",
      {
        users: [user("u1", { username: "Ann" }), user("u2", { username: "ann" })],
        enrollments: [enrollment("e1"), enrollment("e2", { user: "u2" })],
      },
      "users fit: have the login of another user, in any case of its letters: 1 of 2: u2",
    ],
    [
      "users without a name",
      { users: [user("u1", { givenName: undefined, familyName: " " })] },
      "users fit: have no name at all: 1 of 1: u1",
    ],
    [
      "enrollments of nobody",
      { enrollments: [enrollment("e1"), enrollment("e2", { user: "u9" })] },
      "enrollments fit: name a user that the SIS does not send: 1 of 2: e2",
    ],
    [
      "enrollments in nothing",
      { enrollments: [enrollment("e1"), enrollment("e2", { class: "c9" })] },
      "enrollments fit: name a class that the SIS does not send: 1 of 2: e2",
    ],
    [
      "roles that are not enrolled",
      { enrollments: [enrollment("e1"), enrollment("e2", { role: "co-teacher" })] },
      "enrollments fit: have the role co-teacher, which is not enrolled: 1 of 2: e2",
    ],
    [
      "one date of two",
      { enrollments: [enrollment("e1", { endDate: undefined })] },
      "enrollments fit: have only one of beginDate and endDate: 1 of 1: e1",
    ],
    [
      "ids with spaces in them",
      {
        classes: [aClass("c1"), aClass("c 2")],
        enrollments: [enrollment("e1"), enrollment("e2", { class: "c 2" })],
      },
      "classes fit: have a sourcedId with spaces in it: 1 of 2: c 2",
    ],
    [
      "ids that differ by case",
      {
        users: [user("u1"), user("U1", { username: "x" })],
        enrollments: [enrollment("e1"), enrollment("e2", { user: "U1" })],
      },
      "users fit: have a sourcedId that differs from another one only by case: 1 of 2: U1",
    ],
  ])("tells of %s", (_, changes, doubt) => {
    expect(doubtsOf(sampleOf(changes))).toContain(doubt);
  });

  it("says what becomes of an enrollment with one date of two", () => {
    const sample = sampleOf({ enrollments: [enrollment("e1", { endDate: undefined })] });
    const found = findingsOf(sample).find(({ message }) => message.startsWith("have only one of"));
    expect(found?.hint).toContain("the other one is taken from its section or term");
  });

  it("says what to do, and gives ids as examples", () => {
    const many = Array.from({ length: 9 }, (_, index) => aClass(`c${index}`, { terms: [] }));
    const finding = findingsOf(sampleOf({ classes: many })).find(({ message }) =>
      message.startsWith("have no term"),
    );

    expect(finding).toMatchObject({ area: "source", section: "fitness", status: "warn" });
    expect(finding?.message).toBe("have no term: 9 of 9: c0, c1, c2, c3, c4 …");
    expect(finding?.examples).toEqual(["c0", "c1", "c2", "c3", "c4"]);
    expect(finding?.hint).toContain("Have the SIS give it its terms");
  });

  it("knows the roles of 1.2 that are extensions, as a night does", () => {
    const enrollments = [enrollment("e1"), enrollment("e2", { role: "ext:aide" })];
    expect(doubtsOf(sampleOf({ enrollments }))).toEqual([]);
  });

  it("looks for what is lost at the config's filters only where there are some", () => {
    const sample = sampleOf({ enrollments: [enrollment("e1", { user: "u9" })] });
    const hintsWith = (filters?: object) =>
      fitnessFindings(
        sample,
        { source: { endDates: "inclusive", ...(filters && { filters }) }, roster: Roster.parse({}) },
        TODAY,
      ).map(({ hint }) => hint);
    expect(hintsWith({ users: "status='active'" }).join()).toContain("source.filters");
    expect(hintsWith({}).join()).not.toContain("source.filters");
    expect(hintsWith().join()).not.toContain("source.filters");
  });

  it("follows the configured id and login", () => {
    const users = [user("u1", { identifier: undefined, email: undefined })];
    expect(doubtsOf(sampleOf({ users }), { users: { id: "identifier", login: "email" } })).toEqual([
      "users fit: have no id (identifier, see roster.users.id): 1 of 1: u1",
      "users fit: have no login (email, see roster.users.login): 1 of 1: u1",
    ]);
  });

  it("does not mind who is not enrolled, unless all users are wanted", () => {
    const users = [user("u1"), user("guardian", { username: undefined })];
    expect(doubtsOf(sampleOf({ users }))).toEqual([]);
    expect(doubtsOf(sampleOf({ users }), { users: { include: "all" } })).toHaveLength(1);
  });

  it("does not take a sample for the whole", () => {
    const lost = {
      classes: [aClass("c1", { terms: ["T9"], school: "S9" })],
      enrollments: [enrollment("e1", { user: "u9" })],
    };
    expect(doubtsOf(sampleOf(lost, {}, false))).toEqual([]);
  });

  it("tells of the classes that were asked for their teachers", () => {
    const taught = { asked: ["c1", "c2"], untaught: ["c2"] };
    expect(doubtsOf(sampleOf({}, { taught }, false))).toEqual([
      "classes fit: have no teacher (some classes were asked for): 1 of 2: c2",
    ]);
  });

  it("allows terms of different schools, and quarters in a semester, to lie over each other", () => {
    const academicSessions = [
      session("A", "2026-08-17", "2027-01-15"),
      session("B", "2026-08-24", "2027-01-29"),
      session("Q1", "2026-08-17", "2026-10-16", { type: "gradingPeriod" }),
      session("Y", "2026-08-17", "2027-06-11", { type: "schoolYear", parent: undefined }),
    ];
    const classes = [aClass("c1", { terms: ["A"] }), aClass("c2", { terms: ["B"], school: "S2" })];
    const found = doubtsOf(sampleOf({ academicSessions, classes }));

    expect(found.filter((line) => line.includes("overlap"))).toEqual([]);
  });
});

describe("what end dates mean", () => {
  it.each<["inclusive" | "exclusive" | undefined, [string, string][]]>([
    [
      "inclusive",
      [
        ["2026-08-17", "2027-01-15"],
        ["2027-01-16", "2027-06-11"],
      ],
    ],
    [
      "exclusive",
      [
        ["2026-08-17", "2027-01-18"],
        ["2027-01-18", "2027-06-12"],
      ],
    ],
    [
      "inclusive",
      [
        ["2026-08-17", "2026-12-18"],
        ["2027-01-04", "2027-06-11"],
      ],
    ],
    [
      "exclusive",
      [
        ["2026-08-17", "2026-12-19"],
        ["2027-01-04", "2027-06-12"],
      ],
    ],
    [
      undefined,
      [
        ["2026-08-17", "2026-12-17"],
        ["2027-01-04", "2027-06-10"],
      ],
    ],
  ])("is guessed as %s", (guess, days) => {
    const sessions = days.map(([start, end], index) => session(`T${index}`, start, end));
    expect(guessEndDates(sessions).guess).toBe(guess);
  });

  it("is doubted where the config says otherwise", () => {
    const finding = findingsOf(sampleOf(), {}, "exclusive").find(({ name }) => name === "end dates");

    expect(finding).toMatchObject({ status: "warn" });
    expect(finding?.message).toBe("endDate seems to be the last day: 2 of 2 end on a Friday");
    expect(finding?.hint).toContain("source.endDates: inclusive");
  });
});
