/**
 * Graded work out of Canvas Data 2: extracts of DAP's tables in a folder, put together by the database so that a
 * district's year of them needs no more memory than a school's.
 */
import type { SectionGrades } from "../../canvas/records.ts";
import type { Database } from "../database.ts";
import { makeAssigned, makeToSend } from "./assigned.ts";
import { makeSections, makeStudents } from "./classes.ts";
import { findExtracts } from "./extract-files.ts";
import { scoresMissing, tablesMissing } from "./faults.ts";
import { loadTable } from "./load.ts";
import { sectionJson } from "./section-json.ts";
import { TABLE_NAMES, type TableName } from "./tables.ts";
import { makeWork, stretches } from "./work.ts";

export interface CanvasDataOptions {
  /** The instant that "past due" is measured at where the extracts do not say when they were taken; ISO 8601 in UTC. */
  now: string;
  /** SIS ids of the only courses that are wanted; absent: all. */
  courses?: ReadonlySet<string>;
  signal?: AbortSignal;
}

/**
 * Every section that a published assignment with "Sync to SIS" is given to, once, by Canvas's ids of course and
 * section; assignments and submissions by theirs. Who left a section is not in it, who concluded is.
 *
 * @param folder extracts as CSV, TSV, JSON Lines or Parquet, gzipped or not; see `findExtracts` for how they may lie
 * @throws Failure source.canvas-data-missing, -column, -damaged, -unnamed: nothing was given then
 */
export async function* readCanvasData(
  database: Database,
  folder: string,
  options: CanvasDataOptions,
): AsyncGenerator<SectionGrades> {
  await database.run("CREATE SCHEMA canvas_data");
  try {
    await putTogether(database, folder, options);
    for (const stretch of await stretches(database)) {
      options.signal?.throwIfAborted();
      const sections = await database.rows<{ grades: string }>(sectionJson(stretch));
      for (const { grades } of sections) yield inOrder(JSON.parse(grades) as SectionGrades);
    }
  } finally {
    await database.run("DROP SCHEMA canvas_data CASCADE");
  }
}

/** In an order that lets each table be left out again as soon as it is used, the largest last. */
async function putTogether(database: Database, folder: string, options: CanvasDataOptions): Promise<void> {
  const extracts = await findExtracts(database, folder);
  const missing = TABLE_NAMES.filter((name) => !extracts.has(name));
  if (missing.length > 0) throw tablesMissing(folder, missing);
  const times: string[] = [];
  const load = async (table: TableName, wanted?: string) => {
    options.signal?.throwIfAborted();
    await loadTable(database, table, extracts.get(table) ?? [], wanted);
    times.push(...(await newestTime(database, table)));
  };
  await load("courses");
  await load("course_sections");
  await makeSections(database, options.courses);
  await load("assignments");
  await load("assignment_groups");
  await makeToSend(database);
  await load("enrollments", "type IS NULL OR type = 'StudentEnrollment'");
  await load("pseudonyms");
  await makeStudents(database);
  await load("assignment_overrides");
  await makeAssigned(database);
  const taken = times.toSorted().at(-1) ?? new Date(options.now).toISOString();
  await load("submissions", "assignment_id IS NULL OR assignment_id IN (SELECT id FROM canvas_data.to_send)");
  await requireScores(database);
  await makeWork(database, taken);
}

/**
 * About when an extract was taken: work that was due since may have been handed in since, and is not missing yet.
 * So an old extract says today what it said then.
 */
async function newestTime(database: Database, table: TableName): Promise<string[]> {
  const [row] = await database.rows<{ newest: string | null }>(
    `SELECT strftime(max(ts), '%Y-%m-%dT%H:%M:%S.%gZ') AS newest FROM canvas_data.${table}`,
  );
  return row?.newest == null ? [] : [row.newest];
}

/** Of a few, every score may have been taken back again. */
const MANY = 20;

/**
 * JSON Lines leave out what is nothing, so that a column that is not there looks like one in which nothing is; but a
 * score is the last thing that may be taken for cleared because it was not extracted.
 *
 * @throws Failure source.canvas-data-column
 */
async function requireScores(database: Database): Promise<void> {
  const [row] = await database.rows<{ scores: number; graded: number }>(`
    SELECT count(score)::INTEGER AS scores,
      (count(*) FILTER (WHERE workflow_state = 'graded' AND NOT coalesce(excused, false)))::INTEGER AS graded
    FROM canvas_data.submissions`);
  if (row !== undefined && row.scores === 0 && row.graded >= MANY) throw scoresMissing(row.graded);
}

/** The database puts the parts of a section together in whatever order it comes to them. */
function inOrder(grades: SectionGrades): SectionGrades {
  grades.assignments.sort((one, other) => compareIds(one.assignment.id, other.assignment.id));
  for (const { submissions } of grades.assignments)
    submissions.sort((one, other) => compareIds(one.user_id ?? "", other.user_id ?? ""));
  return grades;
}

/** As numbers, which may be longer than JavaScript's are exact. */
function compareIds(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
