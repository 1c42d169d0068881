/** Which assignment is given to which section, with which dates. */
import type { Database } from "../database.ts";
import { ASSIGNMENT } from "./section-json.ts";

/** The parts of a discussion with checkpoints do not count beside their whole. */
const WHOLE = "parent_assignment_id IS NULL AND coalesce(type, '') <> 'SubAssignment'";

/**
 * Makes `to_send`: the assignments that Canvas's SIS Integration API would give, published and set to sync to the SIS.
 * `types` are its submission types with commas between; `expects` says whether students hand something in in Canvas.
 */
export async function makeToSend(database: Database): Promise<void> {
  await database.run(`
    CREATE TABLE canvas_data.to_send AS
      SELECT a.* EXCLUDE (submission_types), types,
        types NOT IN ('', 'none', 'not_graded', 'on_paper', 'external_tool') AS expects,
        g.name AS group_name, g.sis_source_id AS group_sis_source_id
      FROM (SELECT *, regexp_replace(coalesce(submission_types, ''), '[\\[\\]" ]', '', 'g') AS types
          FROM canvas_data.assignments) a
        LEFT JOIN canvas_data.assignment_groups g ON g.id = a.assignment_group_id
      WHERE a.workflow_state = 'published' AND a.post_to_sis AND coalesce(a.context_type, 'Course') = 'Course'
        AND ${WHOLE} AND a.context_id IN (SELECT course_id FROM canvas_data.sections);
    DROP TABLE canvas_data.assignments; DROP TABLE canvas_data.assignment_groups`);
}

/**
 * Makes `assigned` (place, assignment_id, due_at, single, alone, json). A section's dates are those of its override,
 * else everybody's. `single` says that students or groups may have others, `alone` that nobody else has the assignment.
 */
export async function makeAssigned(database: Database): Promise<void> {
  const active = (types: string) => `FROM canvas_data.assignment_overrides
    WHERE workflow_state = 'active' AND set_type IN (${types})`;
  await database.run(`
    CREATE TABLE canvas_data.assigned AS
      WITH for_section AS (
          SELECT DISTINCT ON (assignment_id, set_id) * ${active("'CourseSection'")}
          ORDER BY assignment_id, set_id, id DESC),
        for_all AS (
          SELECT DISTINCT ON (assignment_id) * ${active("'Course'")} ORDER BY assignment_id, id DESC),
        for_some AS (
          SELECT DISTINCT assignment_id ${active("'ADHOC', 'Group', 'Noop'")} AND NOT coalesce(unassign_item, false)),
        given AS (
          SELECT s.place, a.id AS assignment_id, ${["due_at", "unlock_at", "lock_at"].map(dateOf).join(", ")},
            few.assignment_id IS NOT NULL AS single,
            coalesce(a.only_visible_to_overrides, false) AND o.id IS NULL AND c.id IS NULL AS alone,
            coalesce(o.unreadable, c.unreadable, a.unreadable, CASE WHEN NOT regexp_matches(coalesce(a.title, ''), '\\S') THEN 'title' END)
              AS unreadable
          FROM canvas_data.to_send a JOIN canvas_data.sections s ON s.course_id = a.context_id
            LEFT JOIN for_section o ON o.assignment_id = a.id AND o.set_id = s.id
            LEFT JOIN for_all c ON c.assignment_id = a.id
            LEFT JOIN for_some few ON few.assignment_id = a.id
          WHERE NOT coalesce(o.unassign_item, false))
      SELECT g.place, g.assignment_id, g.due_at, g.single, g.alone, ${ASSIGNMENT} AS json
      FROM given g JOIN canvas_data.to_send a ON a.id = g.assignment_id
      WHERE single OR NOT alone ORDER BY g.place, g.assignment_id;
    DROP TABLE canvas_data.assignment_overrides`);
}

/** An override may leave a date as it is for everybody; it may also take one away. */
function dateOf(name: string): string {
  const overrides = (alias: string) => `coalesce(${alias}.${name}_overridden, ${alias}.${name} IS NOT NULL)`;
  return `CASE WHEN ${overrides("o")} THEN o.${name} WHEN ${overrides("c")} THEN c.${name} ELSE a.${name} END AS ${name}`;
}
