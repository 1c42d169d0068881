/**
 * Sections that are taught together in one Canvas course: which go where. A section that is there already stays, for
 * its work is; a course to which others go keeps its own sections.
 */
import { readCsv } from "../csv.ts";
import { literal, type Database } from "../database.ts";

export interface CrossListing {
  /** section_id → course_id, as the institution says. */
  sections: Readonly<Record<string, string>>;
  rule?: {
    /** CSV without a header: section_id, likeness. Sections with one likeness and the same teachers are one. */
    likeness: string;
    /** Canvas's word for those who teach. */
    teacherRole: string;
  };
}

/** Makes `xlists`, and rejects of the type `crossLists` of what was said of sections and courses that are not there. */
export async function settleCrossLists(database: Database, wanted: CrossListing | undefined): Promise<void> {
  await database.run(`CREATE TABLE xlists (source_type VARCHAR, source_id VARCHAR, xlist_course_id VARCHAR,
    section_id VARCHAR, status VARCHAR)`);
  if (wanted === undefined) return;
  await listNamed(database, Object.entries(wanted.sections));
  if (wanted.rule === undefined) return;
  await keepListed(database);
  await listAlike(database, wanted.rule);
}

async function listNamed(
  database: Database,
  named: readonly [section: string, course: string][],
): Promise<void> {
  if (named.length === 0) return;
  const values = named.map(([section, course]) => `(${literal(section)}, ${literal(course)})`).join(", ");
  await database.run(`
    CREATE TEMP TABLE named AS SELECT n.*, s.course_id, c.course_id AS host
      FROM (VALUES ${values}) n(section_id, xlist_course_id) LEFT JOIN sections s USING (section_id)
        LEFT JOIN courses c ON c.course_id = n.xlist_course_id;
    INSERT INTO rejects SELECT 'crossLists', section_id, if(course_id IS NULL, 'section_id', 'xlist_course_id'),
      if(course_id IS NULL, section_id, xlist_course_id),
      if(course_id IS NULL, 'there is no such section in the package', 'there is no such course in the package')
      FROM named WHERE course_id IS NULL OR host IS NULL;
    INSERT INTO xlists ${rowsOf("SELECT section_id, xlist_course_id FROM named WHERE host IS NOT NULL AND course_id <> host")};
    DROP TABLE named`);
}

/** What was put together stays together when a teacher or a period changes: identity must not depend on either. */
async function keepListed(database: Database): Promise<void> {
  const stay = `SELECT l.section_id, l.xlist_course_id FROM last_xlists l
    JOIN sections s USING (section_id) JOIN courses c ON c.course_id = l.xlist_course_id
    WHERE l.nights = 0 AND s.course_id <> l.xlist_course_id
      AND l.section_id NOT IN (SELECT section_id FROM xlists)
      AND s.course_id NOT IN (SELECT xlist_course_id FROM xlists)`;
  await database.run(`INSERT INTO xlists ${rowsOf(stay)}`);
}

async function listAlike(
  database: Database,
  { likeness, teacherRole }: NonNullable<CrossListing["rule"]>,
): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE alike AS
      SELECT s.section_id, s.course_id, x.xlist_course_id AS listed,
        s.course_id IN (SELECT xlist_course_id FROM xlists) AS hosts, {'alike': a.likeness, 'teachers': t.teachers} AS likeness
      FROM ${readCsv([likeness], ["section_id", "likeness"])} a JOIN sections s USING (section_id)
        JOIN (SELECT section_id, list(DISTINCT user_id ORDER BY user_id) AS teachers FROM enrollments
          WHERE role = ${literal(teacherRole)} GROUP BY section_id) t USING (section_id)
        LEFT JOIN xlists x USING (section_id);
    INSERT INTO xlists ${rowsOf(`SELECT section_id, xlist_course_id FROM alike JOIN
      (SELECT likeness, coalesce(min(listed), min(course_id) FILTER (hosts), min(course_id)) AS xlist_course_id
        FROM alike GROUP BY likeness) USING (likeness)
      WHERE listed IS NULL AND NOT hosts AND course_id <> xlist_course_id`)};
    DROP TABLE alike`);
}

function rowsOf(listed: string): string {
  return `SELECT 'classes', section_id, xlist_course_id, section_id, 'active' FROM (${listed})`;
}
