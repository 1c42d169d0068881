/** Extracts of a small school as DAP writes them, in real files, and what is read from them. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { AssignmentGrades, SectionGrades, Submission } from "../../../../connectors/canvas/records.ts";
import { readCanvasData, type CanvasDataOptions } from "../../../../connectors/store/canvas-data/grades.ts";
import { literal, openDatabase } from "../../../../connectors/store/database.ts";

export type Row = Record<string, unknown> & { id: number };
export type School = Record<
  | "assignments"
  | "assignment_groups"
  | "assignment_overrides"
  | "submissions"
  | "courses"
  | "course_sections"
  | "enrollments"
  | "pseudonyms",
  Row[]
>;

export const NOW = "2026-11-22T02:00:00Z";
export const TS = "2026-11-21T04:00:00.000Z";

/** Course 1 with section 10, student 100, assignment 1000 graded 8 of 10; override 1 is of some other assignment. */
export function school(): School {
  return {
    courses: [course(1)],
    course_sections: [section(10)],
    enrollments: [enrollment(1, { user_id: 100 })],
    pseudonyms: [pseudonym(1, { user_id: 100, sis_user_id: "s100" })],
    assignment_groups: [{ id: 500, name: "Homework", context_id: 1, group_weight: 0, sis_source_id: null }],
    assignments: [assignment(1000)],
    assignment_overrides: [override(1, { assignment_id: 1 })],
    submissions: [submission(1, {})],
  };
}

export function course(id: number, change: object = {}): Row {
  return {
    id,
    name: `Course ${id}`,
    sis_source_id: `C${id}`,
    workflow_state: "available",
    account_id: 1,
    enrollment_term_id: 1,
    ...change,
  };
}

export function section(id: number, change: object = {}): Row {
  return {
    id,
    course_id: 1,
    name: `Section ${id}`,
    sis_source_id: `S${id}`,
    workflow_state: "active",
    nonxlist_course_id: null,
    default_section: true,
    ...change,
  };
}

export function enrollment(id: number, change: object = {}): Row {
  return {
    id,
    user_id: 100,
    course_id: 1,
    course_section_id: 10,
    type: "StudentEnrollment",
    workflow_state: "active",
    sis_pseudonym_id: null,
    ...change,
  };
}

export function pseudonym(id: number, change: object = {}): Row {
  return {
    id,
    user_id: 100,
    unique_id: `login${id}`,
    sis_user_id: `s${id}`,
    workflow_state: "active",
    ...change,
  };
}

export function assignment(id: number, change: object = {}): Row {
  return {
    id,
    title: `Work ${id}`,
    context_id: 1,
    context_type: "Course",
    assignment_group_id: 500,
    points_possible: 10,
    due_at: "2026-11-10T07:59:59.000Z",
    unlock_at: null,
    lock_at: null,
    workflow_state: "published",
    post_to_sis: true,
    only_visible_to_overrides: false,
    submission_types: ["online_upload", "online_url"],
    grading_type: "points",
    omit_from_final_grade: false,
    sis_source_id: null,
    integration_id: null,
    parent_assignment_id: null,
    type: "Assignment",
    created_at: "2026-11-01T00:00:00.000Z",
    ...change,
  };
}

export function override(id: number, change: object = {}): Row {
  return {
    id,
    assignment_id: 1000,
    set_type: "CourseSection",
    set_id: 10,
    workflow_state: "active",
    due_at: null,
    due_at_overridden: false,
    unlock_at: null,
    unlock_at_overridden: false,
    lock_at: null,
    lock_at_overridden: false,
    unassign_item: false,
    ...change,
  };
}

export function submission(id: number, change: object = {}): Row {
  return {
    id,
    assignment_id: 1000,
    user_id: 100,
    course_id: 1,
    workflow_state: "graded",
    score: 8,
    grade: "8",
    excused: false,
    posted_at: "2026-11-12T00:00:00.000Z",
    late_policy_status: null,
    cached_due_date: "2026-11-10T07:59:59.000Z",
    submitted_at: "2026-11-09T20:00:00.000Z",
    submission_type: "online_upload",
    grader_id: 7,
    graded_at: "2026-11-11T00:00:00.000Z",
    points_deducted: null,
    attempt: 1,
    cached_quiz_lti: false,
    custom_grade_status_id: null,
    ...change,
  };
}

/** Nothing handed in, nothing graded. */
export function untouched(id: number, change: object = {}): Row {
  const none = { score: null, grade: null, posted_at: null, submitted_at: null, submission_type: null };
  return submission(id, {
    workflow_state: "unsubmitted",
    ...none,
    grader_id: null,
    graded_at: null,
    attempt: null,
    ...change,
  });
}

export type Format = "csv" | "tsv" | "jsonl" | "parquet" | "parquet-flat";

export interface Manner {
  format: Format;
  gzip: boolean;
  ts?: string;
  /** Ids of records that the extract says are deleted. */
  deleted?: number[];
}

export const PLAIN_CSV: Manner = { format: "csv", gzip: false };

export async function writeSchool(
  folder: string,
  tables: Partial<School>,
  manner: Manner = PLAIN_CSV,
): Promise<void> {
  for (const [table, rows] of Object.entries(tables)) {
    const extension = manner.format.replace("-flat", "");
    const gz = manner.gzip && extension !== "parquet" ? ".gz" : "";
    await writeExtract(join(folder, table, "job_1", `part-00000.${extension}${gz}`), rows, manner);
  }
}

export async function writeExtract(file: string, rows: Row[], manner: Manner = PLAIN_CSV): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  if (manner.format.startsWith("parquet")) {
    await writeParquet(file, rows, manner);
    return;
  }
  const text = manner.format === "jsonl" ? jsonLines(rows, manner) : table(rows, manner);
  writeFileSync(file, manner.gzip ? gzipSync(text) : text);
}

/** NULLs are left out. */
function jsonLines(rows: Row[], { ts = TS, deleted = [] }: Manner): string {
  const lines = rows.map(({ id, ...columns }) => {
    const value = Object.fromEntries(Object.entries(columns).filter(([, field]) => field !== null));
    return { key: { id }, value, meta: { ts, action: "U" } };
  });
  const gone = deleted.map((id) => ({ meta: { ts, action: "D" }, key: { id } }));
  return [...lines, ...gone].map((line) => `${JSON.stringify(line)}\n`).join("");
}

function table(rows: Row[], { format, ts = TS, deleted = [] }: Manner): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== "id");
  const header = ["key.id", ...names.map((name) => `value.${name}`), "meta.ts", "meta.action"];
  const lines = rows.map((row) => [row.id, ...names.map((name) => row[name] ?? null), ts, "U"]);
  const gone = deleted.map((id) => [id, ...names.map(() => null), ts, "D"]);
  const [cell, separator] = format === "csv" ? [csvCell, ","] : [tsvCell, "\t"];
  return [header, ...lines, ...gone].map((line) => `${line.map(cell).join(separator)}\n`).join("");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function csvCell(value: unknown): string {
  if (value === null) return "";
  const text = textOf(value);
  return text === "" || /[",\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

function tsvCell(value: unknown): string {
  return value === null ? "\\N" : textOf(value).replace(/[\\\b\f\n\r\t\v]/g, (mark) => ESCAPES[mark] ?? mark);
}

/** With DuckDB's own types of what stands in the rows: numbers, booleans, lists, timestamps. */
async function writeParquet(file: string, rows: Row[], manner: Manner): Promise<void> {
  const database = await openDatabase({ spill: `${file}.spill`, memoryLimitMb: 128, threads: 1 });
  try {
    const json = `${file}.jsonl`;
    // All columns in every record, so that all are in the file.
    const full = rows.map(({ id, ...value }) => ({
      key: { id },
      value,
      meta: { ts: manner.ts ?? TS, action: "U" },
    }));
    const gone = (manner.deleted ?? []).map((id) => ({
      key: { id },
      value: {},
      meta: { ts: manner.ts ?? TS, action: "D" },
    }));
    writeFileSync(json, [...full, ...gone].map((line) => JSON.stringify(line)).join("\n"));
    const names = Object.keys(rows[0] ?? {}).filter((name) => name !== "id");
    const flat = [
      `"key".id AS "key.id"`,
      ...names.map((name) => `"value"."${name}" AS "value.${name}"`),
      `"meta".ts AS "meta.ts", "meta".action AS "meta.action"`,
    ];
    const select = manner.format === "parquet-flat" ? flat.join(", ") : "*";
    await database.run(`SET TimeZone = 'America/Los_Angeles';
      COPY (SELECT ${select} FROM read_json(${literal(json)}, format = 'newline_delimited', sample_size = -1,
        map_inference_threshold = -1)) TO ${literal(file)} (FORMAT parquet, COMPRESSION ${manner.gzip ? "gzip" : "snappy"})`);
    rmSync(json);
  } finally {
    database.close();
  }
}

export async function read(
  folder: string,
  options: Partial<CanvasDataOptions> = {},
): Promise<SectionGrades[]> {
  const database = await openDatabase({ spill: `${folder}-spill`, memoryLimitMb: 128, threads: 2 });
  try {
    const sections: SectionGrades[] = [];
    for await (const one of readCanvasData(database, folder, { now: NOW, ...options })) sections.push(one);
    return sections;
  } finally {
    database.close();
  }
}

/** What is read of a school. */
export async function readSchool(folder: string, tables: School): Promise<SectionGrades[]> {
  await writeSchool(folder, tables);
  return await read(folder);
}

export function assignmentsOf(sections: SectionGrades[]): Record<string, string[]> {
  return Object.fromEntries(
    sections.map((one) => [String(one.section.sis_id), one.assignments.map(({ assignment: { id } }) => id)]),
  );
}

export function onlyAssignment(sections: SectionGrades[]): AssignmentGrades {
  const found = sections.flatMap((one) => one.assignments);
  if (found.length !== 1) throw new Error(`${found.length} assignments`);
  return found[0]!;
}

export function onlySubmission(sections: SectionGrades[]): Submission {
  const { submissions } = onlyAssignment(sections);
  if (submissions.length !== 1) throw new Error(`${submissions.length} submissions`);
  return submissions[0]!;
}
