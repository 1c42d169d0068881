import { describe, expect, it } from "vitest";
import { deliver, lastOf, states } from "./delivered.ts";
import { night, settle, type Night, type Row } from "./night.ts";
import { account, course, enrollment, gone, reasons, section, term, user } from "./rows.ts";

/** Classes, each with its teachers: `{ math: ["ann"] }`. */
function taught(classes: Record<string, string[]>, parts: Partial<Night> = {}): Night {
  const names = Object.keys(classes);
  const teachers = [...new Set(Object.values(classes).flat())];
  return night({
    accounts: [account("school")],
    terms: [term("fall")],
    courses: names.map((id) => course(id)),
    sections: names.map((id) => section(id)),
    users: teachers.map((id) => user(id)),
    enrollments: names.flatMap((id) =>
      (classes[id] ?? []).map((who) => enrollment(`${who}@${id}`, { role: "teacher" })),
    ),
    ...parts,
  });
}

const by = (alike: Row) => ({ crossLists: { alike } });
const lists = ({ rows }: { rows: Record<"xlists", Row[]> }) =>
  states(rows.xlists, "section_id", "xlist_course_id");

describe("sections that the institution puts together", () => {
  it("go where it says", async () => {
    const result = await settle(taught({ a: ["ann"], b: ["bea"], c: ["ann"] }), {
      crossLists: { sections: { c: "a", a: "a" } },
    });
    expect(lists(result)).toEqual(["c a: active"]);
    expect(result.texts["xlists.csv"]).toBe("xlist_course_id,section_id,status\na,c,active\n");
  });

  it("are rejects when the section or the course is not there: Canvas would make a course", async () => {
    const result = await settle(taught({ a: ["ann"] }), { crossLists: { sections: { a: "x", y: "a" } } });
    expect(result.rows.xlists).toEqual([]);
    expect(reasons(result.rejects)).toEqual([
      "crossLists a: there is no such course in the package",
      "crossLists y: there is no such section in the package",
    ]);
  });

  it("go back when they are named no more, also when nothing is cross-listed any more", async () => {
    const classes = taught({ a: ["ann"], b: ["ann"] });
    for (const then of [{ crossLists: { sections: {} } }, { crossListsFile: true }]) {
      const [, second] = await deliver([classes, classes], [{ crossLists: { sections: { b: "a" } } }, then]);
      expect(lists(second!)).toEqual(["b a: deleted"]);
      expect(second!.compared.files.xlists).toMatchObject({ rows: 0, removed: 1 });
      expect(second!.compared.schools).toMatchObject([
        { account_id: "school", file: "xlists", last: 1, removed: 1 },
      ]);
    }
  });
});

describe("sections that are taught together by the rule", () => {
  it("share likeness and all teachers, and go into the first of their courses", async () => {
    const result = await settle(
      taught({ d: ["ann"], b: ["ann"], c: ["ann"], e: ["ann", "bea"], f: ["bea", "ann"], g: [], h: [] }),
      by({ b: "1", d: "1", c: "2", e: "1", f: "1", g: "1", h: "1" }),
    );
    expect(lists(result)).toEqual(["d b: active", "f e: active"]);
  });

  it("of one course already need no row", async () => {
    const classes = taught(
      { a: ["ann"], b: ["ann"] },
      { sections: [section("a", { course_id: "a" }), section("b", { course_id: "a" })] },
    );
    expect(lists(await settle(classes, by({ a: "1", b: "1" })))).toEqual([]);
  });

  it("come after what the institution says itself", async () => {
    const result = await settle(taught({ a: ["ann"], b: ["ann"], c: ["ann"] }), {
      crossLists: { sections: { a: "c" }, alike: { a: "1", b: "1", c: "1" } },
    });
    expect(lists(result)).toEqual(["a c: active", "b c: active"]);
  });

  it("are not moved out of a course to which the institution sends others", async () => {
    const result = await settle(taught({ b: ["ann"], c: ["ann"], x: ["bea"], y: ["bea"] }), {
      crossLists: { sections: { x: "b", y: "c" }, alike: { b: "1", c: "1" } },
    });
    expect(lists(result)).toEqual(["x b: active", "y c: active"]);
  });

  const alike = { a: "1", b: "1", c: "1" };
  const first = taught({ b: ["ann"], c: ["ann"] });

  it("stay together when the teacher or the period changes: the work is there", async () => {
    const [, teacher] = await deliver([first, taught({ b: ["ann"], c: ["bea"] })], by(alike));
    expect(lists(teacher!)).toEqual(["c b: active"]);
    const [, period] = await deliver([first, first], [by(alike), by({ b: "1", c: "2" })]);
    expect(lists(period!)).toEqual(["c b: active"]);
  });

  it("stay where they are when a class comes that would be the first, which joins them", async () => {
    const night = await lastOf([first, taught({ a: ["ann"], b: ["ann"], c: ["ann"] })], by(alike));
    expect(lists(night)).toEqual(["a b: active", "c b: active"]);
    expect(night.compared.files.xlists).toMatchObject({ added: 1, changed: 0, removed: 0 });
  });

  it("stay in their course when the class that gave it is gone", async () => {
    const without = taught({ c: ["ann"] }, { rest: [gone("classes", "b")] });
    const night = await lastOf([first, without], { ...by(alike), missing: { courses: "delete" } });
    expect(lists(night)).toEqual(["c b: active"]);
    expect(states(night.rows.courses, "course_id")).toEqual(["b: active", "c: active"]);
  });

  it("end with their section, which is in the package to be deleted", async () => {
    const night = await lastOf([first, taught({ b: ["ann"] }, { rest: [gone("classes", "c")] })], by(alike));
    expect(lists(night)).toEqual(["c b: deleted"]);
    expect(states(night.rows.sections, "section_id")).toEqual(["b: active", "c: deleted"]);
  });

  it("do not go back together when the section returns, taught at another time", async () => {
    const without = taught({ b: ["ann"] }, { rest: [gone("classes", "c")] });
    const nights = [by(alike), by(alike), by({ b: "1", c: "2" })];
    const [, , third] = await deliver([first, without, first], nights);
    expect(lists(third!)).toEqual(["c b: deleted"]);
  });

  it("are left as they are with a section that Canvas keeps", async () => {
    const without = taught({ b: ["ann"] }, { rest: [gone("classes", "c")] });
    const nights = await deliver([first, without, without], { ...by(alike), missing: { sections: "keep" } });
    expect(nights.slice(1).map(lists)).toEqual([[], []]);
  });
});
