import { describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { smallDistrict } from "../night-kit.ts";
import { SECOND_SCHOOL, startNights, withoutEnrollments } from "./nights.ts";

const DISTRICT = smallDistrict();

/** Everybody under a new id, as after a move to another SIS. */
function renumbered(district: District): District {
  const anew = <R extends { sourcedId: string }>(record: R): R => ({
    ...record,
    sourcedId: `n-${record.sourcedId}`,
  });
  return {
    ...district,
    users: district.users.map(anew),
    enrollments: district.enrollments.map((one) => ({ ...one, user: anew(one.user) })),
  };
}

describe("a night is held", () => {
  it("when it is the first and nobody is enrolled", async () => {
    await using nights = await startNights({ ...DISTRICT, enrollments: [] });
    const { code, stderr } = await nights.home.call(["roster"]);
    expect(code, stderr).toBe(4);
    expect(stderr).toContain("enrollments: there would be not one");
    expect(nights.home.manifest().guard?.violations).toContainEqual(
      expect.objectContaining({ rule: "required-file", file: "enrollments" }),
    );
    expect(nights.home.delivered()).toEqual([]);
  });

  it("when source.schools has become shorter, and it says that this is why", async () => {
    await using nights = await startNights(DISTRICT);
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    home.configure({ source: { ...nights.sections.source, schools: ["101"] } });
    const { code, stderr } = await nights.night(DISTRICT);
    expect(code, stderr).toBe(4);
    expect(home.manifest().guard?.causes[0]).toMatch(
      new RegExp(
        `^source\\.schools does not name ${SECOND_SCHOOL} any more: was it taken out on purpose\\? All of .+ \\(${SECOND_SCHOOL}\\) would go: .*\\d+ enrollments and \\d+ sections`,
      ),
    );
    expect(home.delivered()).toHaveLength(1);

    // Yes, on purpose: said before the night is made.
    expect((await nights.night(DISTRICT, "--accept-changes")).code).toBe(0);
    expect(home.manifest().guard?.accepted?.how).toBe("roster --accept-changes");
    expect(home.delivered()).toHaveLength(2);
  });

  it.each([
    ["not of a config that differs in what decides no row", { retention: { runs: 7 } }, false],
    ["of a config that differs in what decides the rows", { roster: { sections: { dates: "term" } } }, true],
  ])("and it tells %s", async (_, section, told) => {
    await using nights = await startNights(DISTRICT);
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    home.configure(section);
    expect((await nights.night(withoutEnrollments(DISTRICT))).code).toBe(4);
    const { causes } = home.manifest().guard!;
    expect(causes[0]).toContain("did not send this school's data");
    expect(causes.some((cause) => cause.startsWith("The config is not what it was"))).toBe(told);
  });

  it("when everybody has a new id, and it says that it looks like that", async () => {
    await using nights = await startNights(DISTRICT);
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    const { code } = await nights.night(renumbered(DISTRICT));
    expect(code).toBe(4);
    const { violations, causes } = home.manifest().guard!;
    expect(violations[0]).toMatchObject({ rule: "new-ids", file: "users" });
    expect(causes).toContainEqual(expect.stringContaining("it looks as if users got new ids"));
    expect(home.delivered()).toHaveLength(1);
  });
});
