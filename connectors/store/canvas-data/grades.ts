/**
 * Graded work out of Canvas Data 2: extracts of DAP's tables in a folder, put together by the database so that a
 * district's year of them needs no more memory than a school's.
 */
import type { SectionGrades } from "../../canvas/records.ts";
import type { Database } from "../database.ts";
import { makeAssigned, makeToSend } from "./assigned.ts";
import { makeSections, makeStudents } from "./classes.ts";
import { findExtracts } from "./extract-files.ts";
import { tablesMissing } from "./faults.ts";
import { loadTable } from "./load.ts";
import { sectionJson } from "./section-json.ts";
import { TABLE_NAMES, type TableName } from "./tables.ts";
import { makeWork, stretches } from "./work.ts";

export interface CanvasDataOptions {
  /** The instant that "past due" is measured at, ISO 8601 in UTC. */
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
  const load = async (table: TableName, wanted?: string) => {
    options.signal?.throwIfAborted();
    await loadTable(database, table, extracts.get(table) ?? [], wanted);
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
  await load("submissions", "assignment_id IS NULL OR assignment_id IN (SELECT id FROM canvas_data.to_send)");
  await makeWork(database, new Date(options.now).toISOString());
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
