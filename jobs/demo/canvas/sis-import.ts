/** Takes over the Canvas CSVs of a roster night as Canvas's SIS import does, in its order: Canvas SIS CSV format. */
import { join } from "node:path";
import { type CsvRow, readCsvRows } from "./csv-rows.ts";
import type { NextId } from "./ids.ts";
import type { Course, Enrollment, EnrollmentType, User } from "./records.ts";
import { ROOT_ACCOUNT, type School } from "./school.ts";

const FILES = { accounts, terms, courses, sections, users, enrollments };

/**
 * Adds what is new and changes what is there; what a file does not name stays, as Canvas keeps it.
 *
 * @param folder with `accounts.csv` … `enrollments.csv`; a file that is not there is no change
 * @throws Error for a row that refers to what Canvas does not have
 */
export function importRoster(school: School, folder: string, nextId: NextId): void {
  for (const [file, take] of Object.entries(FILES)) {
    take(readCsvRows(join(folder, `${file}.csv`)), school, nextId);
  }
}

function accounts(rows: CsvRow[], school: School, nextId: NextId): void {
  for (const row of rows) {
    const parent = row["parent_account_id"] ?? "";
    const values = {
      parent_id: parent === "" ? ROOT_ACCOUNT : school.accounts.get(parent).id,
      name: row["name"] ?? "",
      workflow_state: row["status"] === "deleted" ? ("deleted" as const) : ("active" as const),
    };
    const sis_id = row["account_id"] ?? "";
    const known = school.accounts.find(sis_id);
    if (known === undefined) school.accounts.add({ id: nextId("account"), sis_id, ...values });
    else Object.assign(known, values);
  }
}

function terms(rows: CsvRow[], school: School, nextId: NextId): void {
  for (const row of rows) {
    const values = {
      name: row["name"] ?? "",
      start_at: orNull(row["start_date"]),
      end_at: orNull(row["end_date"]),
      workflow_state: row["status"] === "deleted" ? ("deleted" as const) : ("active" as const),
    };
    const sis_id = row["term_id"] ?? "";
    const known = school.terms.find(sis_id);
    if (known === undefined) school.terms.add({ id: nextId("term"), sis_id, ...values });
    else Object.assign(known, values);
  }
}

function courses(rows: CsvRow[], school: School, nextId: NextId): void {
  for (const row of rows) {
    const account = row["account_id"] ?? "";
    const values = {
      name: row["long_name"] ?? "",
      course_code: row["short_name"] ?? "",
      account_id: account === "" ? ROOT_ACCOUNT : school.accounts.get(account).id,
      term_id: school.terms.get(row["term_id"] ?? "").id,
    };
    const sis_id = row["course_id"] ?? "";
    const known = school.courses.find(sis_id);
    if (known !== undefined) Object.assign(known, values, ended(row["status"]));
    else {
      school.courses.add({
        id: nextId("course"),
        sis_id,
        ...values,
        // An import leaves a new course unpublished; its instructor has published it since.
        workflow_state: "available",
        sis_grade_export: true,
        group_weighting_scheme: "equal",
        grading_standard: false,
        ...ended(row["status"]),
      });
    }
  }
}

function ended(status: string | undefined): Partial<Course> {
  return status === "deleted" || status === "completed" ? { workflow_state: status } : {};
}

function sections(rows: CsvRow[], school: School, nextId: NextId): void {
  for (const row of rows) {
    const course = school.courses.get(row["course_id"] ?? "").id;
    const values = {
      name: row["name"] ?? "",
      start_at: orNull(row["start_date"]),
      end_at: orNull(row["end_date"]),
      workflow_state: row["status"] === "deleted" ? ("deleted" as const) : ("active" as const),
    };
    const sis_id = row["section_id"] ?? "";
    const known = school.sections.find(sis_id);
    if (known === undefined) {
      const fresh = { id: nextId("section"), sis_id, course_id: course, nonxlist_course_id: null, ...values };
      school.place(fresh, course);
      continue;
    }
    Object.assign(known, values);
    // Cross-listing by hand outlives imports that name the section's own course.
    if ((known.nonxlist_course_id ?? known.course_id) !== course) {
      known.nonxlist_course_id = null;
      school.place(known, course);
    }
  }
}

function users(rows: CsvRow[], school: School, nextId: NextId): void {
  for (const row of rows) {
    const first_name = row["first_name"] ?? "";
    const last_name = row["last_name"] ?? "";
    const values: Omit<User, "id" | "sis_id"> = {
      integration_id: orNull(row["integration_id"]),
      login_id: row["login_id"] ?? "",
      first_name,
      last_name,
      name: `${first_name} ${last_name}`.trim(),
      sortable_name: [last_name, first_name].filter((name) => name !== "").join(", "),
      workflow_state:
        row["status"] === "deleted" ? "deleted" : row["status"] === "suspended" ? "suspended" : "registered",
    };
    const sis_id = row["user_id"] ?? "";
    const known = school.users.find(sis_id);
    if (known === undefined) school.users.add({ id: nextId("user"), sis_id, ...values });
    else Object.assign(known, values);
  }
}

const TYPES: Readonly<Record<string, EnrollmentType>> = {
  student: "StudentEnrollment",
  teacher: "TeacherEnrollment",
  ta: "TaEnrollment",
  designer: "DesignerEnrollment",
  observer: "ObserverEnrollment",
};

function enrollments(rows: CsvRow[], school: School): void {
  const known = new Map<string, Enrollment>();
  for (const each of school.enrollments()) known.set(`${each.section_id}/${each.user_id}/${each.role}`, each);
  for (const row of rows) {
    const section_id = school.sections.get(row["section_id"] ?? "").id;
    const user_id = school.users.get(row["user_id"] ?? "").id;
    const role = row["role"] ?? "";
    const workflow_state = enrollmentState(row["status"]);
    const key = `${section_id}/${user_id}/${role}`;
    const there = known.get(key);
    if (there !== undefined) there.workflow_state = workflow_state;
    else if (workflow_state !== "deleted") {
      // A custom role stands on one of Canvas's own; which, only its administrator knows.
      const type = TYPES[role] ?? "TaEnrollment";
      known.set(key, school.enroll({ section_id, user_id, role, type, workflow_state, from_sis: true }));
    }
  }
}

function enrollmentState(status: string | undefined): Enrollment["workflow_state"] {
  if (status === "completed" || status === "inactive") return status;
  return status === "active" ? "active" : "deleted";
}

function orNull(value: string | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}
