/** Every student's work on what is assigned to a section, as Canvas would show it now, in the order of the sections. */
import { literal, type Database } from "../database.ts";

/** Sections are read so many submissions at a time: some megabytes of JSON. */
const SUBMISSIONS_AT_ONCE = 10_000;

/** First and last place of sections that are read at once. */
export interface Stretch {
  first: number;
  last: number;
}

/**
 * Makes `work`: a student's work once for every section of the course that they are in. Late and missing are not
 * stored in Canvas: they are what it computes whenever it is asked (canvas-lms, app/models/submission.rb, Tardiness).
 *
 * @param now ISO 8601 instant in UTC that "past due" is measured at
 */
export async function makeWork(database: Database, now: string): Promise<void> {
  await makeApart(database);
  await database.run(`
    CREATE TABLE canvas_data.work AS
      SELECT st.place, sub.assignment_id, sub.user_id, sub.workflow_state, sub.score, sub.points_deducted, sub.grade,
        sub.excused, sub.posted_at IS NOT NULL AS posted, sub.graded_at, sub.submitted_at, sub.attempt,
        sub.submission_type, sub.unreadable, apart.user_id IS NOT NULL AS apart,
        ${STATUS} AS late_policy_status,
        ${OPEN} AND CASE WHEN ${STATUS} IS NOT NULL THEN ${STATUS} = 'late'
          ELSE sub.submitted_at IS NOT NULL AND ${pastDue(now)} END AS late,
        ${OPEN} AND CASE WHEN ${STATUS} IS NOT NULL THEN ${STATUS} = 'missing'
          ELSE sub.grader_id IS NULL AND sub.submitted_at IS NULL AND ${pastDue(now)}
            AND (coalesce(sub.cached_quiz_lti, false) OR a.expects) END AS missing
      FROM canvas_data.submissions sub JOIN canvas_data.to_send a ON a.id = sub.assignment_id
        JOIN canvas_data.students st ON st.user_id = sub.user_id AND st.course_id = a.context_id
        JOIN canvas_data.assigned g ON g.place = st.place AND g.assignment_id = sub.assignment_id
        LEFT JOIN canvas_data.apart ON apart.assignment_id = sub.assignment_id AND apart.user_id = sub.user_id
      WHERE sub.workflow_state <> 'deleted'
      ORDER BY st.place, sub.assignment_id, sub.user_id;
    DROP TABLE canvas_data.submissions;
    DELETE FROM canvas_data.assigned WHERE alone AND rowid NOT IN (
      SELECT g.rowid FROM canvas_data.assigned g JOIN canvas_data.work USING (place, assignment_id) WHERE g.alone)`);
}

/**
 * Makes `apart` (assignment_id, user_id): who has another due date than the sections that they are in. Canvas keeps
 * each student's own beside the work, whatever it comes from.
 */
async function makeApart(database: Database): Promise<void> {
  await database.run(`
    CREATE TABLE canvas_data.apart AS
      SELECT sub.assignment_id, sub.user_id
      FROM canvas_data.submissions sub JOIN canvas_data.assigned g USING (assignment_id)
        JOIN canvas_data.students st ON st.place = g.place AND st.user_id = sub.user_id
      WHERE g.single GROUP BY sub.assignment_id, sub.user_id
      HAVING NOT bool_or(date_trunc('second', sub.cached_due_date) IS NOT DISTINCT FROM date_trunc('second', g.due_at))`);
}

const STATUS = "nullif(sub.late_policy_status, '')";

/** Whose lateness is not settled by other means. */
const OPEN = "NOT coalesce(sub.excused, false) AND sub.custom_grade_status_id IS NULL";

/** Quizzes that hand themselves in when time is up have a minute's grace. */
function pastDue(now: string): string {
  return `coalesce(coalesce(sub.submitted_at, TIMESTAMP ${literal(now.replace(/Z$/, ""))})
    - CASE WHEN sub.submission_type = 'online_quiz' OR sub.cached_quiz_lti THEN INTERVAL 60 SECONDS
      ELSE INTERVAL 0 SECONDS END >= sub.cached_due_date + INTERVAL 1 SECOND, false)`;
}

/** All sections that something is assigned to, in order. */
export function stretches(database: Database): Promise<Stretch[]> {
  return database.rows<Stretch>(`
    WITH counted AS (
        SELECT place, count(*) AS n FROM canvas_data.work GROUP BY place),
      summed AS (
        SELECT place, sum(1 + coalesce(n, 0)) OVER (ORDER BY place) // ${SUBMISSIONS_AT_ONCE} AS stretch
        FROM (SELECT DISTINCT place FROM canvas_data.assigned) LEFT JOIN counted USING (place))
    SELECT min(place) AS first, max(place) AS last FROM summed GROUP BY stretch ORDER BY first`);
}
