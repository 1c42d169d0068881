import { describe, expect, it } from "vitest";
import type { District, RawUser } from "../../../jobs/demo/district.ts";
import { makeDistrict } from "../../../jobs/demo/district.ts";
import { directory } from "../night-kit.ts";
import { tinyDistrict } from "../tiny-district.ts";
import { csvOf, startNights, studentsOf, userIn, withoutEnrollments, withoutUsers } from "./nights.ts";

const DISTRICT = makeDistrict({ seed: 3, students: 60, schools: 2 });
const [LEAVER = "", STAYER = "", UNFIT = "", UNENROLLED = ""] = studentsOf(DISTRICT);

describe("who is gone from the SIS", () => {
  it("is told for repeatMissingNights delivered nights, others not counted, then no more, and comes back", async () => {
    const without = withoutUsers(DISTRICT, [LEAVER]);
    await using nights = await startNights(DISTRICT, { roster: { repeatMissingNights: 2 } });
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    const before = userIn(home, LEAVER);
    const gone = { status: "suspended", enrollments: before.enrollments.map(() => "deleted") };
    expect((await nights.night(without)).code).toBe(0);
    expect(userIn(home, LEAVER)).toEqual(gone);
    expect(home.manifest().files["users"]?.removed).toBe(1);

    // Neither a dry run, nor a night that is held, nor one that could not be delivered is a delivered night.
    expect((await nights.night(without, "--dry-run")).code).toBe(0);
    expect((await nights.night(withoutEnrollments(without))).code).toBe(4);
    home.configure({ delivery: directory("./not/there") });
    expect((await nights.night(without)).code).toBe(5);
    home.configure({});

    expect((await nights.night(without)).code).toBe(0);
    expect(userIn(home, LEAVER)).toEqual(gone);
    // It was said before that they are gone.
    expect(home.manifest().files["users"]).toMatchObject({ changed: 0, removed: 0 });
    expect((await nights.night(without)).code).toBe(0);
    expect(userIn(home, LEAVER)).toEqual({ status: undefined, enrollments: [] });

    expect((await nights.night(DISTRICT)).code).toBe(0);
    expect(before.status).toBe("active");
    expect(userIn(home, LEAVER)).toEqual(before);
    expect(home.manifest().files["users"]).toMatchObject({ added: 1, removed: 0 });
  });
});

describe("a session that is there and unfit", () => {
  it("shortens the term of no class: what was delivered stays", async () => {
    const district = tinyDistrict();
    const spoilt = { startDate: "2026-10-32" };
    const tonight: District = {
      ...district,
      academicSessions: district.academicSessions.map((session) =>
        session.sourcedId === "Q2-27" ? { ...session, ...spoilt } : session,
      ),
    };
    await using nights = await startNights(district, { source: { rejectTolerancePercent: 50 } });
    const { home } = nights;
    expect((await nights.night(district)).code).toBe(0);
    const before = csvOf(home, "canvas/courses.csv");
    expect(before).toContainEqual(expect.objectContaining({ course_id: "halves", term_id: "S1-27" }));
    const { code, stderr } = await nights.night(tonight);
    expect(code, stderr).toBe(0);
    expect(csvOf(home, "canvas/courses.csv")).toEqual(before);
    const [halves] = csvOf(home, "rejects.csv").filter(({ sourcedId }) => sourcedId === "halves");
    expect(halves?.["reason"]).toMatch(
      /session Q2-27 was left out.*; its row of the last delivered night stays$/,
    );
  });
});

describe("an org that is there and unfit", () => {
  it("moves no school: the accounts under it and their courses stay where they were delivered", async () => {
    const district = tinyDistrict();
    const tonight: District = {
      ...district,
      orgs: district.orgs.map((org) => (org.sourcedId === "Z1" ? { ...org, status: "odd" as never } : org)),
    };
    await using nights = await startNights(district, {
      source: { rejectTolerancePercent: 100 },
      roster: { accounts: { types: ["school", "district"] } },
    });
    const { home } = nights;
    const rows = () => ["accounts", "courses", "sections"].map((file) => csvOf(home, `canvas/${file}.csv`));
    expect((await nights.night(district)).code).toBe(0);
    const before = rows();
    const { code, stderr } = await nights.night(tonight);
    expect(code, stderr).toBe(0);
    expect(before[0]).toContainEqual(expect.objectContaining({ account_id: "101", parent_account_id: "Z1" }));
    expect(rows()).toEqual(before);
  });
});

describe("who is still in the SIS", () => {
  it("keeps the last row when tonight's record is unfit, and the user when no class is left", async () => {
    const rename = (user: RawUser): RawUser =>
      user.sourcedId === UNFIT ? { ...user, familyName: "Unread", enabledUser: "maybe" as never } : user;
    const tonight: District = {
      ...DISTRICT,
      users: DISTRICT.users.map(rename),
      enrollments: DISTRICT.enrollments.filter(({ user }) => user.sourcedId !== UNENROLLED),
    };
    await using nights = await startNights(DISTRICT, { source: { rejectTolerancePercent: 5 } });
    const { home } = nights;
    await nights.night(DISTRICT);
    const [first] = home.runs();
    const rows = () => csvOf(home, "canvas/users.csv").find((row) => row["user_id"] === UNFIT);
    const [before, enrollments] = [rows(), userIn(home, UNFIT)];
    const unenrolled = userIn(home, UNENROLLED).enrollments.length;
    const { code, stderr } = await nights.night(tonight);
    expect(code, stderr).toBe(0);

    expect(rows()).toEqual(before);
    expect(userIn(home, UNFIT)).toEqual(enrollments);
    const rejects = csvOf(home, "rejects.csv");
    expect(rejects.filter(({ type }) => type === "users")).toEqual([
      expect.objectContaining({ sourcedId: UNFIT, field: "enabledUser", value: "maybe" }),
    ]);
    for (const { reason } of rejects) expect(reason).toMatch(/; its row of the last delivered night stays$/);
    expect(userIn(home, UNENROLLED)).toEqual({
      status: "active",
      enrollments: Array(unenrolled).fill("deleted"),
    });
    expect(home.manifest().files["users"]).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect(home.manifest().files["enrollments"]).toMatchObject({ added: 0, removed: unenrolled });

    // The night after, from which no explicit deletion is missing: nobody has been forgotten on the way.
    expect((await nights.night(tonight)).code).toBe(0);
    expect(userIn(home, UNENROLLED).status).toBe("active");
    expect(rows()).toEqual(before);
    expect(userIn(home, STAYER)).toEqual(userIn(home, STAYER, first));
  });
});
