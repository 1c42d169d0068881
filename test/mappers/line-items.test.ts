import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GradebookContext } from "../../mappers/gradebook-body.ts";
import { type LineItemInput, mapLineItem, wantedTitle } from "../../mappers/line-items.ts";
import { assignment, context, course, grades, ground, lineItemInput, section, total } from "./graded-work.ts";

const SIS = "https://sis.example.org/ims/oneroster/v1p1";

function mapped(
  said: Partial<LineItemInput> = {},
  rules: object = {},
  about: Partial<GradebookContext> = {},
) {
  const result = mapLineItem(lineItemInput(said), grades(rules), context(about));
  if (result.skip !== undefined) throw new Error(`skipped: ${result.skip}`);
  return result;
}

const { points_possible: _points, ...withoutPoints } = assignment();
const { due_at: _due, ...withoutDueDate } = assignment();

function skip(said: Partial<LineItemInput>) {
  return mapLineItem(lineItemInput(said), grades(), context()).skip;
}

describe("mapLineItem", () => {
  it("says of an assignment what the SIS needs, and nothing else", () => {
    const unlock_at = "2026-09-28T07:00:00Z";
    expect(mapped({ assignment: assignment({ unlock_at }), gradingPeriod: "gp-1" })).toEqual({
      dueDate: "2026-10-03T06:59:59Z",
      lineItem: {
        status: "active",
        title: "Quadratics quiz",
        description: "Imported from Canvas: https://oakdale.instructure.com/courses/7/assignments/501",
        assignDate: "2026-09-28T07:00:00Z",
        dueDate: "2026-10-03T06:59:59Z",
        class: { href: `${SIS}/classes/class-1`, sourcedId: "class-1", type: "class" },
        category: { href: `${SIS}/categories/cat-quiz`, sourcedId: "cat-quiz", type: "category" },
        gradingPeriod: { href: `${SIS}/academicSessions/gp-1`, sourcedId: "gp-1", type: "academicSession" },
        resultValueMin: 0,
        resultValueMax: 20,
      },
    });
  });

  it("assigns work on its due date where Canvas has no other", () => {
    expect(mapped().lineItem).toMatchObject({ assignDate: "2026-10-03T06:59:59Z" });
  });

  it("sends null for no category and no grading period, and omits the grading period where told", () => {
    expect(mapped({ category: null, gradingPeriod: null }).lineItem).toMatchObject({
      category: null,
      gradingPeriod: null,
    });
    expect(mapped({ gradingPeriod: undefined }).lineItem).not.toHaveProperty("gradingPeriod");
  });

  it("is due when its section ends where the source knows no dates, unless the SIS has one already", () => {
    const undated = { ...withoutDueDate, dates_unknown: true } as const;
    const lineItem = { dueDate: "2026-12-19T07:59:59Z", assignDate: "2026-12-19T07:59:59Z" };
    const end = { ...ground, end_date: lineItem.dueDate };
    expect(mapped({ assignment: undated, ground: end }).lineItem).toMatchObject(lineItem);
    const endless = { ...ground, end_date: "" };
    expect(() => mapped({ assignment: undated, ground: endless })).toThrow(/end date/);
    const due_at = "2026-10-01T06:59:59Z";
    expect(mapped({ assignment: { ...undated, due_at }, ground: end }).lineItem).toMatchObject({
      dueDate: due_at,
    });
  });

  it("takes 0 points as they are: extra credit has a column too", () => {
    expect(mapped({ assignment: assignment({ points_possible: 0 }) }).lineItem).toMatchObject({
      resultValueMax: 0,
    });
  });

  it("sends the title that it is given, which may be cut", () => {
    expect(mapped({ title: "Quadra~501" }).lineItem).toMatchObject({ title: "Quadra~501" });
  });

  it.each<[string, Partial<LineItemInput>, RegExp]>([
    ["no due date", { assignment: withoutDueDate }, /no due date.*Give it one in Canvas/],
    ["no points", { assignment: withoutPoints }, /no points possible.*Canvas/],
    ["no name", { title: "  " }, /no name/],
    [
      "what the source found",
      { assignment: assignment({ problem: "Due dates are per student." }) },
      /^Due dates are/,
    ],
    [
      "a total without an end",
      { assignment: total(), ground: { ...ground, end_date: "" } },
      /end date.*in the SIS/,
    ],
  ])("skips with the reason: %s", (_, said, reason) => {
    expect(skip(said)).toMatch(reason);
  });

  it("sends a total as a percentage that is due when the section ends", () => {
    expect(mapped({ assignment: total() })).toMatchObject({
      dueDate: "2027-06-12T06:59:59Z",
      lineItem: {
        title: "Canvas course grade",
        resultValueMax: 100,
        assignDate: "2027-06-12T06:59:59Z",
        dueDate: "2027-06-12T06:59:59Z",
        description: "Imported from Canvas: https://oakdale.instructure.com/courses/7",
      },
    });
  });

  it.each([
    ["no address", { canvasUrl: null }, "7", "courses/7/assignments/501"],
    ["no course id", {}, undefined, "assignments/501"],
    [
      "an address with a slash",
      { canvasUrl: "https://c.example/" },
      "7",
      "https://c.example/courses/7/assignments/501",
    ],
  ])("names the assignment by what is known: %s", (_, about, id, place) => {
    const known = { sis_id: "course-1", ...(id === undefined ? {} : { id }) };
    expect(mapped({ course: known }, {}, about).lineItem).toMatchObject({
      description: `Imported from Canvas: ${place}`,
    });
  });

  it("prefers the link that Canvas gave to half a path", () => {
    const html_url = "https://c.example/courses/7/assignments/501";
    expect(mapped({ assignment: assignment({ html_url }) }, {}, { canvasUrl: null }).lineItem).toMatchObject({
      description: `Imported from Canvas: ${html_url}`,
    });
  });

  it("names the school in OneRoster 1.2, which requires it, and never in 1.1", () => {
    const school = { href: `${SIS}/orgs/school-1`, sourcedId: "school-1", type: "org" };
    expect(mapped({}, {}, { version: "1.2" }).lineItem).toMatchObject({ school });
    expect(mapped().lineItem).not.toHaveProperty("school");
    expect(
      mapped({ ground: { ...ground, schoolId: null } }, {}, { version: "1.2" }).lineItem,
    ).not.toHaveProperty("school");
  });

  it("sends no grading period as null in OneRoster 1.2, whose references are never null", () => {
    expect(mapped({ gradingPeriod: null }, {}, { version: "1.2" }).lineItem).not.toHaveProperty(
      "gradingPeriod",
    );
  });

  it("refers to each service at its own address", () => {
    const about = {
      base: "https://sis.example.org/gradebook/v1p2/",
      rosterBase: "https://sis.example.org/rostering/v1p2",
    };
    expect(mapped({ gradingPeriod: "gp" }, {}, about).lineItem).toMatchObject({
      class: { href: "https://sis.example.org/rostering/v1p2/classes/class-1" },
      category: { href: "https://sis.example.org/gradebook/v1p2/categories/cat-quiz" },
      gradingPeriod: { href: "https://sis.example.org/rostering/v1p2/academicSessions/gp" },
    });
  });

  it("keeps any id whole, and its href an address", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("7", "/", "?", "#", "%", " ", ".", "é", "😀", "\ud83d"),
          minLength: 1,
        }),
        (classId) => {
          const { lineItem } = mapped({ ground: { ...ground, classId } });
          const { href, sourcedId } = lineItem["class"] as { href: string; sourcedId: string };
          expect(sourcedId).toBe(classId);
          expect(decodeURIComponent(href.slice(`${SIS}/classes/`.length))).toBe(classId.toWellFormed());
          expect(href).toMatch(/^[\x21-\x7e]+$/);
        },
      ),
    );
  });

  it("leaves out, replaces and adds what the configuration says, of Canvas's own data", () => {
    const lineItem = {
      omit: ["description", "class.href", "nothing.there"],
      values: {
        resultValueMax: "{assignment.points_possible}",
        "category.type": "gradingCategory",
        weight: 1,
      },
      metadata: {
        scoreType: "POINTS",
        "vendor.group": "{assignment.assignment_group.name} ({section.sis_id})",
      },
    };
    const { lineItem: body } = mapped({}, { lineItem });
    expect(body).not.toHaveProperty("description");
    expect(body).toMatchObject({ resultValueMax: 20, weight: 1 });
    expect(body["class"]).toEqual({ sourcedId: "class-1", type: "class" });
    expect(body["category"]).toMatchObject({ sourcedId: "cat-quiz", type: "gradingCategory" });
    expect(body["metadata"]).toEqual({ scoreType: "POINTS", "vendor.group": "Quizzes (class-1)" });
  });

  it("gives templates the class, its school and the category", () => {
    const values = {
      a: "{class.sourcedId}",
      b: "{class.school}",
      c: "{category.sourcedId}",
      d: "{course.id}",
    };
    expect(mapped({}, { lineItem: { values } }).lineItem).toMatchObject({
      ...{ a: "class-1", b: "school-1", c: "cat-quiz", d: "7" },
    });
  });

  it("is known by the due date that is sent", () => {
    const values = { dueDate: "{assignment.lock_at}" };
    const lock_at = "2026-10-05T06:59:59Z";
    expect(mapped({ assignment: assignment({ lock_at }) }, { lineItem: { values } }).dueDate).toBe(lock_at);
    expect(mapped({}, { lineItem: { values } }).dueDate).toBe("2026-10-03T06:59:59Z");
    expect(mapped({}, { lineItem: { omit: ["dueDate"] } }).dueDate).toBe("2026-10-03T06:59:59Z");
  });

  it("does not make a cut title long again", () => {
    const values = { title: "{assignment.name} in {section.name}" };
    expect(mapped({ title: "Quadra~501" }, { lineItem: { values } }).lineItem).toMatchObject({
      title: "Quadra~501",
    });
  });

  it("always sends the fields that OneRoster requires, and never what the sender adds", () => {
    const points = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    const anyId = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        points,
        fc.option(anyId),
        fc.option(anyId),
        (name, max, category, period) => {
          fc.pre(name.trim() !== "");
          const { lineItem } = mapped({
            assignment: assignment({ name, points_possible: max }),
            category: category === null ? null : { sourcedId: category },
            gradingPeriod: period,
          });
          expect(Object.keys(lineItem).sort()).toEqual(
            [
              ...["assignDate", "category", "class", "description", "dueDate", "gradingPeriod"],
              ...["resultValueMax", "resultValueMin", "status", "title"],
            ].sort(),
          );
          expect(lineItem).toMatchObject({
            title: name,
            resultValueMax: max,
            resultValueMin: 0,
            status: "active",
          });
        },
      ),
    );
  });
});

describe("wantedTitle", () => {
  const about = { assignment: assignment(), section, course, ground };
  const titled = (title: unknown) => wantedTitle(about, grades({ lineItem: { values: { title } } }));

  it("is the assignment's name", () => {
    expect(wantedTitle(about, grades())).toBe("Quadratics quiz");
  });

  it("is always text, whatever the template gives", () => {
    expect(titled("{assignment.name} · {section.name}")).toBe("Quadratics quiz · Algebra I, period 2");
    expect(titled("{assignment.points_possible}")).toBe("20");
    expect(titled("{assignment.lock_at}")).toBe("");
    expect(titled(7)).toBe("7");
    expect(titled(null)).toBe("");
  });
});
