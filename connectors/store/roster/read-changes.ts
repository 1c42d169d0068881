/** Reads changes.csv back for people: it may have a line for every row of a district, and they want the first few. */
import { PACKAGE_ORDER } from "../../../mappers/canvas-files.ts";
import { readWrittenCsv } from "../csv.ts";
import { literal, type Database } from "../database.ts";

/** One line of changes.csv. */
export interface Change {
  file: string;
  key: string;
  /** added, changed, removed. */
  change: string;
  /** Blank where the whole row is meant. */
  column: string;
  before: string;
  after: string;
}

export interface Changes {
  lines: number;
  /** By file as Canvas imports them, then by key. */
  first: Change[];
  /** The first few of each kind of change of each file, in the same order. */
  samples: Change[];
  /** In how many rows a column has another value, the most first. */
  columns: { file: string; column: string; rows: number }[];
}

export interface ReadOptions {
  first: number;
  /** Of each kind of change of each file. */
  samples: number;
}

const COLUMNS = ["file", "key", "change", "column", "before", "after"] as const;

/** No file is no change. */
export async function readChanges(
  database: Database,
  file: string,
  { first, samples }: ReadOptions,
): Promise<Changes> {
  const columns = COLUMNS.map((column) => `"${column}"`).join(", ");
  const from = readWrittenCsv(file, COLUMNS);
  return {
    lines: await database.count(`SELECT count(*) FROM ${from}`),
    first: await database.rows<Change>(`SELECT ${columns} FROM ${from} ORDER BY ${ORDER} LIMIT ${first}`),
    samples: await database.rows<Change>(`SELECT ${columns} FROM ${from}
      QUALIFY row_number() OVER (PARTITION BY file, change ORDER BY key, "column") <= ${samples}
      ORDER BY ${FILE_ORDER}, change, key, "column"`),
    columns: await database.rows<Changes["columns"][number]>(`
      SELECT file, "column", count(*)::INTEGER AS rows FROM ${from} WHERE change = 'changed'
      GROUP BY file, "column" ORDER BY rows DESC, ${FILE_ORDER}, "column"`),
  };
}

const FILE_ORDER = `list_position([${PACKAGE_ORDER.map(literal).join(", ")}], file)`;
const ORDER = `${FILE_ORDER}, key, change, "column"`;
