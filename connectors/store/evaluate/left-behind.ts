/** What Canvas has and tonight does not: nothing of rosterbridge will ever touch it. */
import type { Database } from "../database.ts";
import { ID_TYPES } from "./tables.ts";

/**
 * - `gone`: the SIS does not have it, or it was not recognised.
 * - `in-sis`: a user whom the SIS has and who is not sent, as nobody enrolled them.
 * - `other-term`: of a term that tonight does not have: earlier years, as a rule.
 */
export type Behind = "gone" | "in-sis" | "other-term";

/** Makes `behind_<type>` (line, id, why) of every type; what Canvas has deleted or has no id for is in none. */
export async function findLeftBehind(database: Database): Promise<void> {
  const current = `(SELECT c.id FROM match_terms m JOIN canvas_terms c USING (line))`;
  const ofTerm = (term: string) =>
    `if(${term} IN (FROM ${current}) OR NOT (SELECT known FROM terms_known), 'gone', 'other-term')`;
  await database.run(`CREATE TEMP TABLE terms_known AS SELECT count(*) > 0 AS known FROM canvas_terms`);
  const why = {
    accounts: "'gone'",
    terms: "'gone'",
    courses: ofTerm("c.term"),
    sections: ofTerm("(SELECT any_value(k.term) FROM canvas_courses k WHERE k.id = c.course AND k.id <> '')"),
    users: `if(c.id IN (SELECT value FROM fields) OR c.login IN (SELECT lower(value) FROM fields WHERE choice = 'username'),
      'in-sis', 'gone')`,
  };
  for (const type of ID_TYPES) {
    await database.run(`CREATE TABLE behind_${type} AS SELECT c.line, c.id, ${why[type]} AS why
      FROM canvas_${type} c ANTI JOIN (FROM match_${type} WHERE line IS NOT NULL) m USING (line)
        ANTI JOIN other_${type} o USING (line) WHERE NOT c.deleted AND c.id <> ''`);
  }
  await database.run(`CREATE TABLE behind_enrollments AS SELECT c.line,
      concat_ws('/', c.section, c."user", c.role) AS id,
      ${ofTerm("k.term")} AS why
    FROM canvas_enrollments c ANTI JOIN (FROM match_enrollments WHERE line IS NOT NULL) m USING (line)
      LEFT JOIN (SELECT id, any_value(term) AS term FROM canvas_courses WHERE id <> '' GROUP BY id) k ON k.id = c.course
    WHERE NOT c.deleted AND c.section <> '' AND c."user" <> '';
    DROP TABLE terms_known`);
}
