import { describe, expect, it } from "vitest";
import { hintOf } from "../../../../connectors/oneroster/gradebook/hints.ts";

const LINE_ITEM = { kind: "lineItem", method: "PUT", status: 422 } as const;
const RESULT = { kind: "result", method: "PUT", status: 422 } as const;

describe("what to do about a line item that was refused", () => {
  it.for<[string, RegExp]>([
    ["Title is too long: 30 characters at most", /titleMaxLength/],
    ["Assignment name must not exceed 50 characters", /titleMaxLength/],
    ["title exceeds maximum length (invaliddata)", /titleMaxLength/],
    ["The grading window is closed", /grading window is closed.*open it again/],
    ["Grading period Q1 is locked", /grading window is closed/],
    ["due date lies in a closed grading period", /grading window is closed/],
    ["422 Invalid Due Date", /due date .*inside it/],
    ["assignDate outside the grading period", /inside the class's grading period/],
    ["dueDate must be between 2026-08-15 and 2026-10-15", /inside the class's grading period/],
    ["409 Due Date Error", /inside the class's grading period/],
    ["Could Not Determine Class or Grading Period", /inside the class's grading period/],
    ["Grading Category Not Found", /assignment into a group.*grades\.categories/],
    ["unknown category k9", /grades\.categories/],
    ["409 Teacher Category ID", /grades\.categories/],
    ["gradingPeriod is not a child of the class's term", /grades\.gradingPeriod/],
    ["403 User Does Not Teach Section", /section's teacher/],
    ["409 Assignment is Locked", /locked, or the teacher/],
    ["An assignment of that name already exists", /renames the assignment/],
    ["sourcedId must not be sent for a new line item", /grades\.endpoints: modified/],
    ["Gradebook Section Not Found", /does not know this class/],
    ["unknown class c9 (unknownobject)", /does not know this class/],
    ["lineItem.school is required (invaliddata)", /lineItem\.values/],
    ["lineItem has no foo", /lineItem\.omit/],
    ["Additional properties are not allowed: foo", /lineItem\.omit/],
  ])("is found by the words: %s", ([words, hint]) => {
    expect(hintOf({ ...LINE_ITEM, words })).toMatch(hint);
  });
});

describe("what to do about a result that was refused", () => {
  it.for<[string, RegExp]>([
    ["Student Does Not Belong", /not, or no longer, in the class/],
    ["student u1 is not enrolled in class c1", /not, or no longer, in the class/],
    ["Student not in class", /not, or no longer, in the class/],
    ["unknown student", /not, or no longer, in the class/],
    ["score 21 is over the maximum of 20", /overMax: cap/],
    ["Score out of range", /overMax: cap/],
    ["Unable to Process Score: it must be from 0 to 20", /overMax: cap/],
    ["Unable to Process Score: fully graded without one", /exemptScore: zero/],
    ["Score Already Exists: r9", /a score for this student/],
    ["score must not be less than resultValueMin", /negative: zero/],
    ["score is required", /exemptScore: zero/],
    ["409 Score Entry Point Required", /exemptScore: zero/],
    ["PutResult: LineItemHasGradingScale (invalid_data)", /points there/],
    ["409 Actual Score Grade Scale ID", /points there/],
    ["scoreDate is before assignDate", /grades\.result\.scoreDate/],
    ["comment is too long, max 100 characters", /grades\.result\.comment: false/],
    ["This score was entered by the teacher", /mark of their own/],
    ["Result is read-only", /mark of their own/],
    ["grading window closed", /grading window is closed/],
  ])("is found by the words: %s", ([words, hint]) => {
    expect(hintOf({ ...RESULT, words })).toMatch(hint);
  });
});

describe("what to do where the words say nothing", () => {
  it.for<[number, "lineItem" | "result", RegExp]>([
    [400, "lineItem", /grades\.lineItem/],
    [403, "result", /right to write/],
    [404, "lineItem", /grades\.endpoints: modified/],
    [404, "result", /no such line item or student/],
    [405, "result", /grades\.endpoints/],
    [409, "lineItem", /changed or locked the line item/],
    [412, "result", /changed or locked the result/],
    [413, "result", /too large/],
    [415, "result", /source\.gradebookUrl/],
    [422, "result", /grades\.result/],
    [429, "result", /grades\.concurrency/],
    [501, "lineItem", /grades\.bulk/],
  ])("follows from the status: %i for a %s", ([status, kind, hint]) => {
    expect(hintOf({ kind, method: "PUT", status, words: "Error" })).toMatch(hint);
  });

  it("speaks of sets when a set was refused, and of deletion when that was", () => {
    expect(hintOf({ kind: "result", method: "POST", status: 404, words: "Not Found" })).toMatch(
      /grades\.bulk: false/,
    );
    expect(hintOf({ kind: "result", method: "DELETE", status: 405, words: "" })).toMatch(/nobody delete/);
    expect(hintOf({ kind: "result", method: "DELETE", status: 409, words: "locked" })).toMatch(
      /whenCleared: keep/,
    );
  });
});
