/**
 * Dates that moved across the day of the run: what was running by the dates of the last delivered night and is not by
 * tonight's, so that Canvas closes it tomorrow morning; and what was over and is running again. Each night's dates are
 * looked at from the same day, so time that merely passes moves nothing.
 */
import type { Database } from "../database.ts";
import type { CrossedRows, DateMoves, MovedTerm } from "./compared.ts";
import type { Today } from "./enrollments.ts";

/** Tonight's comparison must have left `differs_<file>`. */
export async function findDateMoves(database: Database, today: Today): Promise<DateMoves> {
  if (!(await haveDatesChanged(database))) return { terms: [], rows: [] };
  const terms = await database.rows<MovedTerm>(`
    SELECT t.term_id, t.name, ${directionOf(tense("l", today), tense("t", today))} AS direction,
      {'start': l.start_date, 'end': l.end_date} AS before, {'start': t.start_date, 'end': t.end_date} AS after
    FROM terms t JOIN ${last("terms")} l USING (term_id) WHERE direction IS NOT NULL ORDER BY term_id`);
  await database.run(`
    ${sectionTenses(today)};
    CREATE TEMP TABLE crossed (file VARCHAR, "by" VARCHAR, term_id VARCHAR, school VARCHAR, direction VARCHAR);
    INSERT INTO crossed SELECT 'courses', 'terms', c.term_id, lc.account_id, ${directionOf(tense("l", today), tense("t", today))}
      FROM courses c JOIN ${last("courses")} lc USING (course_id) JOIN terms t ON t.term_id = c.term_id
        JOIN ${last("terms")} l ON l.term_id = c.term_id
      WHERE lc.term_id = c.term_id;
    INSERT INTO crossed SELECT 'sections', "by", '', school, ${directionOf("was", '"is"')}
      FROM section_tenses WHERE "by" = 'sections';
    ${enrollments(today)};
    DELETE FROM crossed WHERE direction IS NULL;
    DROP TABLE section_tenses`);
  const rows = await database.rows<CrossedRows>(`
    WITH last AS (
      SELECT 'courses' AS file, account_id AS school, count(*) AS n FROM ${last("courses")} GROUP BY school
      UNION ALL SELECT 'sections', c.account_id, count(*) FROM ${last("sections")} JOIN ${last("courses")} c USING (course_id) GROUP BY c.account_id
      UNION ALL SELECT 'enrollments', c.account_id, count(*) FROM ${last("enrollments")} JOIN ${last("courses")} c USING (course_id) GROUP BY c.account_id)
    SELECT school AS account_id, coalesce(first(a.name), '') AS name, crossed.file, "by", term_id, direction,
      count(*)::INTEGER AS rows, first(last.n)::INTEGER AS last
    FROM crossed JOIN last USING (file, school)
      LEFT JOIN (SELECT account_id, name FROM last_accounts) a ON a.account_id = school
    GROUP BY school, crossed.file, "by", term_id, direction ORDER BY rows DESC, school, crossed.file, "by", term_id, direction`);
  await database.run("DROP TABLE crossed");
  return { terms, rows };
}

async function haveDatesChanged(database: Database): Promise<boolean> {
  const dated = ["terms", "sections", "enrollments"].map(
    (file) => `SELECT 1 FROM differs_${file} WHERE ${HAS_OTHER_DATES}`,
  );
  return (await database.count(`SELECT count(*) FROM (${dated.join(" UNION ALL ")} LIMIT 1)`)) > 0;
}

const HAS_OTHER_DATES = `len(list_filter(cells, lambda x: x['column'] IN ('start_date', 'end_date'))) > 0`;

function last(file: string): string {
  return `(FROM last_${file} WHERE nights = 0)`;
}

/** Blank is open. */
function tense(table: string, { start, end }: Today): string {
  return `CASE WHEN ${table}.start_date > '${end}' THEN 'to come'
    WHEN ${table}.end_date <> '' AND ${table}.end_date < '${start}' THEN 'over' ELSE 'current' END`;
}

/** What only begins earlier than it would have harms nobody; what begins again shows last year's work. */
function directionOf(was: string, is: string): string {
  return `CASE WHEN (${was}) = 'current' AND (${is}) <> 'current' THEN 'closed'
    WHEN (${was}) = 'over' AND (${is}) = 'current' THEN 'opened' END`;
}

/**
 * Canvas admits by a section's dates where it has some, else by those of the term. A course that went to another term
 * is another matter, which `moved` counts.
 */
function sectionTenses(today: Today): string {
  const isDated = (table: string) => `(${table}.start_date <> '' OR ${table}.end_date <> '')`;
  return `CREATE TEMP TABLE section_tenses AS
    SELECT s.section_id, lc.account_id AS school, c.term_id,
      if(${isDated("s")} OR ${isDated("ls")}, 'sections', 'terms') AS "by",
      if(${isDated("ls")}, ${tense("ls", today)}, ${tense("lt", today)}) AS was,
      if(${isDated("s")}, ${tense("s", today)}, ${tense("t", today)}) AS "is"
    FROM sections s JOIN ${last("sections")} ls USING (section_id)
      JOIN courses c ON c.course_id = s.course_id JOIN ${last("courses")} lc ON lc.course_id = ls.course_id
      JOIN terms t ON t.term_id = c.term_id JOIN ${last("terms")} lt ON lt.term_id = lc.term_id
    WHERE c.term_id = lc.term_id`;
}

/** Above all Canvas admits by an enrollment's own dates, when it has both. */
function enrollments(today: Today): string {
  const isDated = (table: string) => `(${table}.start_date <> '' AND ${table}.end_date <> '')`;
  const key = "section_id, user_id, role";
  // Of millions only those are looked at whose own dates differ, or whose section opens or closes.
  return `INSERT INTO crossed
    SELECT 'enrollments', source, if(source = 'terms', term_id, ''), school, ${directionOf("was", '"is"')} FROM (
      SELECT st.school, st.term_id, if(${isDated("e")} OR ${isDated("l")}, 'enrollments', st."by") AS source,
        if(${isDated("l")}, ${tense("l", today)}, st.was) AS was,
        if(${isDated("e")}, ${tense("e", today)}, st."is") AS "is"
      FROM enrollments e JOIN ${last("enrollments")} l USING (${key}) JOIN section_tenses st USING (section_id)
      WHERE st.was <> st."is" OR e.start_date <> l.start_date OR e.end_date <> l.end_date)`;
}
