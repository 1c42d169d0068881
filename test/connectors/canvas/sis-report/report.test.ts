import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "../../../../config/failure.ts";
import { reportColumns } from "../../../../connectors/canvas/sis-report/columns.ts";
import { openSisReport, reportRows } from "../../../../connectors/canvas/sis-report/report.ts";
import {
  type Canvas,
  PROVISIONING,
  reportFolder,
  reportText,
  reportZip,
  SIS_EXPORT,
} from "../../../jobs/evaluate/canvas-report.ts";

const root = mkdtempSync(join(tmpdir(), "rosterbridge-report-"));
let folder = root;
let next = 0;
beforeEach(() => {
  folder = join(root, String(next++));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const never = new AbortController().signal;
const CANVAS: Canvas = {
  accounts: [{ account_id: "101", parent_account_id: "", name: "First, School", status: "active" }],
  terms: [{ term_id: "S1", name: "Semester 1", status: "active" }],
  courses: [{ course_id: "c1", short_name: "A", long_name: "Algebra", status: "active", term_id: "S1" }],
  sections: [{ section_id: "s1", course_id: "c1", name: "Algebra", status: "active" }],
  users: [{ user_id: "0042", login_id: "ann", first_name: "Ann", last_name: "Lee", status: "active" }],
  enrollments: [{ course_id: "c1", section_id: "s1", user_id: "0042", role: "student", status: "active" }],
};
const KINDS = ["accounts", "courses", "enrollments", "sections", "terms", "users"];

async function kindsOf(path: string): Promise<string[]> {
  const report = await openSisReport(path, never);
  report.close();
  return report.files.map(({ kind }) => kind).sort();
}

async function failureOf(path: string): Promise<Failure> {
  try {
    const report = await openSisReport(path, never);
    try {
      for (const file of report.files)
        for await (const row of reportRows(file, never)) expect(row).toBeDefined();
    } finally {
      report.close();
    }
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("it was expected to fail, and did not");
}

describe("a provisioning or SIS export report", () => {
  it("is read from a folder, a zip and a zip in a folder, whatever its files are called", async () => {
    reportFolder(folder, CANVAS);
    expect(await kindsOf(folder)).toEqual(KINDS);
    reportFolder(join(folder, "provisioning"), CANVAS, PROVISIONING);
    const zip = await reportZip(
      join(folder, "provisioning"),
      join(root, "provisioning_csv_21_Nov_2026_12.zip"),
    );
    expect(await kindsOf(zip)).toEqual(KINDS);
    expect(await kindsOf(join(folder, "provisioning"))).toEqual(KINDS);
    writeFileSync(join(root, "saved as.csv"), `\uFEFF${reportText(CANVAS.users, SIS_EXPORT.users)}`);
    expect(await kindsOf(join(root, "saved as.csv"))).toEqual(["users"]);
    const report = await openSisReport(zip, never);
    expect(report.day).toBe("2026-11-21");
    const [users] = report.files.filter(({ kind }) => kind === "users");
    const rows = [];
    if (users !== undefined) for await (const row of reportRows(users, never)) rows.push(row);
    report.close();
    expect(reportColumns("users").slice(0, 4)).toEqual(["user_id", "login_id", "first_name", "last_name"]);
    expect(rows).toEqual([{ line: 2, cells: ["0042", "ann", "Ann", "Lee", "active", "", "", ""] }]);
  });

  it("may have files that are of no concern", async () => {
    reportFolder(folder, { users: CANVAS.users });
    writeFileSync(
      join(folder, "groups.csv"),
      "group_id,group_category_id,name,status\ng1,,Chess,available\n",
    );
    writeFileSync(join(folder, "observers.csv"), "observer_id,student_id,status\n1,2,active\n");
    writeFileSync(join(folder, "readme.txt"), "hello");
    expect(await kindsOf(folder)).toEqual(["users"]);
  });

  it("is refused when its headers are in another language, with what to do", async () => {
    reportFolder(folder, { accounts: CANVAS.accounts });
    writeFileSync(
      join(folder, "users.csv"),
      "canvas_nutzer_id,nutzer_id,integrations_id,authentication_provider_id,anmelde_id,vorname,nachname,status\n1,2,,,ann,Ann,Lee,active\n",
    );
    const failure = await failureOf(folder);
    expect(failure.code).toBe("source.not-an-export");
    expect(failure.message).toContain("users.csv is not a provisioning or SIS export report");
    expect(failure.message).toContain("another language");
    expect(failure.hint).toContain("whose language in Canvas is English");
  });

  it("is refused when it lacks a column", async () => {
    reportFolder(folder, {});
    writeFileSync(join(folder, "users.csv"), "user_id,login_id,email\n1,ann,a@example.org\n");
    const failure = await failureOf(folder);
    expect(failure.code).toBe("source.export-columns");
    expect(failure.message).toContain('"first_name", "last_name", "status"');
  });

  it("is refused when there are two, of one day or of two", async () => {
    reportFolder(folder, { users: CANVAS.users });
    writeFileSync(join(folder, "users (1).csv"), reportText(CANVAS.users, SIS_EXPORT.users));
    expect((await failureOf(folder)).message).toMatch(
      /Both users \(1\)\.csv and users\.csv are Canvas's users/,
    );

    reportFolder(join(folder, "a"), { users: CANVAS.users });
    reportFolder(join(folder, "b"), { courses: CANVAS.courses });
    reportFolder(join(folder, "c"), {});
    await reportZip(join(folder, "a"), join(folder, "c", "sis_export_csv_3_Nov_2026_7.zip"));
    await reportZip(join(folder, "b"), join(folder, "c", "sis_export_csv_21_Nov_2026_9.zip"));
    const failure = await failureOf(join(folder, "c"));
    expect(failure.code).toBe("source.report-dates");
    expect(failure.message).toContain("reports of different days (2026-11-03, 2026-11-21)");
    expect(failure.message).toContain("sis_export_csv_3_Nov_2026_7.zip/users.csv: users, of 2026-11-03");
  });

  it("is refused when it is not there, holds nothing, or is something else", async () => {
    expect((await failureOf(join(folder, "none"))).code).toBe("usage.canvas-report");
    reportFolder(folder, {});
    expect((await failureOf(folder)).code).toBe("source.no-exports");
    writeFileSync(join(folder, "report.xlsx"), "PK");
    expect((await failureOf(join(folder, "report.xlsx"))).code).toBe("usage.canvas-report");
    writeFileSync(join(folder, "report.zip"), "PK");
    expect((await failureOf(join(folder, "report.zip"))).code).toBe("source.export-damaged");
    writeFileSync(join(folder, "grades.csv"), "student name,course,final score\nAnn,A,12\n");
    expect((await failureOf(join(folder, "grades.csv"))).code).toBe("source.not-an-export");
  });

  it("is refused when it breaks off in the middle of a row", async () => {
    const text = reportText([...CANVAS.users, ...CANVAS.users], SIS_EXPORT.users);
    reportFolder(folder, {});
    writeFileSync(join(folder, "users.csv"), text.slice(0, -12));
    const failure = await failureOf(folder);
    expect(failure.code).toBe("source.export-damaged");
    expect(failure.message).toContain("line 3 of its users breaks off");
    expect(failure.message).not.toContain("Ann");
  });
});
