/**
 * Whose id in Canvas is whose tonight. Of each type `match_<type>` (id, result, how, line, joins) says what became of
 * every row of tonight; `rest_<type>` and `free_<type>` are what is still unmatched of tonight and of Canvas.
 *
 * Nothing is guessed: what two rows of Canvas could be, or what two of tonight's claim, is `ambiguous`.
 */
import { literal, type Database } from "../database.ts";
import type { IdType } from "./tables.ts";

/**
 * - `same-id`: Canvas knows it by this id, and nothing speaks against it.
 * - `other-owner`: Canvas has this id, for somebody or something else.
 * - `other-id`: the same one under another id, beyond doubt.
 * - `adopted`: a login without a SIS ID, to which Canvas gives this id by itself, by its login.
 * - `perhaps`: one row of Canvas that may be it. A person must look.
 * - `ambiguous`: several that may be it.
 * - `new`: nothing in Canvas is like it.
 */
export type Result = "same-id" | "other-owner" | "other-id" | "adopted" | "perhaps" | "ambiguous" | "new";

export interface Evidence {
  /** For people: `login`. */
  how: string;
  /** SQL over `n` and over `c`: rows whose keys are equal, and not blank, are alike. */
  night: string;
  canvas: string;
  /** SQL over both: whether likeness is enough; without it, it is. */
  agrees?: string;
}

/** More rows than this with one key are a crowd, in which nobody is told apart; pairs of all of them would be millions. */
const CROWD = 20;

/** @param contradiction SQL over `n` and `c` that tells one thing from another that has its id */
export async function matchSameIds(database: Database, type: IdType, contradiction: string): Promise<void> {
  await database.run(`
    CREATE TABLE twice_${type} AS SELECT id, count(*)::INTEGER AS rows FROM canvas_${type} WHERE id <> ''
      GROUP BY id HAVING count(*) > 1;
    CREATE TABLE match_${type} (id VARCHAR, result VARCHAR, how VARCHAR, line BIGINT, joins BOOLEAN);
    CREATE TABLE unclear_${type} (id VARCHAR, how VARCHAR);
    CREATE TABLE doubtful_${type} (id VARCHAR, line BIGINT, how VARCHAR);
    CREATE TEMP TABLE known AS SELECT n.id, c.line, c.deleted, (${contradiction}) AS other
      FROM night_${type} n JOIN canvas_${type} c ON c.id = n.id;
    DELETE FROM known WHERE id IN (SELECT id FROM twice_${type})
      AND line NOT IN (SELECT arg_min(line, (deleted, line)) FROM known GROUP BY id);
    INSERT INTO match_${type} SELECT id, 'same-id', 'id', line, false FROM known WHERE NOT other;
    CREATE TABLE other_${type} AS SELECT id, line FROM known WHERE other;
    CREATE TABLE rest_${type} AS FROM night_${type} ANTI JOIN match_${type} USING (id);
    CREATE TABLE free_${type} AS FROM canvas_${type} c WHERE NOT deleted
      AND NOT EXISTS (FROM match_${type} m WHERE m.line = c.line);
    DROP TABLE known`);
}

/**
 * Matches what is left by several kinds of evidence at once, of which none may speak for another row than the others.
 *
 * @param result of what is beyond doubt by them
 */
export async function matchBy(
  database: Database,
  type: IdType,
  evidence: readonly Evidence[],
  result: "other-id" | "perhaps",
): Promise<void> {
  await database.run(
    `CREATE TEMP TABLE alike (id VARCHAR, line BIGINT, person VARCHAR, rank INTEGER, agrees BOOLEAN)`,
  );
  for (const [rank, one] of evidence.entries()) await findAlike(database, type, one, rank);
  const hows = `[${evidence.map(({ how }) => literal(how)).join(", ")}][rank + 1]`;
  await database.run(`
    CREATE TEMP TABLE several AS
      SELECT id FROM alike WHERE agrees GROUP BY id HAVING count(DISTINCT person) > 1
      UNION SELECT id FROM alike WHERE agrees AND person IN
        (SELECT person FROM alike WHERE agrees GROUP BY person HAVING count(DISTINCT id) > 1);
    INSERT INTO unclear_${type} SELECT id, ${hows} FROM alike SEMI JOIN several USING (id) WHERE agrees;
    CREATE TEMP TABLE found AS SELECT id, arg_min(line, (rank, line)) AS line, min(rank) AS rank
      FROM alike ANTI JOIN several USING (id) WHERE agrees GROUP BY id;
    INSERT INTO match_${type} SELECT f.id,
        CASE WHEN c.id <> '' THEN '${result}' WHEN ${hows} = 'login' THEN 'adopted' ELSE 'perhaps' END,
        ${hows}, line, c.id <> '' AND ${result === "other-id"}
      FROM found f JOIN free_${type} c USING (line);
    INSERT INTO doubtful_${type} SELECT id, line, ${hows} FROM alike ANTI JOIN found USING (id) WHERE NOT agrees;
    DELETE FROM rest_${type} WHERE id IN (SELECT id FROM found);
    DELETE FROM free_${type} WHERE line IN (SELECT line FROM found);
    DROP TABLE alike; DROP TABLE several; DROP TABLE found`);
}

async function findAlike(database: Database, type: IdType, evidence: Evidence, rank: number): Promise<void> {
  const { how, night, canvas, agrees = "true" } = evidence;
  await database.run(`
    CREATE TEMP TABLE crowds AS
      SELECT key FROM (SELECT ${night} AS key FROM rest_${type} n WHERE (${night}) <> '')
        GROUP BY key HAVING count(*) > ${CROWD}
      UNION SELECT key FROM (SELECT ${canvas} AS key FROM free_${type} c WHERE (${canvas}) <> '')
        GROUP BY key HAVING count(*) > ${CROWD};
    INSERT INTO unclear_${type} SELECT n.id, ${literal(how)} FROM rest_${type} n
      WHERE (${night}) IN (SELECT key FROM crowds) AND (${night}) IN (SELECT ${canvas} FROM free_${type} c);
    INSERT INTO alike SELECT n.id, c.line, c.person, ${rank}, coalesce(${agrees}, false)
      FROM rest_${type} n JOIN free_${type} c ON (${night}) = (${canvas})
      WHERE (${night}) <> '' AND (${night}) NOT IN (SELECT key FROM crowds);
    DROP TABLE crowds`);
}

/** What no evidence could match; and of what Canvas has the id of for another, that it has. */
export async function settleRest(database: Database, type: IdType): Promise<void> {
  await database.run(`
    INSERT INTO match_${type}
      SELECT id, 'ambiguous', first(how ORDER BY how), NULL, false FROM unclear_${type} SEMI JOIN rest_${type} USING (id)
      GROUP BY id;
    DELETE FROM rest_${type} WHERE id IN (SELECT id FROM unclear_${type});
    INSERT INTO match_${type}
      SELECT d.id, 'perhaps', arg_min(how, line) || ', another name', min(line), false
      FROM doubtful_${type} d SEMI JOIN rest_${type} USING (id) JOIN free_${type} USING (line) GROUP BY d.id;
    INSERT INTO match_${type} SELECT id, 'new', '', NULL, false FROM rest_${type} ANTI JOIN match_${type} USING (id);
    UPDATE match_${type} SET result = 'other-owner' WHERE id IN (SELECT id FROM other_${type});
    DROP TABLE rest_${type}`);
}

/** Tonight's ids of a type as Canvas has them: (id, canvas). What Canvas does not have is not in it. */
export function inCanvas(type: IdType): string {
  return `(SELECT m.id, c.id AS canvas FROM match_${type} m JOIN canvas_${type} c USING (line)
    WHERE m.result = 'same-id' OR m.joins)`;
}
