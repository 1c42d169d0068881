import { describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { smallDistrict } from "../night-kit.ts";
import { type Nights, startNights, userIn } from "./nights.ts";

const AIDE = (() => {
  const { users, enrollments } = smallDistrict();
  const enrolled = new Set(
    enrollments.filter(({ status }) => status === "active").map(({ user }) => user.sourcedId),
  );
  return users.find(({ role, sourcedId }) => role === "aide" && enrolled.has(sourcedId))?.sourcedId ?? "";
})();

/** The aide is in no class any more, and still of the SIS. */
function withoutHerClasses(): District {
  const district = smallDistrict();
  return {
    ...district,
    enrollments: district.enrollments.filter(({ user }) => user.sourcedId !== AIDE),
  };
}

/** A night in which the SIS cannot give all users at once. */
async function withoutUsersInBulk(nights: Nights, district: District) {
  const sis = await nights.becomes(district);
  sis.failNext({ path: "/users", times: 2, answer: { status: 500 } });
  return nights.home.call(["roster"]);
}

describe("a night whose users had to be read school by school", () => {
  it("takes nobody for gone who is neither student nor teacher of a school", async () => {
    const [before, after] = [smallDistrict(), withoutHerClasses()];
    await using nights = await startNights(before);
    expect(await nights.night(before)).toMatchObject({ code: 0 });
    expect(userIn(nights.home, AIDE).status).toBe("active");

    const ended = await withoutUsersInBulk(nights, after);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toContain("read school by school instead");
    expect(userIn(nights.home, AIDE).status).toBe("active");

    expect(await nights.night(after)).toMatchObject({ code: 0 });
    expect(userIn(nights.home, AIDE).status).toBe("active");
  });

  it.for([
    ["observers", { observers: true }],
    ["admins", { admins: { roles: { administrator: "AccountAdmin" } } }],
    ["all users", { users: { include: "all" } }],
  ] as const)("fails where %s are wanted, whom no school has", async ([, roster]) => {
    const district = smallDistrict();
    await using nights = await startNights(district, { roster });
    const ended = await withoutUsersInBulk(nights, district);
    expect(ended).toMatchObject({ code: 3 });
    expect(nights.home.manifest().errors).toMatchObject([{ stage: "extract", code: "source.unavailable" }]);
    expect(nights.home.delivered()).toEqual([]);
  });
});
