import { describe, expect, it } from "vitest";
import { checkTemplate, type TemplateUse } from "../../config/template-names.ts";
import type { Assignment, CanvasCourse, CanvasSection, Submission } from "../../connectors/canvas/records.ts";

/** Every field that graded work has; the compiler holds the lists to the records. */
const ASSIGNMENT: Record<keyof Omit<Assignment, "problem" | "dates_unknown" | "group_unknown">, true> = {
  ...{
    kind: true,
    id: true,
    name: true,
    html_url: true,
    points_possible: true,
    due_at: true,
    unlock_at: true,
  },
  ...{ lock_at: true, assignment_group: true, more: true },
};
const SUBMISSION: Record<keyof Omit<Submission, "problem">, true> = {
  ...{
    sis_user_id: true,
    user_id: true,
    score: true,
    excused: true,
    missing: true,
    late: true,
    graded: true,
  },
  ...{ posted: true, graded_at: true, submitted_at: true, comment: true, more: true },
};
const PLACE: Record<keyof CanvasCourse & keyof CanvasSection, true> = { id: true, sis_id: true, name: true };

describe("checkTemplate", () => {
  it.each<[TemplateUse, string, object]>([
    ["lineItem", "assignment", ASSIGNMENT],
    ["result", "assignment", ASSIGNMENT],
    ["result", "submission", SUBMISSION],
    ["lineItem", "course", PLACE],
    ["result", "section", PLACE],
  ])("knows, for a %s, every field of the %s", (use, record, fields) => {
    for (const field of Object.keys(fields))
      expect(checkTemplate(`{${record}.${field}}`, use)).toBeUndefined();
  });

  it.each<[TemplateUse, unknown]>([
    ["lineItem", "{assignment.assignment_group.name}: {class.school} {category.sourcedId}"],
    ["lineItem", "{assignment.more.anything.at.all} {assignment.integration_data.key}"],
    ["result", "{student.sourcedId} {submission.late_policy_status} {class.sourcedId}"],
    ["categoryFilter", "metadata.classId='{class.sourcedId}'"],
    ["lineItem", "no placeholder, {{doubled}} braces"],
    ["lineItem", 7],
    ["result", null],
  ])("takes, for a %s, %s", (use, template) => {
    expect(checkTemplate(template, use)).toBeUndefined();
  });

  it.each<[TemplateUse, string, string]>([
    ["lineItem", "{assignment.nmae}", "has an unknown placeholder; did you mean {assignment.name}?"],
    [
      "lineItem",
      "{assignment.points}",
      "has an unknown placeholder below {assignment}; known are {assignment.kind}",
    ],
    ["lineItem", "{asignment.name}", "has an unknown placeholder; did you mean {assignment}?"],
    ["lineItem", "{submission.score}", "has an unknown placeholder; known are {assignment}"],
    ["result", "{category.sourcedId}", "has an unknown placeholder; known are {assignment}, {submission}"],
    [
      "categoryFilter",
      "{class.title}",
      "has an unknown placeholder below {class}; known are {class.sourcedId}",
    ],
    ["lineItem", "{assignment.name.first}", "goes on below {assignment.name}, which is a single value"],
    ["lineItem", "{assignment.constructor}", "has an unknown placeholder below {assignment}"],
    ["lineItem", "{assignment.name", "has a { without its }; a brace itself is written {{"],
    ["lineItem", "name}", "has a } without its {; a brace itself is written }}"],
    ["lineItem", "{}", "has braces around something that is no name such as {assignment.name}"],
  ])("says, for a %s, what is wrong with %s", (use, template, problem) => {
    expect(checkTemplate(template, use)?.startsWith(problem)).toBe(true);
  });
});
