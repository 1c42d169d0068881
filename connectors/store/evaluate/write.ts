/** What was found, as files that a person reads with a spreadsheet: ids and what matched, no names. */
import { join } from "node:path";
import { writeCsv } from "../csv.ts";
import type { Database } from "../database.ts";
import { EVALUATED_TYPES, ID_TYPES } from "./tables.ts";

export const CHANGE_COLUMNS = ["old_id", "new_id", "type"] as const;
const MATCH_COLUMNS = ["type", "id", "result", "recognised_by", "canvas_id", "line", "change"] as const;
const BEHIND_COLUMNS = ["type", "canvas_id", "why", "line"] as const;
const CLAIM_COLUMNS = ["id", "column", "claimed_by", "line", "solved_by_change"] as const;

export interface EvaluationFiles {
  /** Undefined: no id has to change. Canvas takes a file without rows for a list of nothing. */
  changes: string | undefined;
  matches: string;
  leftBehind: string;
  claims: string | undefined;
}

export async function writeEvaluation(database: Database, folder: string): Promise<EvaluationFiles> {
  const write = async (name: string, from: string, columns: readonly string[], orderBy: string) => {
    const file = join(folder, name);
    await writeCsv(database, { from, orderBy }, columns, file);
    return file;
  };
  const writeSome = async (name: string, from: string, columns: readonly string[], orderBy: string) =>
    (await database.count(`SELECT count(*) FROM ${from}`)) === 0
      ? undefined
      : write(name, from, columns, orderBy);
  return {
    changes: await writeSome("change_sis_id.csv", "changes", CHANGE_COLUMNS, "type, old_id"),
    matches: await write("matches.csv", matches(), MATCH_COLUMNS, "ALL"),
    leftBehind: await write("left-behind.csv", behind(), BEHIND_COLUMNS, "ALL"),
    claims: await writeSome("claims.csv", claims(), CLAIM_COLUMNS, "ALL"),
  };
}

function matches(): string {
  const parts = ID_TYPES.map(
    (type) => `SELECT '${type}' AS type, m.id, m.result, if(m.how = 'id', '', m.how) AS recognised_by,
      coalesce(c.id, '') AS canvas_id, coalesce(m.line::VARCHAR, '') AS line,
      CASE WHEN x.new_id IS NOT NULL THEN 'proposed' WHEN b.waits THEN 'waits: its new id is free once the others are changed'
        WHEN b.new_id IS NOT NULL THEN 'not proposed: Canvas has its new id already' ELSE '' END AS change
    FROM match_${type} m LEFT JOIN canvas_${type} c USING (line)
      LEFT JOIN (FROM changes WHERE type || 's' = '${type}') x ON x.new_id = m.id AND x.old_id = c.id
      LEFT JOIN (FROM blocked WHERE type || 's' = '${type}') b ON b.new_id = m.id AND b.old_id = c.id`,
  );
  return `(${parts.join(" UNION ALL ")})`;
}

function behind(): string {
  const parts = EVALUATED_TYPES.map(
    (type) => `SELECT '${type}' AS type, id AS canvas_id, why, line::VARCHAR AS line FROM behind_${type}`,
  );
  return `(${parts.join(" UNION ALL ")})`;
}

function claims(): string {
  return `(SELECT id, column_name AS "column", holder AS claimed_by, line::VARCHAR AS line, if(solved, 'yes', '') AS solved_by_change
      FROM claims
    UNION ALL SELECT id, 'login_id', '', line::VARCHAR, '' FROM takeovers)`;
}
