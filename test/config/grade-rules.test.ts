import { describe, expect, it } from "vitest";
import { categoryChoice, shapedFields, templateNames } from "../../config/grade-rules.ts";
import { showPath, type Problem } from "../../config/problem.ts";

function told(rule: (tree: unknown) => Problem[], grades: object): string[] {
  return rule({ grades }).map(({ path, at, message }) => `${showPath(path)} (${at}) ${message}`);
}

describe("templates of grades", () => {
  it("are told where they name nothing, each at its place", () => {
    const grades = {
      lineItem: {
        values: { description: "{assignment.nmae}", weight: 1 },
        metadata: { a: "{assignment.name}", b: "{" },
      },
      result: { values: { comment: "{submission.coment}" } },
      categories: { filter: "x='{class.sourcedID}'" },
    };
    expect(told(templateNames, grades)).toEqual([
      "grades.lineItem.values.description (value) has an unknown placeholder; did you mean {assignment.name}?",
      "grades.lineItem.metadata.b (value) has a { without its }; a brace itself is written {{",
      "grades.result.values.comment (value) has an unknown placeholder; did you mean {submission.comment}?",
      "grades.categories.filter (value) has an unknown placeholder; did you mean {class.sourcedId}?",
    ]);
  });

  it.each([undefined, {}, { lineItem: null }, { lineItem: { values: "no" }, result: 7 }])(
    "believe nothing of what is written: %j",
    (grades) => {
      const tree = { grades };
      expect([...templateNames(tree), ...shapedFields(tree), ...categoryChoice(tree)]).toEqual([]);
    },
  );
});

describe("fields of grades", () => {
  it("cannot be both left out and given a value", () => {
    expect(
      told(shapedFields, {
        lineItem: { omit: ["class", "description"], values: { "class.href": "x", weight: 1 } },
      }),
    ).toEqual([
      "grades.lineItem.values.class.href (key) is left out by omit, so that this value would never be sent",
    ]);
  });

  it("by which records are known again cannot be replaced", () => {
    const because = "is how records are known again, and cannot be replaced; omit can leave it out";
    expect(
      told(shapedFields, {
        lineItem: { values: { sourcedId: "{assignment.id}", lineItem: "x" } },
        result: { values: { "lineItem.sourcedId": "x" }, omit: ["lineItem.href", "dateLastModified"] },
      }),
    ).toEqual([
      `grades.lineItem.values.sourcedId (key) ${because}`,
      `grades.result.values.lineItem.sourcedId (key) ${because}`,
    ]);
  });

  it.each(["", "class.", ".href", "a..b", "__proto__.x"])("are names: %j is none", (field) => {
    expect(shapedFields({ grades: { lineItem: { omit: [field] } } })).toHaveLength(1);
    expect(shapedFields({ grades: { result: { values: { [field]: 1 } } } })).toHaveLength(1);
  });
});

describe("fields that are left out", () => {
  it("are such that a record has, or is given", () => {
    expect(
      told(shapedFields, {
        lineItem: { omit: ["gradingperiod", "metadata.x", "weight", "score", "z.y"], values: { "z.a": 1 } },
        result: { omit: ["textScore", "student.href", "dueDate"] },
      }),
    ).toEqual([
      "grades.lineItem.omit[0] (value) is no field of such a record; did you mean gradingPeriod?",
      "grades.lineItem.omit[2] (value) is no field of such a record",
      "grades.lineItem.omit[3] (value) is no field of such a record",
      "grades.result.omit[2] (value) is no field of such a record",
    ]);
  });
});

describe("the choice of categories", () => {
  it("needs a default to fall back on", () => {
    expect(told(categoryChoice, { categories: { whenUnmatched: "default" } })).toEqual([
      "grades.categories.whenUnmatched (value) is default, which needs the sourcedId of a category under grades.categories.default",
    ]);
    expect(told(categoryChoice, { categories: { whenUnmatched: "default", default: "misc" } })).toEqual([]);
  });

  it("refuses to look up nothing and report every assignment as unmatched", () => {
    expect(told(categoryChoice, { categories: { lookup: "none" } })).toEqual([
      expect.stringMatching(/^grades\.categories\.lookup \(value\) is none, so that every assignment/),
    ]);
    for (const way of [{ whenUnmatched: "null" }, { override: "null" }, { override: "all" }]) {
      expect(told(categoryChoice, { categories: { lookup: "none", ...way } })).toEqual([]);
    }
  });
});
