/** Enrollments have no id: they are the same when their section, user and role are. */
import type { Database } from "../database.ts";
import { inCanvas } from "./matching.ts";

/** Makes `match_enrollments` (course, section, "user", role, result, line), where `other-id` is there under Canvas's ids. */
export async function matchEnrollments(database: Database): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE there AS SELECT section, "user", role, min(line) AS line FROM canvas_enrollments
      WHERE NOT deleted AND section <> '' AND "user" <> '' GROUP BY ALL;
    CREATE TABLE match_enrollments AS
      SELECT n.course, n.section, n."user", n.role, t.line,
        CASE WHEN t.line IS NULL THEN 'new' WHEN s.canvas = n.section AND u.canvas = n."user" THEN 'same-id'
          ELSE 'other-id' END AS result
      FROM night_enrollments n
        LEFT JOIN ${inCanvas("sections")} s ON s.id = n.section
        LEFT JOIN ${inCanvas("users")} u ON u.id = n."user"
        LEFT JOIN there t ON t.section = s.canvas AND t."user" = u.canvas AND t.role = n.role;
    DROP TABLE there`);
}
