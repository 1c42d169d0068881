import { describe, expect, it } from "vitest";
import {
  csv,
  type Files,
  idsOf,
  manifest,
  type Read,
  readExport,
  recordOf,
  refusal,
  SMALL,
} from "./reading.ts";

const BULK = await readExport(SMALL, { on: "2026-11-01T08:00:00Z" });
const ABSENT = {
  ...{ orgs: "absent", academicSessions: "absent", courses: "absent" },
  ...{ classes: "absent", users: "absent" },
};
const header = (name: string) => SMALL[name]!.toString().split("\n")[0]!;

/** Changes of enrollments alone: `id status time role`. */
function delta(...rows: [id: string, status: string, time: string, role: string][]): Files {
  return {
    "manifest.csv": manifest({ ...ABSENT, enrollments: "delta" }),
    "enrollments.csv": csv(
      header("enrollments.csv"),
      rows.map(([id, status, time, role]) => `${id},${status},${time},C1,101,7,${role},,,`),
    ),
  };
}

async function next(files: Files, before: Read, on = "2026-11-02T08:00:00Z"): Promise<Read> {
  return readExport(files, { state: before.state, on });
}

describe("a delta", () => {
  it("is applied to what was read before, of which everything else stays", async () => {
    const read = await next(
      delta(["e1", "tobedeleted", T(2), "student"], ["e3", "active", T(2), "aide"]),
      BULK,
    );
    expect(recordOf(read, "enrollments", "e1")).toMatchObject({ gone: true });
    expect(recordOf(read, "enrollments", "e2")).toEqual(recordOf(BULK, "enrollments", "e2"));
    expect(recordOf(read, "enrollments", "e3")).toMatchObject({ gone: false, role: "aide" });
    expect(idsOf(read, "users")).toEqual(["0042", "7"]);
    expect(read.report.warnings).toEqual([]);
  });

  it("comes on top of the one before it", async () => {
    const first = await next(delta(["e3", "active", T(2), "aide"]), BULK);
    const second = await next(delta(["e4", "active", T(3), "aide"]), first, "2026-11-03T08:00:00Z");
    expect(idsOf(second, "enrollments")).toEqual(["e1", "e2", "e3", "e4"]);
  });

  it("changes nothing when it is delivered again", async () => {
    const files = delta(["e1", "tobedeleted", T(2), "student"], ["e3", "active", T(2), "aide"]);
    const once = await next(files, BULK);
    const again = await next(files, once);
    expect(again.records.get("enrollments")).toEqual(once.records.get("enrollments"));
    expect(again.report.warnings).toEqual([]);
  });

  it("tells when there was time for others that nobody has read, as after a pause", async () => {
    const late = delta(["e3", "active", T(2), "aide"]);
    expect((await next(late, BULK, "2026-11-04T08:00:00Z")).report.warnings).toEqual([]);
    const { report } = await readExport(late, {
      ...{ state: BULK.state, on: "2026-12-31T08:00:00Z", now: "2026-12-31T09:00:00Z" },
    });
    expect(report.warnings).toEqual([
      "the changes (delta) were written 60 days after what was read last: if the SIS has exported in between, those changes are missing, and it should export everything once (bulk)",
    ]);
  });

  it("does not undo a newer change of a record, and tells", async () => {
    const newer = await next(delta(["e1", "tobedeleted", T(5), "student"]), BULK);
    const read = await next(delta(["e1", "active", T(4), "student"]), newer, "2026-11-04T08:00:00Z");
    expect(recordOf(read, "enrollments", "e1")).toMatchObject({ gone: true });
    expect(read.report.warnings).toEqual([
      "1 changes of enrollments are older than what is known, and were not taken",
    ]);
  });

  it("counts by the order of the exports where the time is the same, or none", async () => {
    const first = await next(delta(["e1", "active", T(5), "aide"], ["e2", "active", "", "aide"]), BULK);
    const second = await next(
      delta(["e1", "active", T(5), "teacher"], ["e2", "active", "", "teacher"]),
      first,
    );
    expect(recordOf(second, "enrollments", "e1")).toMatchObject({ role: "teacher" });
    expect(recordOf(second, "enrollments", "e2")).toMatchObject({ role: "teacher" });
  });

  it("is forgotten with the next complete file", async () => {
    const first = await next(delta(["e3", "active", T(2), "aide"]), BULK);
    expect(idsOf(await next(SMALL, first, "2026-11-03T08:00:00Z"), "enrollments")).toEqual(["e1", "e2"]);
  });

  it("may come with complete files", async () => {
    const files = {
      ...delta(["e3", "active", T(2), "aide"]),
      "manifest.csv": manifest({ ...ABSENT, users: "bulk", enrollments: "delta" }),
      "users.csv": csv(header("users.csv"), USER_9),
    };
    const read = await next(files, BULK);
    expect(idsOf(read, "users")).toEqual(["9"]);
    expect(idsOf(read, "enrollments")).toEqual(["e1", "e2", "e3"]);
  });

  it("rejects the rows that cannot be read, as long as nothing better comes", async () => {
    const ragged = delta();
    ragged["enrollments.csv"] =
      `${header("enrollments.csv")}\ne1,active\ne5,active,${T(2)},C1,101,7,aide,,,\n`;
    const first = await next(ragged, BULK);
    expect(recordOf(first, "enrollments", "e1")).toMatchObject({
      sourcedId: "e1",
      reason: expect.any(String) as string,
    });
    const second = await next(delta(["e1", "active", T(3), "aide"]), first, "2026-11-03T08:00:00Z");
    expect(recordOf(second, "enrollments", "e1")).toMatchObject({ role: "aide" });
  });
});

describe("a delta is refused", () => {
  it.for<[string, () => Promise<{ code: string; message: string; hint: string }>, string, string]>([
    [
      "when nothing was read before it",
      () => refusal(delta(["e1", "active", T(2), "student"])),
      "source.no-state",
      "only what changed (delta) of enrollments.csv, and nothing has been read before it",
    ],
    [
      "when what was read before is of another version",
      () => refusal(delta(), { state: { ...BULK.state, version: "1.2" } }),
      "source.no-state",
      "what was read before was OneRoster 1.2, not 1.1",
    ],
    [
      "when its file was written before the one that was read last",
      () => refusal(delta(), { state: BULK.state, on: "2026-10-31T08:00:00Z" }),
      "source.older-export",
      "enrollments.csv is a delta that was written 2026-10-31T08:00:00.000Z",
    ],
    [
      "when it does not say what is gone",
      () =>
        refusal(
          { ...delta(), "enrollments.csv": csv("sourcedId,classSourcedId,userSourcedId,role", []) },
          { state: BULK.state },
        ),
      "source.export-columns",
      "enrollments.csv lacks status, dateLastModified (delta)",
    ],
  ])("%s", async ([, refused, code, message]) => {
    const failure = await refused();
    expect(failure).toMatchObject({ code, exitCode: 3 });
    expect(failure.message).toContain(message);
    expect(failure.hint).not.toBe("");
  });
});

describe("a delta of OneRoster 1.2", () => {
  const tables = "orgs,academicSessions,courses,classes,users,enrollments,roles,userProfiles".split(",");
  const only = (table: string, how: string) =>
    manifest(Object.fromEntries(tables.map((one) => [one, one === table ? how : "absent"])), "1.2");
  const roles = (...rows: string[]) =>
    csv(
      "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
      rows,
    );
  const bulk: Files = {
    ...SMALL,
    "manifest.csv": manifest({}, "1.2"),
    "users.csv": csv("sourcedId,username,givenName,familyName", ["0042,ada,Ada,Byron", "7,tom,Tom,Ash"]),
    "roles.csv": roles("r1,,,0042,primary,student,,,101,", "r2,,,7,primary,teacher,,,101,"),
    "userProfiles.csv": csv("sourcedId,userSourcedId,username", []),
  };
  const orgsOf = (read: Read, id: string) => {
    const user = read.records.get("users")?.find(({ sourcedId }) => sourcedId === id);
    return (user?.["roles"] as { org: { sourcedId: string } }[]).map(({ org }) => org.sourcedId);
  };

  it("changes the roles of users of whom it says nothing else", async () => {
    const first = await readExport(bulk, { version: "1.2" });
    const files = {
      "manifest.csv": only("roles", "delta"),
      "roles.csv": roles(
        `r1,tobedeleted,${T(2)},0042,primary,student,,,101,`,
        `r3,active,${T(2)},0042,primary,student,,,102,`,
      ),
    };
    const second = await readExport(files, { version: "1.2", state: first.state });
    expect(orgsOf(second, "0042")).toEqual(["102"]);
    expect(orgsOf(second, "7")).toEqual(["101"]);
    expect(recordOf(second, "users", "0042")).toMatchObject({ username: "ada", givenName: "Ada" });

    const late = { ...files, "roles.csv": roles(`r1,active,${T(1)},0042,primary,student,,,101,`) };
    expect(orgsOf(await readExport(late, { version: "1.2", state: second.state }), "0042")).toEqual(["102"]);
  });

  it("changes users and leaves them their roles", async () => {
    const first = await readExport(bulk, { version: "1.2" });
    const files = {
      "manifest.csv": only("users", "delta"),
      "users.csv": csv("sourcedId,status,dateLastModified,username,givenName,familyName", [
        `7,active,${T(2)},tom,Tom,Ash-Okafor`,
      ]),
    };
    const second = await readExport(files, { version: "1.2", state: first.state });
    expect(orgsOf(second, "7")).toEqual(["101"]);
    expect(recordOf(second, "users", "7")).toMatchObject({ familyName: "Ash-Okafor" });
  });
});

const USER_9 = ["9,,,true,101,teacher,ned,,Ned,Oak,,,,,,,,"];

/** A time on a day of November. */
function T(day: number): string {
  return `2026-11-0${day}T06:00:00.000Z`;
}
