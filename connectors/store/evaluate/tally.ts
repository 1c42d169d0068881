/** What the tables say, in numbers, and in a few ids of each. */
import type { Database } from "../database.ts";
import type { Behind } from "./left-behind.ts";
import type { Result } from "./matching.ts";
import { EVALUATED_TYPES, type EvaluatedType, type IdType } from "./tables.ts";

export interface TypeTally {
  tonight: number;
  results: Partial<Record<Result, number>>;
  /** Of `other-id`, `adopted`, `perhaps` and `ambiguous`, by what they were recognised. */
  how: { result: Result; how: string; rows: number }[];
  /** Rows of the report that are not deleted and have a SIS ID; enrollments of what has none are not among them. */
  inCanvas: number;
  deleted: number;
  withoutId: number;
  behind: Partial<Record<Behind, number>>;
  /** Ids that the report has more than once. */
  twice: number;
}

export interface Example {
  id: string;
  /** The SIS ID that Canvas has for it; blank where there is none. */
  canvas: string;
}

const EXAMPLES = 3;

export async function tallyType(database: Database, type: EvaluatedType): Promise<TypeTally> {
  const results = await database.rows<{ result: Result; rows: number }>(
    `SELECT result, count(*)::INTEGER AS rows FROM match_${type} GROUP BY result ORDER BY result`,
  );
  const behind = await database.rows<{ why: Behind; rows: number }>(
    `SELECT why, count(*)::INTEGER AS rows FROM behind_${type} GROUP BY why ORDER BY why`,
  );
  const hasId = type === "enrollments" ? `section <> '' AND "user" <> ''` : "id <> ''";
  const [canvas] = await database.rows<Pick<TypeTally, "inCanvas" | "deleted" | "withoutId">>(`
    SELECT count(*) FILTER (NOT deleted AND ${hasId})::INTEGER AS "inCanvas", count(*) FILTER (deleted)::INTEGER AS deleted,
      count(*) FILTER (NOT deleted AND NOT (${hasId}))::INTEGER AS "withoutId" FROM canvas_${type}`);
  const how =
    type === "enrollments"
      ? []
      : await database.rows<TypeTally["how"][number]>(`
          SELECT result, how, count(*)::INTEGER AS rows FROM match_${type}
          WHERE result IN ('other-id', 'adopted', 'perhaps', 'ambiguous') GROUP BY ALL ORDER BY result, rows DESC, how`);
  return {
    tonight: results.reduce((all, { rows }) => all + rows, 0),
    results: Object.fromEntries(results.map(({ result, rows }) => [result, rows])),
    how,
    ...(canvas ?? { inCanvas: 0, deleted: 0, withoutId: 0 }),
    behind: Object.fromEntries(behind.map(({ why, rows }) => [why, rows])),
    twice: type === "enrollments" ? 0 : await database.count(`SELECT count(*) FROM twice_${type}`),
  };
}

/** A few of each result; of users none whose id is a login or an address, which is personal. */
export async function examplesOf(
  database: Database,
  type: IdType,
): Promise<Partial<Record<Result, Example[]>>> {
  const impersonal =
    type === "users"
      ? `AND NOT EXISTS (FROM night_users n WHERE n.id = m.id AND lower(n.id) IN (n.login, n.email))
         AND coalesce(lower(c.id) NOT IN (c.login, c.email) AND c.id NOT LIKE '%@%', true)`
      : "";
  const rows = await database.rows<Example & { result: Result }>(`
    SELECT m.result, m.id, coalesce(c.id, '') AS canvas FROM match_${type} m LEFT JOIN canvas_${type} c USING (line)
    WHERE result NOT IN ('same-id', 'new') AND m.id NOT LIKE '%@%' ${impersonal}
    QUALIFY row_number() OVER (PARTITION BY result ORDER BY m.id) <= ${EXAMPLES} ORDER BY result, m.id`);
  const examples: Partial<Record<Result, Example[]>> = {};
  for (const { result, id, canvas } of rows) (examples[result] ??= []).push({ id, canvas });
  return examples;
}

export interface SchoolTally {
  account_id: string;
  /** Of the account, for people. */
  name: string;
  type: Exclude<EvaluatedType, "terms" | "accounts">;
  tonight: number;
  sameId: number;
  /** Of tonight, in Canvas under another id. */
  otherId: number;
  /** Perhaps or ambiguous, or an id that is another's: what a person must look at. */
  unclear: number;
  new: number;
  /** What Canvas has in the account that this school is, and tonight does not; not what is of other terms. */
  leftBehind: number;
}

const COURSES_OF_NIGHT = "(SELECT id AS course, own_account AS school FROM night_courses)";
/** The school of tonight that an account of Canvas is. */
const SCHOOL_OF_CANVAS = `(SELECT k.id AS course, any_value(m.id) AS school FROM canvas_courses k
  JOIN canvas_accounts a ON a.id = k.account AND a.id <> '' JOIN match_accounts m ON m.line = a.line
  WHERE k.id <> '' GROUP BY k.id)`;

const PLACED: Record<SchoolTally["type"], { night: string; behind: string }> = {
  courses: {
    night: `(SELECT m.result, t.school FROM match_courses m JOIN ${COURSES_OF_NIGHT} t ON t.course = m.id)`,
    behind: `(SELECT s.school FROM behind_courses b JOIN ${SCHOOL_OF_CANVAS} s ON s.course = b.id WHERE b.why = 'gone')`,
  },
  sections: {
    night: `(SELECT m.result, t.school FROM match_sections m JOIN night_sections s USING (id)
      JOIN ${COURSES_OF_NIGHT} t ON t.course = s.own_course)`,
    behind: `(SELECT s.school FROM behind_sections b JOIN canvas_sections c USING (line)
      JOIN ${SCHOOL_OF_CANVAS} s ON s.course = c.course WHERE b.why = 'gone')`,
  },
  users: {
    night: `(SELECT DISTINCT m.id, m.result, t.school FROM match_users m JOIN night_enrollments e ON e."user" = m.id
      JOIN ${COURSES_OF_NIGHT} t ON t.course = e.course)`,
    behind: `(SELECT DISTINCT b.id, s.school FROM behind_users b JOIN canvas_enrollments e ON e."user" = b.id
      JOIN ${SCHOOL_OF_CANVAS} s ON s.course = e.course WHERE b.why <> 'other-term' AND NOT e.deleted)`,
  },
  enrollments: {
    night: `(SELECT m.result, t.school FROM match_enrollments m JOIN ${COURSES_OF_NIGHT} t ON t.course = m.course)`,
    behind: `(SELECT s.school FROM behind_enrollments b JOIN canvas_enrollments c USING (line)
      JOIN ${SCHOOL_OF_CANVAS} s ON s.course = c.course WHERE b.why = 'gone')`,
  },
};

/** Every school of tonight, and what of each type it has; a user of several schools counts in each. */
export async function tallySchools(
  database: Database,
  types: readonly EvaluatedType[],
): Promise<SchoolTally[]> {
  const tallies: SchoolTally[] = [];
  for (const type of EVALUATED_TYPES) {
    if (type === "accounts" || type === "terms" || !types.includes(type)) continue;
    const { night, behind } = PLACED[type];
    const counted = (results: string) => `count(*) FILTER (result IN (${results}))::INTEGER`;
    const rows = await database.rows<Omit<SchoolTally, "type">>(`
      WITH tonight AS (SELECT school, count(*)::INTEGER AS tonight, ${counted("'same-id'")} AS same,
          ${counted("'other-id', 'adopted'")} AS other, ${counted("'perhaps', 'ambiguous', 'other-owner'")} AS unclear,
          ${counted("'new'")} AS new FROM ${night} GROUP BY school),
        behind AS (SELECT school, count(*)::INTEGER AS behind FROM ${behind} GROUP BY school)
      SELECT coalesce(school, '') AS account_id, coalesce(a.name, '') AS name, tonight, same AS "sameId",
        other AS "otherId", unclear, new, coalesce(behind, 0) AS "leftBehind"
      FROM tonight LEFT JOIN behind USING (school) LEFT JOIN night_names a ON a.id = school ORDER BY school`);
    for (const { account_id, name, ...numbers } of rows) tallies.push({ account_id, name, type, ...numbers });
  }
  return tallies;
}

export interface ClaimTally {
  column: string;
  claimed: number;
  solved: number;
}

export interface ChangeTally {
  type: string;
  proposed: number;
  waits: number;
  taken: number;
}

export async function tallyClaims(database: Database): Promise<ClaimTally[]> {
  return database.rows<ClaimTally>(`SELECT column_name AS column, count(DISTINCT id)::INTEGER AS claimed,
    count(DISTINCT id) FILTER (solved)::INTEGER AS solved FROM claims GROUP BY column_name ORDER BY column_name DESC`);
}

export async function tallyChanges(database: Database): Promise<ChangeTally[]> {
  return database.rows<ChangeTally>(`SELECT type, count(*) FILTER (fate = 'proposed')::INTEGER AS proposed,
      count(*) FILTER (fate = 'waits')::INTEGER AS waits, count(*) FILTER (fate = 'taken')::INTEGER AS taken
    FROM (SELECT type, 'proposed' AS fate FROM changes UNION ALL SELECT type, if(waits, 'waits', 'taken') FROM blocked)
    GROUP BY type ORDER BY type`);
}

/** Enrollments of the report whose user or section it does not have: of a whole report there are next to none. */
export async function countDangling(database: Database, reported: readonly EvaluatedType[]): Promise<number> {
  const missing = (column: string, type: IdType) =>
    reported.includes(type)
      ? `(${column} <> '' AND ${column} NOT IN (SELECT id FROM canvas_${type}))`
      : "false";
  return database.count(`SELECT count(*) FROM canvas_enrollments
    WHERE NOT deleted AND (${missing('"user"', "users")} OR ${missing("section", "sections")})`);
}

/**
 * What can be compared: the types of which the report has a file, for one without rows says that Canvas has none;
 * enrollments only with what they refer to.
 */
export function reportedTypes(files: Partial<Record<EvaluatedType, unknown>>): EvaluatedType[] {
  const types = EVALUATED_TYPES.filter((type) => files[type] !== undefined);
  const areTold = types.includes("users") && types.includes("sections");
  return types.filter((type) => type !== "enrollments" || areTold);
}
