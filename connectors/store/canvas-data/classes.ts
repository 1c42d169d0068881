/** The sections that are taught, and the students in them with their SIS ids. */
import { literal, type Database } from "../database.ts";

/** A SIS id, which is never blank, without the white space around it. */
const sisId = (column: string) => `nullif(trim(${column}, ' ' || chr(9) || chr(10) || chr(13)), '')`;

/**
 * Makes `sections` (place, id, course_id, name, sis_id, course_name, course_sis_id): those of published and concluded
 * courses, numbered by course and section. A cross-listed section stands in the course that it is taught in, under the
 * name and SIS id of the one that it comes from: that is the one which the SIS knows.
 *
 * @param courses SIS ids of the only courses that are wanted; undefined: all
 */
export async function makeSections(
  database: Database,
  courses: ReadonlySet<string> | undefined,
): Promise<void> {
  const wanted =
    courses === undefined
      ? "true"
      : `${sisId("origin.sis_source_id")} IN (${[...courses, ""].map(literal).join(", ")})`;
  await database.run(`
    CREATE TABLE canvas_data.sections AS
      SELECT row_number() OVER (ORDER BY s.course_id, s.id)::INTEGER AS place, s.id, s.course_id, s.name,
        ${sisId("s.sis_source_id")} AS sis_id, coalesce(origin.name, c.name) AS course_name,
        ${sisId("origin.sis_source_id")} AS course_sis_id
      FROM canvas_data.course_sections s JOIN canvas_data.courses c ON c.id = s.course_id
        LEFT JOIN canvas_data.courses origin ON origin.id = coalesce(s.nonxlist_course_id, s.course_id)
      WHERE s.workflow_state = 'active' AND c.workflow_state IN ('available', 'completed') AND ${wanted};
    DROP TABLE canvas_data.courses; DROP TABLE canvas_data.course_sections`);
}

/**
 * Makes `students` (place, course_id, user_id, sis_user_json), each of a section once; sections that the SIS does not
 * know have none. Who has several SIS ids is known by the one that the SIS import enrolled them with, else by the
 * oldest; suspended ones count after the others.
 */
export async function makeStudents(database: Database): Promise<void> {
  await database.run(`
    CREATE TABLE canvas_data.students AS
      WITH known AS (
          SELECT id, user_id, workflow_state, ${sisId("sis_user_id")} AS sis_user_id FROM canvas_data.pseudonyms
          WHERE ${sisId("sis_user_id")} IS NOT NULL AND workflow_state IN ('active', 'suspended')),
        oldest AS (
          SELECT DISTINCT ON (user_id) user_id, sis_user_id FROM known ORDER BY user_id, workflow_state, id),
        enrolled AS (
          SELECT DISTINCT ON (s.place, e.user_id) s.place, s.course_id, e.user_id, known.sis_user_id
          FROM canvas_data.enrollments e JOIN canvas_data.sections s ON s.id = e.course_section_id
            LEFT JOIN known ON known.id = e.sis_pseudonym_id AND known.user_id = e.user_id
          WHERE s.sis_id IS NOT NULL AND e.type = 'StudentEnrollment' AND e.workflow_state IN ('active', 'completed')
          ORDER BY s.place, e.user_id, e.workflow_state, known.id IS NULL, e.id)
      SELECT place, course_id, user_id, coalesce(to_json(coalesce(enrolled.sis_user_id, oldest.sis_user_id)), 'null') AS sis_user_json
      FROM enrolled LEFT JOIN oldest USING (user_id) ORDER BY place;
    DROP TABLE canvas_data.enrollments; DROP TABLE canvas_data.pseudonyms`);
}
