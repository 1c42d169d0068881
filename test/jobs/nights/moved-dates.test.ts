import { describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { smallDistrict } from "../night-kit.ts";
import { startNights, studentsOf } from "./nights.ts";

const DAY = 86_400_000;
/** In the demo's calendar, in the middle of the first semester. */
const NOVEMBER = "2026-11-04";

function shifted(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** Every academic session so many days later, or its end alone. */
function later(district: District, days: number, startToo = true): District {
  return {
    ...district,
    academicSessions: district.academicSessions.map((session) => ({
      ...session,
      startDate: shifted(session.startDate, startToo ? days : 0),
      endDate: shifted(session.endDate, days),
    })),
  };
}

/** The district with its school year where today is in November of it, whenever these tests run. */
function inNovember(district: District): District {
  return later(district, Math.round((Date.now() - Date.parse(NOVEMBER)) / DAY));
}

function disabled(district: District, ids: readonly string[]): District {
  return {
    ...district,
    users: district.users.map((user) =>
      ids.includes(user.sourcedId) ? { ...user, enabledUser: false } : user,
    ),
  };
}

/** Canvas would heed an enrollment's own dates before its term's. */
function withoutOwnDates({ enrollments, ...district }: District): District {
  return { ...district, enrollments: enrollments.map(({ beginDate: _, endDate: __, ...one }) => one) };
}

const DISTRICT = inNovember(withoutOwnDates(smallDistrict()));

describe("a night in which no row is gone", () => {
  it("is held when all terms move to the next school year, and delivered when accepted", async () => {
    await using nights = await startNights(DISTRICT);
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    const rolledOver = later(DISTRICT, 364);
    const { code, stderr } = await nights.night(rolledOver);
    expect(code, stderr).toBe(4);
    expect(home.delivered()).toHaveLength(1);
    const { guard, files } = home.manifest();
    expect(files["enrollments"]).toMatchObject({ removed: 0 });
    expect(guard?.violations[0]).toMatchObject({ rule: "dates", file: "terms", account_id: null });
    expect(guard?.violations[0]?.message).toMatch(
      /^terms: [\d,]+ of [\d,]+ courses and [\d,]+ of [\d,]+ enrollments would close \(\d+ %, limit 10 %\), as new dates of terms move across today, \d{4}-\d\d-\d\d: .*S1-2027 "Semester 1" \(\d{4}-/,
    );
    expect(guard?.causes[0]).toContain("a rollover that came early");
    const held = home.runs().at(-1) ?? "";
    const { stdout } = await home.call(["show", held]);
    expect(stdout).toContain("would close");
    expect(stdout).toContain(`rosterbridge rerun ${held} --accept-changes`);
    expect((await home.call(["rerun", "--accept-changes"])).code).toBe(0);
    expect(home.delivered()).toHaveLength(2);
    // What was accepted is what the next night is compared with.
    expect((await nights.night(rolledOver)).code).toBe(0);
  });

  it("is held when nearly all users are disabled, and plan says it apart", async () => {
    await using nights = await startNights(DISTRICT);
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    const students = studentsOf(DISTRICT);
    await nights.becomes(disabled(DISTRICT, students));
    const plan = await home.call(["plan"]);
    expect(plan.stdout).toContain("There both nights, and suspended");
    expect(plan.stdout).toContain("This night would be HELD");
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(4);
    const { guard, files } = home.manifest();
    expect(files["users"]).toMatchObject({ removed: 0, suspended: students.length });
    expect(guard?.violations[0]).toMatchObject({ rule: "removed-percent", file: "users" });
    expect(guard?.violations[0]?.message).toMatch(
      new RegExp(`^users: ${students.length} of \\d+ users would be suspended, as enabledUser is false \\(`),
    );
    expect(home.delivered()).toHaveLength(1);
  });

  it("is delivered when a few users are disabled and snow moves the last day of every term", async () => {
    await using nights = await startNights(DISTRICT);
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    const students = studentsOf(DISTRICT).slice(0, 2);
    const { code, stderr } = await nights.night(later(disabled(DISTRICT, students), 3, false));
    expect(code, stderr).toBe(0);
    const { guard, files } = home.manifest();
    expect(guard?.violations).toEqual([]);
    expect(files["users"]).toMatchObject({ changed: 2, suspended: 2 });
    expect(files["terms"]?.changed).toBeGreaterThan(0);
    expect(home.delivered()).toHaveLength(2);
  });
});
