/** Values that Canvas refuses or misreads, as data, and taking out the rows that hold one. */
import { identifier, literal, type Database } from "../database.ts";

export interface ColumnRule {
  file: string;
  column: string;
  required?: true;
  /** In characters. */
  maxLength?: number;
  /** The whole value must match; blank values pass. */
  pattern?: string;
}

/** What Canvas limits is these columns joined by a space. */
export interface JoinedRule {
  file: string;
  columns: readonly string[];
  maxLength: number;
}

export type Rule = ColumnRule | JoinedRule;

export interface Ruled {
  table: string;
  /** The Canvas file whose rules hold for the table; of them those whose columns it has. */
  file: string;
  columns: readonly string[];
  /** SQL for the type and sourcedId of the record that a row was made of. */
  source: { type: string; id: string };
}

const LONGEST_SHOWN = 200;

/**
 * Takes out of a table what Canvas would refuse; every rule that a row breaks is a row of `into`.
 * A record that is in `rejects` already for a row that it gave before is not told of twice.
 */
export async function applyRules(
  database: Database,
  { table, file, columns, source }: Ruled,
  rules: readonly Rule[],
  into = "rejects",
): Promise<void> {
  const demands = rules
    .filter((rule) => rule.file === file && columnsOf(rule).every((column) => columns.includes(column)))
    .flatMap(demandsOf);
  if (demands.length === 0) return;
  if (!(await isAnyBroken(database, table, demands))) return;
  const any = anyOf(demands);
  await database.run(`CREATE TEMP TABLE broken AS
    FROM (SELECT *, ${source.type} AS of_type, ${source.id} AS of_id FROM ${table} WHERE ${any}) b
    WHERE NOT EXISTS (FROM rejects r WHERE r.type = b.of_type AND r.sourced_id = b.of_id)`);
  for (const { field, value, broken, reason } of demands) {
    await database.run(`INSERT INTO ${into} SELECT of_type, of_id, ${literal(field)},
      regexp_replace(left(${value}, ${LONGEST_SHOWN}), '[[:cntrl:]]+', ' ', 'g'), ${literal(reason)}
      FROM broken WHERE ${broken}`);
  }
  await database.run(`DELETE FROM ${table} WHERE ${any}; DROP TABLE broken`);
}

async function isAnyBroken(database: Database, table: string, demands: readonly Demand[]): Promise<boolean> {
  const forms = demands.filter(({ ofForm }) => ofForm);
  const others = demands.filter(({ ofForm }) => !ofForm);
  const isAny = async (sql: string) => (await database.count(sql)) > 0;
  if (others.length > 0 && (await isAny(`SELECT count(*) FROM ${table} WHERE ${anyOf(others)}`))) return true;
  // What has a form has few different values (days, words): of millions of rows these alone are held against it. Without
  // the OFFSET, DuckDB holds all rows against it first and asks then which are different.
  const values = forms.map(({ value }) => value).join(", ");
  return (
    forms.length > 0 &&
    isAny(`SELECT count(*) FROM (SELECT DISTINCT ${values} FROM ${table} OFFSET 0) WHERE ${anyOf(forms)}`)
  );
}

function anyOf(demands: readonly Demand[]): string {
  return demands.map(({ broken }) => broken).join(" OR ");
}

/** One thing that a rule demands, in SQL over the row. */
interface Demand {
  field: string;
  value: string;
  /** Whether it is a form, rather than a length or that there is something. */
  ofForm: boolean;
  broken: string;
  reason: string;
}

function demandsOf(rule: Rule): Demand[] {
  const { required, maxLength, pattern }: Omit<ColumnRule, "file" | "column"> = rule;
  const field = columnsOf(rule).join(" ");
  const value = columnsOf(rule).map(identifier).join(" || ' ' || ");
  const demands: Demand[] = [];
  const demand = (broken: string, reason: string, ofForm = false) =>
    demands.push({ field, value, ofForm, broken: `(${broken})`, reason });

  if (required) demand(`${value} = ''`, "Canvas needs a value here");
  if (maxLength !== undefined)
    // No text has more characters than bytes, and bytes need no counting.
    demand(
      `strlen(${value}) > ${maxLength} AND length(${value}) > ${maxLength}`,
      `longer than the ${maxLength} characters that Canvas takes`,
    );
  if (pattern !== undefined) {
    const matches = `regexp_full_match(${value}, ${literal(pattern)})`;
    demand(`${value} <> '' AND NOT ${matches}`, `not of the form that Canvas takes: ${pattern}`, true);
  }
  return demands;
}

function columnsOf(rule: Rule): readonly string[] {
  return "columns" in rule ? rule.columns : [rule.column];
}
