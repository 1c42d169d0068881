/** Columns that take a course or a section elsewhere, or to another time, counted by school. */
import type { Database } from "../database.ts";
import type { MovedColumn } from "./compared.ts";
import type { RosterFile } from "./settle.ts";

const COURSES = `SELECT t.*, l.account_id AS school, l.account_id AS last_account_id, l.term_id AS last_term_id
  FROM courses t JOIN last_courses l USING (course_id) WHERE l.nights = 0`;

/** Rows that stand in both nights, with the school of the last one, and the column's value in each. */
const COLUMNS: { file: RosterFile; column: string; both: string }[] = [
  {
    file: "courses",
    column: "account_id",
    both: `SELECT school, last_account_id AS before, account_id AS after FROM (${COURSES})`,
  },
  {
    file: "courses",
    column: "term_id",
    both: `SELECT school, last_term_id AS before, term_id AS after FROM (${COURSES})`,
  },
  {
    file: "sections",
    column: "course_id",
    both: `SELECT c.account_id AS school, l.course_id AS before, t.course_id AS after
      FROM sections t JOIN (FROM last_sections WHERE nights = 0) l USING (section_id)
        JOIN (FROM last_courses WHERE nights = 0) c ON c.course_id = l.course_id`,
  },
  ...["start_date", "end_date"].map((column) => ({
    file: "terms" as const,
    column,
    // A course whose term is another one has moved already; here the term itself has other dates.
    both: `SELECT c.school, l.${column} AS before, t.${column} AS after FROM (${COURSES}) c
      JOIN terms t ON t.term_id = c.term_id
      JOIN (FROM last_terms WHERE nights = 0) l ON l.term_id = c.last_term_id AND l.term_id = t.term_id`,
  })),
];

/** Only where something moved; of a term's dates the courses in it are counted. */
export async function findMoved(database: Database): Promise<MovedColumn[]> {
  const moved: MovedColumn[] = [];
  for (const { file, column, both } of COLUMNS) {
    const schools = await database.rows<Pick<MovedColumn, "account_id" | "name" | "both" | "changed">>(`
      SELECT school AS account_id, coalesce(first(name), '') AS name, count(*)::INTEGER AS "both",
        count(*) FILTER (before <> after)::INTEGER AS changed
      FROM (${both}) LEFT JOIN (SELECT account_id, name FROM last_accounts) a ON a.account_id = school
      GROUP BY school HAVING changed > 0 ORDER BY changed DESC, school`);
    moved.push(
      ...schools.map(({ account_id, name, ...counts }) => ({ account_id, name, file, column, ...counts })),
    );
  }
  return moved;
}
