/** Reports as Canvas makes them, of a Canvas that holds what a night would send, and whatever happened to it since. */
import { createWriteStream, readdirSync, readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import yazl from "yazl";
import { type Row, readCsv } from "../csv-reader.ts";
import type { Home } from "../night-kit.ts";

export type Canvas = Record<ReportFile, Row[]>;
export type ReportFile = "accounts" | "terms" | "courses" | "sections" | "users" | "enrollments";

/** The columns of each file, in Canvas's order: of sis_export_csv, and of provisioning_csv. */
export const SIS_EXPORT: Record<ReportFile, string> = {
  users:
    "user_id,integration_id,authentication_provider_id,login_id,password,first_name,last_name,full_name,sortable_name,short_name,email,status",
  accounts: "account_id,parent_account_id,name,status",
  terms: "term_id,name,status,start_date,end_date",
  courses:
    "course_id,integration_id,short_name,long_name,account_id,term_id,status,start_date,end_date,course_format,blueprint_course_id",
  sections: "section_id,course_id,integration_id,name,status,start_date,end_date",
  enrollments: "course_id,user_id,role,role_id,section_id,status,associated_user_id,limit_section_privileges",
};
export const PROVISIONING: Record<ReportFile, string> = {
  users:
    "canvas_user_id,user_id,integration_id,authentication_provider_id,login_id,first_name,last_name,full_name,sortable_name,short_name,email,status,created_by_sis",
  accounts: "canvas_account_id,account_id,canvas_parent_id,parent_account_id,name,status,created_by_sis",
  terms: "canvas_term_id,term_id,name,status,start_date,end_date,created_by_sis",
  courses:
    "canvas_course_id,course_id,integration_id,short_name,long_name,canvas_account_id,account_id,canvas_term_id,term_id,status,start_date,end_date,blueprint_course_id,created_by_sis",
  sections:
    "canvas_section_id,section_id,canvas_course_id,course_id,integration_id,name,status,start_date,end_date,canvas_account_id,account_id,canvas_nonxlist_course_id,nonxlist_course_id,created_by_sis",
  enrollments:
    "canvas_course_id,course_id,canvas_user_id,user_id,role,role_id,canvas_section_id,section_id,status,canvas_associated_user_id,associated_user_id,created_by_sis,base_role_type,limit_section_privileges,canvas_enrollment_id",
};

/** A Canvas that has just imported the rows of a run's Canvas files. */
export function canvasOf(home: Home, run?: string): Canvas {
  const folder = join(home.runFolder(run), "canvas");
  const rows = (file: ReportFile) => readCsv(readFileSync(join(folder, `${file}.csv`), "utf8"));
  return {
    accounts: rows("accounts"),
    terms: rows("terms"),
    courses: rows("courses"),
    sections: rows("sections"),
    users: rows("users").map((user, at) => ({ ...user, canvas_user_id: String(at + 1) })),
    enrollments: rows("enrollments"),
  };
}

/** Everything of a Canvas under other ids, as another integration gave them. */
export function renamed(canvas: Canvas, rename: Partial<Record<string, (id: string) => string>>): Canvas {
  const renamedRow = (row: Row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        value === ""
          ? ""
          : (rename[column === "parent_account_id" ? "account_id" : column]?.(value) ?? value),
      ]),
    );
  return Object.fromEntries(
    Object.entries(canvas).map(([file, rows]) => [file, rows.map(renamedRow)]),
  ) as Canvas;
}

export function reportText(rows: readonly Row[], columns: string): string {
  const names = columns.split(",");
  const cell = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return (
    [columns, ...rows.map((row) => names.map((name) => cell(row[name] ?? "")).join(","))].join("\n") + "\n"
  );
}

/** The report as a folder of CSVs; its path. */
export function reportFolder(
  path: string,
  canvas: Partial<Canvas>,
  columns: Record<ReportFile, string> = SIS_EXPORT,
): string {
  mkdirSync(path, { recursive: true });
  for (const [file, rows] of Object.entries(canvas))
    writeFileSync(join(path, `${file}.csv`), reportText(rows, columns[file as ReportFile]));
  return path;
}

/** The same as the zip that Canvas gives. */
export async function reportZip(folder: string, zip: string): Promise<string> {
  const file = new yazl.ZipFile();
  for (const name of readdirSync(folder)) file.addFile(join(folder, name), name);
  file.end();
  await pipeline(file.outputStream, createWriteStream(zip));
  return zip;
}
