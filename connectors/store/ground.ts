/**
 * The ground that grades stand on: the classes, students and enrollments of the last delivered roster, which is what
 * Canvas knows. Read from the baseline that the roster night has left, and held in memory: a few hundred bytes a student.
 */
import { join } from "node:path";
import { readWrittenCsv } from "./csv.ts";
import { literal, inDatabase, type Database } from "./database.ts";

export interface GroundSection {
  section_id: string;
  course_id: string;
  /** sourcedId of the class. */
  classId: string;
  name: string;
  /** sourcedId of the org whose account the course is in, null where that is the root account. */
  schoolId: string | null;
  term_id: string;
  /** Of the section, or else of its term: UTC instants, which may be "". */
  start_date: string;
  end_date: string;
}

export interface RosterGround {
  /** The delivered run. */
  run: string;
  section(section_id: string): GroundSection | undefined;
  sections(): Iterable<GroundSection>;
  /** sourcedId of the SIS's user by user_id of users.csv. */
  student(user_id: string): string | undefined;
  /** section_ids in which the roster enrolls this user as a student now (active). */
  sectionsOf(user_id: string): readonly string[];
}

export interface GroundOptions {
  run: string;
  /** The run's baseline folder. */
  folder: string;
  /** Canvas roles that students are enrolled with. */
  studentRoles: readonly string[];
  /** Room for what does not fit in memory. */
  spill: string;
}

const MEMORY_LIMIT_MB = 128;
const SEPARATOR = "\u001f";

/** @throws Failure internal.file-damaged when a file of the baseline is not as it was written */
export async function readGround(options: GroundOptions): Promise<RosterGround> {
  const limits = { spill: options.spill, memoryLimitMb: MEMORY_LIMIT_MB, threads: 1 };
  return inDatabase(limits, async (database) => {
    const sections = await readSections(database, options.folder);
    const students = await readStudents(database, options);
    return {
      run: options.run,
      section: (id) => sections.get(id),
      sections: () => sections.values(),
      student: (id) => students.get(id)?.sourcedId,
      sectionsOf: (id) => students.get(id)?.sections ?? [],
    };
  });
}

/** Rows that went missing stay in the baseline for some nights; Canvas was told that they are gone. */
function isThere(table: string): string {
  return `${table}.nights = '' AND ${table}.status <> 'deleted'`;
}

async function readSections(database: Database, folder: string): Promise<Map<string, GroundSection>> {
  const file = (name: string, columns: readonly string[]) =>
    readWrittenCsv(join(folder, `${name}.csv`), ["source_id", "nights", "status", ...columns]);
  const rows = await database.rows<GroundSection>(`
    SELECT s.section_id, s.course_id, s.source_id AS "classId", s.name,
      nullif(a.source_id, '') AS "schoolId", coalesce(c.term_id, '') AS term_id,
      if(s.start_date <> '', s.start_date, coalesce(t.start_date, '')) AS start_date,
      if(s.end_date <> '', s.end_date, coalesce(t.end_date, '')) AS end_date
    FROM ${file("sections", ["section_id", "course_id", "name", "start_date", "end_date"])} s
    LEFT JOIN ${file("courses", ["course_id", "account_id", "term_id"])} c USING (course_id)
    LEFT JOIN ${file("terms", ["term_id", "start_date", "end_date"])} t ON t.term_id = c.term_id
    LEFT JOIN ${file("accounts", ["account_id"])} a ON a.account_id = c.account_id AND c.account_id <> ''
    WHERE ${isThere("s")}`);
  return new Map(rows.map((row) => [row.section_id, row]));
}

interface Student {
  sourcedId: string;
  sections: readonly string[];
}

async function readStudents(database: Database, options: GroundOptions): Promise<Map<string, Student>> {
  const { folder, studentRoles } = options;
  const roles = studentRoles.map(literal).join(", ") || "NULL";
  const rows = await database.rows<{ user_id: string; sourcedId: string; sections: string | null }>(`
    SELECT u.user_id, u.source_id AS "sourcedId", e.sections
    FROM ${readWrittenCsv(join(folder, "users.csv"), ["source_id", "nights", "status", "user_id"])} u
    LEFT JOIN (
      SELECT user_id, string_agg(section_id, ${literal(SEPARATOR)}) AS sections
      FROM ${readWrittenCsv(join(folder, "enrollments.csv"), ["section_id", "user_id", "role", "status", "nights"])}
      WHERE nights = '' AND status = 'active' AND role IN (${roles}) GROUP BY user_id) e USING (user_id)
    WHERE ${isThere("u")}`);
  // Every student of a section names it; one text for all of them.
  const names = new Map<string, string>();
  const shared = (name: string) => {
    const known = names.get(name);
    if (known !== undefined) return known;
    names.set(name, name);
    return name;
  };
  return new Map(
    rows.map(({ user_id, sourcedId, sections }) => [
      user_id,
      { sourcedId, sections: sections === null ? [] : distinct(sections.split(SEPARATOR).map(shared)) },
    ]),
  );
}

/** A student may be in a section in two roles; DuckDB takes a second to find that nearly nobody is. */
function distinct(sections: string[]): string[] {
  const different = new Set(sections);
  return different.size === sections.length ? sections : [...different];
}
