/**
 * What changed in each school: the account of a row's course; of users, of the courses that they were enrolled in; of
 * links between observers and students, of the courses of the student.
 */
import type { Database } from "../database.ts";
import type { SchoolChange } from "./compared.ts";
import { columnList, filesOf, KEYS, SUSPENDED } from "./files.ts";
import type { RosterColumns, RosterFile } from "./settle.ts";

type SchoolFile = Exclude<RosterFile, "terms">;

interface Night {
  rows: (file: RosterFile) => string;
}

const LAST: Night = { rows: (file) => `(FROM last_${file} WHERE nights = 0)` };
const TONIGHT: Night = { rows: (file) => file };

/** `account_id` and the key of each row of a file in one night. */
function placed(file: SchoolFile, { rows }: Night): string {
  const courses = `(SELECT course_id, account_id FROM ${rows("courses")})`;
  switch (file) {
    case "accounts":
      return `(SELECT account_id AS school, account_id FROM ${rows(file)})`;
    case "courses":
      return `(SELECT account_id AS school, course_id FROM ${rows(file)})`;
    case "sections":
      return `(SELECT c.account_id AS school, r.section_id FROM ${rows(file)} r JOIN ${courses} c USING (course_id))`;
    case "xlists":
      return `(SELECT c.account_id AS school, r.section_id FROM ${rows(file)} r
        JOIN ${rows("sections")} s USING (section_id) JOIN ${courses} c USING (course_id))`;
    case "enrollments":
      return `(SELECT c.account_id AS school, r.section_id, r.user_id, r.role FROM ${rows(file)} r JOIN ${courses} c USING (course_id))`;
    case "logins":
      return `(SELECT DISTINCT c.account_id AS school, r.user_id FROM ${rows(file)} r
        JOIN ${rows("enrollments")} e ON e.user_id = r.existing_user_id JOIN ${courses} c USING (course_id))`;
    case "admins":
      return `(SELECT account_id AS school, user_id, account_id, role FROM ${rows(file)})`;
    case "user_observers":
      return `(SELECT DISTINCT c.account_id AS school, r.observer_id, r.student_id FROM ${rows(file)} r
        JOIN ${rows("enrollments")} e ON e.user_id = r.student_id JOIN ${courses} c USING (course_id))`;
    case "users":
      return `(SELECT DISTINCT c.account_id AS school, r.user_id FROM ${rows("enrollments")} r JOIN ${courses} c USING (course_id))`;
  }
}

/** Only schools in which something differs, the most removed first. */
export async function countBySchool(database: Database, columns: RosterColumns): Promise<SchoolChange[]> {
  const counts: SchoolChange[] = [];
  for (const [file] of filesOf(columns)) {
    if (file !== "terms") counts.push(...(await countFile(database, file)));
  }
  return counts.sort(
    (one, other) =>
      other.removed - one.removed ||
      other.changed + other.added - one.changed - one.added ||
      compareText(one.account_id, other.account_id) ||
      compareText(one.file, other.file),
  );
}

async function countFile(database: Database, file: SchoolFile): Promise<SchoolChange[]> {
  const differing = await database.count(
    `SELECT (SELECT count(*) FROM differs_${file}) + (SELECT count(*) FROM beside_${file} WHERE fresh)`,
  );
  if (differing === 0) return [];
  const key = columnList(KEYS[file]);
  const those = (change: string) => `(FROM differs_${file} WHERE change = '${change}')`;
  // Few rows differ: the schools of these few are looked up, not those of all.
  const by = (night: Night, rows: string) =>
    `SELECT school, count(*) AS n FROM ${placed(file, night)} SEMI JOIN ${rows} USING (${key}) GROUP BY school`;
  const changes = await database.rows<Omit<SchoolChange, "file"> & { suspended: number }>(`
    WITH last AS (SELECT school, count(*) AS n FROM ${placed(file, LAST)} GROUP BY school),
      added AS (${by(TONIGHT, those("added"))}),
      changed AS (${by(LAST, those("changed"))}),
      suspended AS (${by(LAST, file === "users" ? `(FROM ${SUSPENDED})` : `(FROM differs_${file} WHERE false)`)}),
      removed AS (${by(LAST, `(FROM beside_${file} WHERE fresh)`)}),
      names AS (SELECT account_id, name FROM accounts UNION ALL
        SELECT account_id, name FROM last_accounts ANTI JOIN accounts USING (account_id)),
      schools AS (SELECT school FROM added UNION SELECT school FROM changed UNION SELECT school FROM removed)
    SELECT school AS account_id, coalesce(names.name, '') AS name, ${[
      "last",
      "added",
      "changed",
      "suspended",
      "removed",
    ]
      .map((part) => `coalesce(${part}.n, 0)::INTEGER AS "${part}"`)
      .join(", ")}
    FROM schools LEFT JOIN last USING (school) LEFT JOIN added USING (school) LEFT JOIN changed USING (school)
      LEFT JOIN suspended USING (school) LEFT JOIN removed USING (school) LEFT JOIN names ON names.account_id = school
    ORDER BY school`);
  return changes.map(({ account_id, name, last, added, changed, suspended, removed }) => ({
    ...{ account_id, name, file, last, added, changed },
    ...(suspended > 0 && { suspended }),
    removed,
  }));
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
