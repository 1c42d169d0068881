import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANVAS_FILES, OPTIONAL_FILES, type PackageFile } from "../../mappers/canvas-files.ts";
import { recognisedAs } from "../../mappers/file-recognition.ts";
import { userColumns } from "../../mappers/users.ts";
import { roster } from "./records.ts";

const FILES = Object.entries({ ...CANVAS_FILES, ...OPTIONAL_FILES }) as [PackageFile, readonly string[]][];

describe("recognisedAs", () => {
  it.each(FILES)("takes %s for what it is", (file, columns) => {
    expect(recognisedAs(columns)).toBe(file);
  });

  it("takes users for what they are with every optional column", () => {
    const { users } = roster({ users: { integrationId: "identifier", authenticationProvider: "saml" } });
    expect(recognisedAs([...userColumns(users), "short_name"])).toBe("users");
  });

  it.each<[string, readonly string[], string[], string]>([
    ["sections with term_id", CANVAS_FILES.sections, ["term_id"], "terms"],
    ["courses with name", CANVAS_FILES.courses, ["name"], "terms"],
    ["enrollments with login_id", CANVAS_FILES.enrollments, ["login_id"], "users"],
    ["enrollments with name", CANVAS_FILES.enrollments, ["name"], "sections"],
    ["enrollments with short_name", CANVAS_FILES.enrollments, ["short_name"], "courses"],
    ["cross-listings with name", ["xlist_course_id", "section_id", "status"], ["name"], "sections"],
    ["sections with short_name", CANVAS_FILES.sections, ["short_name"], "courses"],
    ["courses with parent_account_id", CANVAS_FILES.courses, ["parent_account_id"], "accounts"],
    ["users with existing_user_id", CANVAS_FILES.users, ["existing_user_id"], "logins"],
    ["users with existing_canvas_user_id", CANVAS_FILES.users, ["existing_canvas_user_id"], "logins"],
    ["users with old_id", CANVAS_FILES.users, ["old_id"], "change_sis_id"],
    ["accounts with old_integration_id", CANVAS_FILES.accounts, ["old_integration_id"], "change_sis_id"],
  ])("takes %s for another file, as Canvas does", (_, columns, extra, kind) => {
    expect(recognisedAs([...columns, ...extra])).toBe(kind);
    expect(recognisedAs([...extra, ...columns])).toBe(kind);
  });

  it.each([
    ["accounts without parent_account_id", CANVAS_FILES.accounts, "parent_account_id"],
    ["courses without short_name", CANVAS_FILES.courses, "short_name"],
    ["terms without name", CANVAS_FILES.terms, "name"],
    ["users without login_id", CANVAS_FILES.users, "login_id"],
    ["enrollments without user_id", CANVAS_FILES.enrollments, "user_id"],
  ])("does not recognise %s", (_, columns, without) => {
    expect(recognisedAs(columns.filter((column) => column !== without))).toBeUndefined();
  });

  it.each<[string, string[]]>([
    ["abstract_courses", ["abstract_course_id", "short_name", "long_name", "status"]],
    ["courses", ["abstract_course_id", "course_id", "short_name"]],
    ["xlists", ["xlist_course_id", "section_id", "status"]],
    ["logins", ["user_id", "login_id", "existing_integration_id"]],
    ["enrollments", ["course_id", "user_integration_id", "role", "status"]],
    ["enrollments", ["section_id", "user_id", "role", "status"]],
    ["admins", ["user_id", "account_id", "role", "status"]],
    ["group_categories", ["group_category_id", "category_name", "account_id", "status"]],
    ["groups", ["group_id", "account_id", "name", "status"]],
    ["group_memberships", ["group_id", "user_id", "status"]],
    ["grade_publishing_results", ["enrollment_id", "grade_publishing_status"]],
    ["user_observers", ["observer_id", "student_id", "status"]],
    ["change_sis_id", ["old_id", "new_id", "type"]],
  ])("knows %s by %j", (kind, header) => {
    expect(recognisedAs(header)).toBe(kind);
  });

  it.each([
    [[]],
    [[""]],
    [["id", "name"]],
    [["user_id;login_id"]],
    [["group_category_id"]],
    [["category_name"]],
    [["enrollment_id"]],
    [["grade_publishing_status"]],
    [["observer_id"]],
    [["student_id"]],
  ])("knows nothing by %j", (header) => {
    expect(recognisedAs(header)).toBeUndefined();
  });

  it("does not mind case, order, spaces around names, or a byte order mark", () => {
    expect(recognisedAs(["\ufeffUser_ID", " LOGIN_id "])).toBe("users");
    fc.assert(
      fc.property(fc.constantFrom(...FILES), fc.nat(), ([file, columns], by) => {
        const turn = by % columns.length;
        const turned = [...columns.slice(turn), ...columns.slice(0, turn)].map((column) =>
          column.toUpperCase(),
        );
        expect(recognisedAs(turned)).toBe(file);
      }),
    );
  });

  it("does not mind columns that Canvas has no use for", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.string().map((name) => `x_${name}`),
        ([file, columns], extra) => {
          expect(recognisedAs([...columns, extra])).toBe(file);
        },
      ),
    );
  });
});
