/** What Canvas demands of a package, written down once more from its documentation and its importer's checks. */
import { expect } from "vitest";
import { readCsv, type Row } from "./csv-reader.ts";

interface File {
  name: string;
  columns: string[];
  optional?: string[];
  key: string[];
  required: string[];
  statuses: string[];
}

const FILES: File[] = [
  {
    name: "accounts",
    columns: ["account_id", "parent_account_id", "name", "status"],
    key: ["account_id"],
    required: ["account_id", "name"],
    statuses: ["active"],
  },
  {
    name: "terms",
    columns: ["term_id", "name", "status", "start_date", "end_date"],
    key: ["term_id"],
    required: ["term_id", "name", "start_date", "end_date"],
    statuses: ["active"],
  },
  {
    name: "courses",
    columns: ["course_id", "short_name", "long_name", "account_id", "term_id", "status"],
    key: ["course_id"],
    required: ["course_id", "short_name", "long_name", "term_id"],
    statuses: ["active"],
  },
  {
    name: "sections",
    columns: ["section_id", "course_id", "name", "status", "start_date", "end_date"],
    key: ["section_id"],
    required: ["section_id", "course_id", "name"],
    statuses: ["active"],
  },
  {
    name: "users",
    columns: ["user_id", "login_id", "first_name", "last_name", "email", "status"],
    optional: ["integration_id", "authentication_provider_id"],
    key: ["user_id"],
    required: ["user_id", "login_id"],
    statuses: ["active", "suspended"],
  },
  {
    name: "enrollments",
    columns: ["course_id", "section_id", "user_id", "role", "status", "start_date", "end_date"],
    key: ["section_id", "user_id", "role"],
    required: ["course_id", "section_id", "user_id", "role"],
    statuses: ["active", "deleted"],
  },
];

const REFERENCES = [
  ["courses", "account_id", "accounts", "account_id"],
  ["courses", "term_id", "terms", "term_id"],
  ["sections", "course_id", "courses", "course_id"],
  ["enrollments", "section_id", "sections", "section_id"],
  ["enrollments", "course_id", "courses", "course_id"],
  ["enrollments", "user_id", "users", "user_id"],
] as const;

/** Fails at the first demand that the files, by name in the order of the zip, do not meet. */
export function expectSound(files: Map<string, string>): void {
  const order = FILES.map(({ name }) => `${name}.csv`);
  expect([...files.keys()]).toEqual(order.filter((name) => files.has(name)));
  const tables = new Map<string, Row[]>();
  for (const file of FILES) {
    const text = files.get(`${file.name}.csv`);
    if (text === undefined) continue;
    expectForm(file, text);
    const rows = readCsv(text);
    tables.set(file.name, rows);
    expectRows(file, rows);
  }
  const rowsOf = (name: string) => tables.get(name) ?? [];
  for (const [from, column, to, key] of REFERENCES) {
    const known = new Set(["", ...rowsOf(to).map((row) => row[key])]);
    expect(rowsOf(from).filter((row) => !known.has(row[column]))).toEqual([]);
  }
  expectParentsFirst(rowsOf("accounts"));
  const courseOf = new Map(rowsOf("sections").map((row) => [row["section_id"], row["course_id"]]));
  expect(rowsOf("enrollments").filter((row) => courseOf.get(row["section_id"]) !== row["course_id"])).toEqual(
    [],
  );
  const logins = rowsOf("users").map((row) => row["login_id"]?.toLowerCase());
  expect(logins.filter((login, index) => logins.indexOf(login) !== index)).toEqual([]);
}

function expectForm({ name, columns, optional = [] }: File, text: string): void {
  const [header = ""] = text.split("\n", 1);
  expect(text.startsWith("\uFEFF"), name).toBe(false);
  expect(text.endsWith("\n"), name).toBe(true);
  expect(text.includes("\r\n"), name).toBe(false);
  const asked = optional.filter((column) => header.split(",").includes(column));
  expect(header.split(","), name).toEqual([...columns, ...asked]);
}

function expectRows({ name, key, required, statuses }: File, rows: Row[]): void {
  expect(rows.length, name).toBeGreaterThan(0);
  const keys = rows.map((row) => key.map((column) => row[column]).join("\u0000"));
  expect(new Set(keys).size, name).toBe(keys.length);
  if (name !== "accounts") expect(keys, name).toEqual(keys.toSorted());
  for (const row of rows) {
    expect(required.filter((column) => row[column] === "")).toEqual([]);
    expect(statuses).toContain(row["status"]);
    for (const [column, value] of Object.entries(row)) {
      expect(value.length).toBeLessThanOrEqual(255);
      if (column.endsWith("_date")) expect(value).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?$/);
    }
  }
}

function expectParentsFirst(accounts: Row[]): void {
  const known = new Set([""]);
  for (const { account_id = "", parent_account_id = "" } of accounts) {
    expect(known).toContain(parent_account_id);
    known.add(account_id);
  }
}
