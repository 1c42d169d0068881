import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { packageOf, rowsOf } from "../night-kit.ts";
import { tinyClass, tinyDistrict, tinyEnrollment } from "../tiny-district.ts";
import { type Nights, startNights } from "./nights.ts";

const PERIOD = { periods: ["3", "5"] };

/** Two classes of one teacher at one time, one of another, and one of which nobody says when it is. */
function district(teacherOfSecond = "T1"): District {
  const tiny = tinyDistrict();
  const ids = ["x-1", "x-2", "x-3", "x-4"];
  const periods = [PERIOD, { periods: ["5", "3"] }, { periods: ["4"] }, {}];
  return {
    ...tiny,
    classes: [...tiny.classes, ...ids.map((id, index) => tinyClass(id, ["S1-27"], periods[index]))],
    enrollments: [
      ...tiny.enrollments,
      ...ids.map((id) => tinyEnrollment(`t-${id}`, id === "x-2" ? teacherOfSecond : "T1", id, "teacher")),
      ...ids.map((id) => tinyEnrollment(`s-${id}`, "42", id, "student")),
    ],
  };
}

let nights: Nights;
const RULE = { roster: { crossLists: { rule: "teacher-period-course" } } };
const lists = (run?: string) =>
  rowsOf(packageOf(nights.home, run), "xlists").map(
    (row) => `${row["section_id"]} ${row["xlist_course_id"]} ${row["status"]}`,
  );

beforeAll(async () => {
  nights = await startNights(district(), RULE);
});
afterAll(() => nights[Symbol.asyncDispose]());

describe("nights with cross-listings", () => {
  it("put the classes of one teacher, period and course into one Canvas course, each with its own rows", async () => {
    expect((await nights.night(district())).code).toBe(0);
    expect(lists()).toEqual(["x-2 x-1 active"]);
    const files = packageOf(nights.home);
    expect([...files.keys()].slice(3, 6)).toEqual(["sections.csv", "xlists.csv", "users.csv"]);
    expect(rowsOf(files, "sections").find((row) => row["section_id"] === "x-2")?.["course_id"]).toBe("x-2");
    expect(nights.home.manifest().files["xlists"]).toMatchObject({ rows: 1, added: 1 });
  });

  it("leave them there when another teacher comes", async () => {
    expect((await nights.night(district("head"))).code).toBe(0);
    expect(lists()).toEqual(["x-2 x-1 active"]);
    expect(nights.home.manifest().files["xlists"]).toMatchObject({ unchanged: 1, changed: 0, removed: 0 });
  });

  it("take them apart when the config does not want it any more, as plan says", async () => {
    nights.home.configure({ ...nights.sections, roster: {} });
    const plan = await nights.home.call(["plan"]);
    expect(plan.stdout).toContain("1 xlist: sent as deleted for 3 nights");
    expect((await nights.home.call(["roster"])).code).toBe(0);
    expect(lists()).toEqual(["x-2 x-1 deleted"]);
  });
});

describe("a night without cross-listings", () => {
  it("has no such file, whatever classes have in common", async () => {
    await using plain = await startNights(district());
    expect((await plain.night(district())).code).toBe(0);
    expect([...packageOf(plain.home).keys()]).not.toContain("xlists.csv");
  });
});
