import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTemplate, renderText, type Template } from "../../mappers/templates.ts";

const DATA = {
  assignment: {
    name: "Quiz {1}",
    points_possible: 20,
    assignment_group: { name: "Quizzes" },
    more: {
      submission_types: ["online_quiz", "on_paper"],
      name: "hidden",
      integration_data: { key: { a: 1 } },
    },
  },
  submission: { late: false, more: { entered_score: 19.5 } },
  category: null,
};

const render = (template: Template) => compileTemplate(template)(DATA);

describe("compileTemplate", () => {
  it.each<[Template, unknown]>([
    ["{assignment.points_possible}", 20],
    ["{ submission.late }", false],
    ["{assignment.submission_types}", ["online_quiz", "on_paper"]],
    ["{submission.entered_score}", 19.5],
    ["{assignment.more.submission_types}", ["online_quiz", "on_paper"]],
    ["{assignment.integration_data.key.a}", 1],
    ["{assignment.html_url}", null],
    ["{category.sourcedId}", null],
    ["{nobody.knows}", null],
    ["{assignment.constructor.name}", null],
    ["{assignment.name.length}", null],
  ])("keeps the type of a value that stands alone: %s", (template, value) => {
    expect(render(template)).toEqual(value);
  });

  it.each<[Template, unknown]>([
    ["{assignment.name} ({assignment.assignment_group.name})", "Quiz {1} (Quizzes)"],
    ["of {assignment.points_possible}{assignment.html_url}", "of 20"],
    ["{assignment.submission_types}.", "online_quiz,on_paper."],
    ["{assignment.integration_data.key}!", '{"a":1}!'],
    ["{{assignment.name}}", "{assignment.name}"],
    ["plain", "plain"],
    ["", ""],
  ])("writes values into text: %s", (template, text) => {
    expect(render(template)).toBe(text);
  });

  it.each([7, true, null])("sends %s as it is", (value) => {
    expect(render(value)).toBe(value);
  });

  it("prefers Canvas's own field to one of the same name beside it", () => {
    expect(render("{assignment.name}")).toBe("Quiz {1}");
  });

  it.each(["{assignment.name", "a } b", "{}", "{assignment..name}"])(
    "refuses %s, and repeats it",
    (template) => {
      expect(() => compileTemplate(template)).toThrow(RangeError);
      expect(() => compileTemplate(template)).toThrow(template);
    },
  );

  it("gives any text back whose braces are doubled", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("{", "}", "a", ".", "é") }), (text) => {
        expect(render(text.replace(/[{}]/g, "$&$&"))).toBe(text);
      }),
    );
  });
});

describe("renderText", () => {
  it.each<[Template, string]>([
    ["{assignment.points_possible}", "20"],
    ["{category.sourcedId}", ""],
    [null, ""],
    [true, "true"],
  ])("is always text: %s", (template, text) => {
    expect(renderText(template, DATA)).toBe(text);
  });
});
