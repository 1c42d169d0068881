import { describe, expect, it } from "vitest";
import { Failure } from "../../../../config/failure.ts";
import { makeDistrict } from "../../../../jobs/demo/district.ts";
import { oneRosterCsv } from "../../../../jobs/demo/district/one-roster-csv.ts";
import { probeExport } from "./probing.ts";
import { csv, type Files, manifest, readExport, SMALL } from "./reading.ts";

const small = makeDistrict({ seed: 3, students: 20, schools: 2 });
const exported = (version: "1.1" | "1.2"): Files => Object.fromEntries(oneRosterCsv(small, { version }));
const header = (name: string) => SMALL[name]!.toString().split("\n")[0]!;
/** With other rows in one file. */
const withRows = (name: string, ...rows: string[]): Files => ({ ...SMALL, [name]: csv(header(name), rows) });

describe("the records of an export against the standard", () => {
  it.for(["1.1", "1.2"] as const)("say nothing where all is as OneRoster %s has it", async (version) => {
    const { steps, left } = await probeExport(exported(version), { version });
    expect(steps.filter(({ section, status }) => section === "records" && status !== "ok")).toEqual([]);
    expect(steps.filter(({ section }) => section === "records")).toHaveLength(6);
    expect(left).toEqual([]);
  });

  it.for<[string, Files, string, string]>([
    [
      "what is missing, by its column",
      withRows("classes.csv", "C1,,,Algebra,,,A1-1,scheduled,,101,SY,,,"),
      "classes",
      "courseSourcedId is missing or empty: 1 of 1: C1",
    ],
    [
      "a word that the standard does not have",
      withRows("classes.csv", "C1,,,Algebra,,ALG,A1-1,lesson,,101,SY,,,"),
      "classes",
      "classType is none of homeroom, scheduled: 1 of 1: C1",
    ],
    [
      "a flag that is written otherwise",
      withRows("users.csv", "7,,,TRUE,101,teacher,tom,,Tom,Ash,,,,,,,,"),
      "users",
      'enabledUser is not "true" or "false" as text: 1 of 1: 7',
    ],
    [
      "a time where a day belongs",
      withRows("academicSessions.csv", "SY,,,Year,schoolYear,2026-08-17T00:00:00Z,2027-06-04,,2027"),
      "academicSessions",
      "startDate has a time, where a day belongs: 1 of 1: SY",
    ],
    [
      "an id that comes twice",
      withRows("orgs.csv", "101,,,First,school,,", "101,,,Second,school,,"),
      "orgs",
      "sourcedId comes more than once: 1 of 2: 101",
    ],
  ])("show %s, with examples by id", async ([, files, kind, message]) => {
    const { steps } = await probeExport(files);
    const id = message.slice(message.lastIndexOf(" ") + 1);
    const step = steps.find((step) => step.message === message);
    expect(step).toMatchObject({
      section: "records",
      name: `${kind} records`,
      status: "warn",
      examples: [id],
    });
    expect(step?.hint).toContain("A night reads these all the same");
  });

  it("show what a night would leave out, and fail where it is so much that the night would end", async () => {
    const { steps, sample } = await probeExport(
      withRows("enrollments.csv", "e1,,,C1,101,0042,,,,", "e2,,,C1,101,7,teacher,,,", "e3,,,,101,7,aide,,,"),
    );
    const left = steps.filter(({ message }) => message.startsWith("would be left out"));
    expect(left.map(({ message }) => message)).toEqual([
      "would be left out, as role is missing or not text: 1 of 3: e1",
      "would be left out, as classSourcedId is no reference with a sourcedId: 1 of 3: e3",
    ]);
    expect(left.map(({ section, status }) => ({ section, status }))).toEqual(
      Array(2).fill({ section: "records", status: "fail" }),
    );
    expect(sample?.kinds.enrollments?.records.map(({ sourcedId }) => sourcedId)).toEqual(["e2"]);
  });

  it("count rows that cannot be read, however many lines they are on, as one thing", async () => {
    const { doubts } = await probeExport(withRows("users.csv", "7,,", "8,,"));
    expect(doubts("users")).toEqual(["would be left out, as the row cannot be read: 2 of 2: 7, 8"]);
  });

  it("tell which optional columns are never filled, and which in some rows only", async () => {
    const { step } = await probeExport(SMALL);
    expect(step("users records")?.message).toBe(
      "all 2 records looked at; optional columns never sent: middleName, sms, phone; in some only: userIds (50 %), identifier (50 %), email (50 %), agentSourcedIds (50 %), grades (50 %)",
    );
  });

  it("name people only by id", async () => {
    const users = small.users.map((user) => ({ ...user, enabledUser: "yes" as unknown as boolean }));
    const { steps } = await probeExport(Object.fromEntries(oneRosterCsv({ ...small, users })));
    const told = JSON.stringify(steps);
    expect(told).toContain(small.users[0]!.sourcedId);
    const personal = small.users.flatMap(({ givenName, familyName, email, username }) => [
      `${givenName} ${familyName}`,
      ...[email, username].filter((text) => text != null),
    ]);
    expect(personal.filter((text) => told.includes(text))).toEqual([]);
  });
});

describe("users of 1.2, whose roles and profiles are in other files", () => {
  const files: Files = {
    ...SMALL,
    "manifest.csv": manifest({}, "1.2"),
    "users.csv": csv("sourcedId,enabledUser,givenName,familyName", ["0042,true,Ada,Byron", "7,true,Tom,Ash"]),
    "roles.csv": csv("sourcedId,userSourcedId,roleType,role,orgSourcedId", [
      "r1,0042,primary,student,101",
      "r9,99,primary,student,101",
    ]),
    "userProfiles.csv": csv("sourcedId,userSourcedId,username", ["p1,0042,ada"]),
  };

  it("are looked at as they are joined", async () => {
    const { doubts, sample } = await probeExport(files, { version: "1.2" });
    expect(doubts("users")).toEqual([
      "a row in roles.csv is missing or empty: 1 of 2: 7",
      "1 rows of roles.csv and userProfiles.csv are of users whom users.csv does not have",
    ]);
    const users = sample?.kinds.users?.records ?? [];
    expect(users.find(({ sourcedId }) => sourcedId === "0042")).toMatchObject({
      username: "ada",
      orgs: ["101"],
    });
  });

  it("are not judged when one of the files cannot be read", async () => {
    const broken = { ...files, "roles.csv": 'sourcedId,userSourcedId,role,orgSourcedId\n"' };
    const { step, sample, steps } = await probeExport(broken, { version: "1.2" });
    expect(step("roles")).toMatchObject({ section: "sis", status: "fail" });
    expect(steps.some(({ name }) => name === "users records")).toBe(false);
    expect(sample?.kinds.users).toBeUndefined();
    expect(sample?.kinds.enrollments?.isWhole).toBe(true);
  });
});

describe("the changes of a delta", () => {
  const time = "2026-11-02T06:00:00Z";
  const delta: Files = {
    "manifest.csv": manifest({
      ...{ orgs: "absent", academicSessions: "absent", courses: "absent" },
      ...{ classes: "absent", users: "absent", enrollments: "delta" },
    }),
    "enrollments.csv": csv(header("enrollments.csv"), [
      `e1,tobedeleted,${time},C1,101,0042,student,,,`,
      `e3,,${time},C1,101,7,aide,,,`,
    ]),
  };

  it("are looked at together with what was known before them, which is whole", async () => {
    const { state } = await readExport(SMALL);
    const { step, doubts, sample, left } = await probeExport(delta, { state, on: "2026-11-02T08:00:00Z" });
    expect(step("enrollments")).toMatchObject({ message: "2 rows, delta" });
    expect(step("enrollments records")?.message).toContain("all 3 records looked at");
    expect(doubts("enrollments")).toEqual(["status is missing or empty: 1 of 3: e3"]);
    const { enrollments, users } = sample?.kinds ?? {};
    expect(enrollments?.records.map(({ sourcedId }) => sourcedId).sort()).toEqual(["e2", "e3"]);
    expect(enrollments?.isWhole).toBe(true);
    expect(users).toMatchObject({ isWhole: true, records: [{ sourcedId: "0042" }, { sourcedId: "7" }] });
    expect(left).toEqual([]);
  });

  it("that are older than what is known are told", async () => {
    const newer = {
      ...delta,
      "enrollments.csv": csv(header("enrollments.csv"), [`e1,active,${time},C1,101,7,aide,,,`]),
    };
    const first = await readExport(newer, {
      state: (await readExport(SMALL)).state,
      on: "2026-11-02T08:00:00Z",
    });
    const older = csv(header("enrollments.csv"), ["e1,active,2026-11-01T06:00:00Z,C1,101,7,aide,,,"]);
    const { doubts } = await probeExport(
      { ...delta, "enrollments.csv": older },
      { state: first.state, on: "2026-11-02T09:00:00Z" },
    );
    expect(doubts("enrollments")).toEqual([
      "1 changes of enrollments are older than what is known, and were not taken",
    ]);
  });

  it("say nothing of a roster when there is nothing that they could be applied to", async () => {
    const files = { ...SMALL, ...delta, "manifest.csv": manifest({ enrollments: "delta" }) };
    const { step, doubts, sample } = await probeExport(files);
    expect(step("last state")).toMatchObject({ status: "fail" });
    expect(doubts("enrollments")).toEqual([
      "not looked at: there are only changes, and nothing that they could be applied to",
    ]);
    expect(sample?.kinds.enrollments).toBeUndefined();
    expect(sample?.kinds.classes?.isWhole).toBe(true);
  });

  it("cannot be looked at when what was known before is lost, which is told", async () => {
    const { state } = await readExport(SMALL);
    const lost = {
      ...state,
      records: () => {
        throw new Failure("source.no-state", "What was read before is gone.", { hint: "Export everything." });
      },
    };
    const { step, sample } = await probeExport(delta, { state: lost, on: "2026-11-02T08:00:00Z" });
    expect(step("users records")).toMatchObject({ status: "fail", message: "What was read before is gone." });
    expect(sample?.kinds).toEqual({});
  });
});

describe("the roster of an export", () => {
  it("is whole only as far as all of it was kept; against the standard all of it is looked at", async () => {
    const { sample, step } = await probeExport(SMALL, { mostKept: 1 });
    expect(sample?.kinds.users).toMatchObject({ isWhole: false, records: [{ sourcedId: "0042" }] });
    expect(sample?.kinds.orgs?.isWhole).toBe(true);
    expect(step("users records")?.message).toContain("all 2 records looked at");
  });

  it("lacks what the manifest says is absent", async () => {
    const { "courses.csv": _courses, ...files } = SMALL;
    const absent = { ...files, "manifest.csv": manifest({ courses: "absent" }) };
    const { sample, steps } = await probeExport(absent);
    expect(sample?.kinds.courses).toBeUndefined();
    expect(steps.filter(({ status }) => status === "fail")).toEqual([]);
  });

  it("must have the schools that are configured", async () => {
    const there = await probeExport(SMALL, { schools: ["101"] });
    expect(there.step("schools")).toMatchObject({
      ...{ section: "sis", status: "ok", message: "1 school, as source.schools says" },
    });
    const gone = await probeExport(SMALL, { schools: ["101", "999"] });
    expect(gone.step("schools")).toMatchObject({ status: "fail" });
    expect(gone.step("schools")?.message).toContain("999");
  });

  it("is not looked at without a folder for what does not fit in memory", async () => {
    const { sample, step } = await probeExport(SMALL, { hasRoom: false });
    expect(sample).toBeUndefined();
    expect(step("users")).toMatchObject({ status: "ok", message: "2 rows, bulk" });
    expect(step("records")).toMatchObject({ section: "records", status: "warn" });
  });
});

describe("the files of an export", () => {
  it("are told when the manifest does not count on them", async () => {
    const { step } = await probeExport({ ...SMALL, "manifest.csv": manifest({ courses: "absent" }) });
    expect(step("manifest")).toMatchObject({ status: "warn" });
    expect(step("manifest")?.message).toContain("courses.csv is there and is not read");
  });

  it("are told when they are said to be complete and hold nothing", async () => {
    const { step } = await probeExport(withRows("enrollments.csv"));
    expect(step("enrollments")).toMatchObject({ status: "warn" });
    expect(step("enrollments")?.message).toContain("it is said to be complete, and holds nothing");
  });
});
