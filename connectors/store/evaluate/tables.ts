/**
 * Tonight and Canvas as tables, to be compared: of each type `night_<type>` and `canvas_<type>`, whose `id` is the SIS ID.
 * What two worlds may write differently is made plain here: names are bare letters and digits without accents, logins
 * and addresses are in lower case.
 */
import { join } from "node:path";
import { readCsv, readWrittenCsv } from "../csv.ts";
import type { Database } from "../database.ts";

/** What has an id of its own, in the order in which matches build on each other. */
export const ID_TYPES = ["accounts", "terms", "courses", "sections", "users"] as const;
export type IdType = (typeof ID_TYPES)[number];
export type EvaluatedType = IdType | "enrollments";
export const EVALUATED_TYPES: readonly EvaluatedType[] = [...ID_TYPES, "enrollments"];

interface Shape {
  /** Of the night's file. */
  night: readonly string[];
  /** SQL over the night's columns; over Canvas's as well, whose columns have the same names. */
  columns: Record<string, string>;
}

const SHAPES: Record<EvaluatedType, Shape> = {
  accounts: { night: ["account_id", "name"], columns: { id: "account_id", name: "plain(name)" } },
  terms: {
    night: ["term_id", "name", "start_date", "end_date"],
    columns: {
      id: "term_id",
      name: "plain(name)",
      starts: "try_cast(start_date AS TIMESTAMP)",
      ends: "try_cast(end_date AS TIMESTAMP)",
    },
  },
  courses: {
    night: ["course_id", "short_name", "long_name", "account_id", "term_id"],
    columns: {
      id: "course_id",
      short: "plain(short_name)",
      long: "plain(long_name)",
      account: "account_id",
      term: "term_id",
    },
  },
  sections: {
    night: ["section_id", "course_id", "nonxlist_course_id", "name"],
    columns: {
      id: "section_id",
      // Of a section that somebody has cross-listed a provisioning report says in course_id where it is, not whence.
      course: "coalesce(nullif(nonxlist_course_id, ''), course_id)",
      name: "plain(name)",
    },
  },
  users: {
    night: ["user_id", "login_id", "first_name", "last_name", "email", "integration_id"],
    columns: {
      id: "user_id",
      login: "lower(login_id)",
      first: "plain(first_name)",
      last: "plain(last_name)",
      email: "lower(email)",
      integration: "integration_id",
    },
  },
  enrollments: {
    night: ["course_id", "section_id", "user_id", "role"],
    columns: { course: "course_id", section: "section_id", user: "user_id", role: "lower(role)" },
  },
};

/** @param folder what a night left as the baseline of the next one */
export async function loadNight(database: Database, folder: string): Promise<void> {
  await database.run(`CREATE MACRO plain(words) AS
    regexp_replace(strip_accents(lower(words)), '[^\\p{L}\\p{N}]+', '', 'g')`);
  for (const type of EVALUATED_TYPES) {
    const { night, columns } = SHAPES[type];
    const from = readWrittenCsv(join(folder, `${type}.csv`), ["source_id", ...night, "nights"]);
    await database.run(`CREATE TABLE night_${type} AS
      SELECT source_id AS source, ${listed(columns)} FROM ${from} WHERE nights = ''`);
  }
  const names = readWrittenCsv(join(folder, "accounts.csv"), ["account_id", "name"]);
  await database.run(
    `CREATE TABLE night_names AS SELECT account_id AS id, any_value(name) AS name FROM ${names} GROUP BY id`,
  );
}

export interface CanvasFile {
  path: string;
  /** `line` and those of the report, in the file's order; it has no header. */
  columns: readonly string[];
}

/**
 * `line` is where a row stands in the report. Of a login `person` is whose it is, as one may have several; `deleted` rows
 * still hold their ids.
 */
export async function loadCanvas(
  database: Database,
  files: Partial<Record<EvaluatedType, CanvasFile>>,
): Promise<void> {
  for (const type of EVALUATED_TYPES) {
    const { night, columns } = SHAPES[type];
    const file = files[type] ?? { path: "", columns: ["line", ...night, "status"] };
    const missing = night.filter((column) => !file.columns.includes(column));
    const blanks = missing.map((column) => `, '' AS ${column}`).join("");
    const person = file.columns.includes("canvas_user_id") ? "nullif(canvas_user_id, '')" : "NULL";
    await database.run(`CREATE TABLE canvas_${type} AS
      SELECT line::BIGINT AS line, lower(status) = 'deleted' AS deleted, coalesce(${person}, 'line ' || line) AS person,
        ${listed(columns)} FROM (SELECT *${blanks} FROM ${readCsv([file.path], file.columns)})`);
  }
}

function listed(columns: Record<string, string>): string {
  return Object.entries(columns)
    .map(([name, value]) => `${value} AS "${name}"`)
    .join(", ");
}
