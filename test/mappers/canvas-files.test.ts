import { describe, expect, it } from "vitest";
import {
  CANVAS_FILES,
  CANVAS_KEYS,
  COLUMN_RULES,
  OPTIONAL_FILES,
  OPTIONAL_USER_COLUMNS,
  PACKAGE_ORDER,
  type PackageFile,
  REFERENCES,
} from "../../mappers/canvas-files.ts";

const FILES = PACKAGE_ORDER;
const COLUMNS = { ...CANVAS_FILES, ...OPTIONAL_FILES };

function columnsOf(file: PackageFile): readonly string[] {
  return file === "users" ? [...CANVAS_FILES.users, ...OPTIONAL_USER_COLUMNS] : COLUMNS[file];
}

function rule(file: PackageFile, column: string) {
  return COLUMN_RULES.find((one) => one.file === file && one.column === column);
}

describe("canvas files as data", () => {
  it("come in the order in which Canvas imports them", () => {
    const always = ["accounts", "terms", "courses", "sections", "users", "enrollments"];
    expect(FILES).toEqual([
      ...always.slice(0, 4),
      "xlists",
      "users",
      "logins",
      "enrollments",
      "admins",
      "user_observers",
    ]);
    expect(Object.keys(CANVAS_FILES)).toEqual(always);
    expect([...FILES].sort()).toEqual(Object.keys(COLUMNS).sort());
  });

  it.each(FILES)("have a rule for every column of %s, and no other", (file) => {
    const ruled = COLUMN_RULES.filter((one) => one.file === file).map((one) => one.column);
    expect([...ruled].sort()).toEqual([...columnsOf(file)].sort());
  });

  it.each(FILES)("make the key of %s of columns that must be there", (file) => {
    for (const column of CANVAS_KEYS[file]) expect(rule(file, column)?.required).toBe(true);
  });

  it("refer to single keys of files that Canvas imports no later", () => {
    for (const { file, column, to } of REFERENCES) {
      expect(columnsOf(file)).toContain(column);
      expect(CANVAS_KEYS[to]).toHaveLength(1);
      expect(FILES.indexOf(to)).toBeLessThanOrEqual(FILES.indexOf(file));
    }
  });

  it("require every reference but those that Canvas reads as the root account", () => {
    for (const { file, column, whenEmpty } of REFERENCES) {
      expect(rule(file, column)?.required === true).toBe(whenEmpty === undefined);
    }
  });

  it("refer by every column that has the name of another file's key", () => {
    const keys = Object.fromEntries(
      (Object.keys(CANVAS_FILES) as (keyof typeof CANVAS_FILES)[])
        .filter((file) => CANVAS_KEYS[file].length === 1)
        .map((file) => [CANVAS_KEYS[file][0], file]),
    );
    for (const file of FILES) {
      for (const column of COLUMNS[file]) {
        const to = keys[column];
        // A login has an id of its own kind, in a column of the same name.
        const isOwnId = file === "logins" && column === "user_id";
        if (to === undefined || to === file || isOwnId) continue;
        expect(REFERENCES).toContainEqual(expect.objectContaining({ file, column, to }));
      }
    }
  });

  it.each<[PackageFile, string, number]>([
    ["users", "login_id", 100],
    ["users", "user_id", 255],
    ["accounts", "name", 255],
    ["terms", "term_id", 255],
    ["terms", "name", 255],
    ["courses", "short_name", 255],
    ["courses", "long_name", 255],
    ["sections", "name", 255],
    ["users", "integration_id", 255],
  ])("hold what Canvas's database does: %s.%s %d", (file, column, length) => {
    expect(rule(file, column)?.maxLength).toBe(length);
  });

  const words: [PackageFile, string[], string[]][] = [
    ["accounts", ["active", "deleted"], ["completed", ""]],
    ["terms", ["active", "deleted"], ["inactive"]],
    ["courses", ["active", "unpublished", "published", "completed", "deleted"], ["activex", "Active"]],
    ["sections", ["active", "deleted"], ["completed"]],
    ["users", ["active", "suspended", "deleted"], ["inactive", "completed"]],
    [
      "enrollments",
      ["active", "completed", "inactive", "deleted", "deleted_last_completed"],
      ["concluded", "active "],
    ],
  ];
  it.each(words)("take %s with the statuses %j, not %j", (file, good, bad) => {
    const pattern = new RegExp(rule(file, "status")?.pattern ?? "");
    expect(good.filter((word) => !pattern.test(word))).toEqual([]);
    expect(bad.filter((word) => pattern.test(word))).toEqual([]);
  });

  it("take instants in one form alone: Canvas misreads others without a word", () => {
    const instants = COLUMN_RULES.filter((one) => /_date$/.test(one.column));
    expect(instants).toHaveLength(6);
    for (const { pattern = "" } of instants) {
      const form = new RegExp(pattern);
      expect(form.test("2027-06-12T06:59:59Z")).toBe(true);
      for (const other of [
        "2027-06-12",
        "1/2/2026",
        "2027-06-12T06:59:59",
        "2027-06-12T06:59:59.000Z",
        "+010000-01-01T00:00:00Z",
      ]) {
        expect(form.test(other)).toBe(false);
      }
    }
  });

  it("keep their patterns to what every regular expression engine reads", () => {
    for (const { pattern = "" } of COLUMN_RULES) expect(pattern).not.toMatch(/\(\?|\\[pPb1-9]/);
  });
});
