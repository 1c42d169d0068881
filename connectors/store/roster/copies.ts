/** Several copies of one record (pages that shifted, a school that was read twice): the newest counts. */
import { readCsv } from "../csv.ts";
import type { Database } from "../database.ts";
import { countRepeats, DRAFT_COLUMNS, REST_COLUMNS, type DraftFiles } from "./tables.ts";

/** Loads drafts as tables `draft_<type>` and `rest_<type>`, one copy of each sourcedId in both together. */
export async function loadDrafts(
  database: Database,
  type: string,
  files: DraftFiles,
  columns: readonly string[],
): Promise<void> {
  await database.run(`CREATE TABLE draft_${type} AS FROM ${draftRows(files, columns)}`);
  await loadRest(database, type, files, `draft_${type}`);
}

/** The drafts' rows as a table expression. */
export function draftRows(files: DraftFiles, columns: readonly string[]): string {
  return readCsv(files.rows, [...DRAFT_COLUMNS, ...columns]);
}

/** Loads the rest of the drafts as `rest_<type>`, and leaves one copy of each sourcedId in it and `rows` together. */
export async function loadRest(
  database: Database,
  type: string,
  files: DraftFiles,
  rows: string,
): Promise<void> {
  const rest = `rest_${type}`;
  await database.run(`CREATE TABLE ${rest} AS FROM ${readCsv(files.rest, REST_COLUMNS)}`);
  // Rejects that have no sourcedId are not copies of each other.
  const all = `(SELECT sourced_id FROM ${rows} UNION ALL SELECT sourced_id FROM ${rest} WHERE sourced_id <> '')`;
  if ((await countRepeats(database, all, "sourced_id")) > 0) await keepNewest(database, rows, rest, all);
}

/** Where copies are equally new their content decides: which page came first must not. */
async function keepNewest(database: Database, rows: string, rest: string, all: string): Promise<void> {
  await database.run(`
    CREATE TEMP TABLE twice AS SELECT sourced_id FROM ${all} GROUP BY sourced_id HAVING count(*) > 1;
    CREATE TEMP TABLE copies AS
      SELECT 'row' AS place, rowid AS id, sourced_id, modified, t::VARCHAR AS content
        FROM ${rows} t SEMI JOIN twice USING (sourced_id)
      UNION ALL
      SELECT 'rest', rowid, sourced_id, modified, t::VARCHAR FROM ${rest} t SEMI JOIN twice USING (sourced_id);
    CREATE TEMP TABLE older AS SELECT place, id FROM copies QUALIFY
      row_number() OVER (PARTITION BY sourced_id ORDER BY modified DESC, place DESC, content) > 1;
    DELETE FROM ${rows} WHERE rowid IN (SELECT id FROM older WHERE place = 'row');
    DELETE FROM ${rest} WHERE rowid IN (SELECT id FROM older WHERE place = 'rest');
    DROP TABLE twice; DROP TABLE copies; DROP TABLE older`);
}
