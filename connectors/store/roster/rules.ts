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
  const held = rules.filter(
    (rule) => rule.file === file && columnsOf(rule).every((column) => columns.includes(column)),
  );
  if (held.length === 0) return;
  const any = held.map(isBroken).join(" OR ");
  if ((await database.count(`SELECT count(*) FROM ${table} WHERE ${any}`)) === 0) return;
  await database.run(`CREATE TEMP TABLE broken AS SELECT *, ${source.type} AS of_type, ${source.id} AS of_id
    FROM ${table} t WHERE (${any})
    AND NOT EXISTS (FROM rejects r WHERE r.type = ${source.type} AND r.sourced_id = ${source.id})`);
  for (const rule of held) {
    await database.run(`INSERT INTO ${into} SELECT of_type, of_id, ${literal(columnsOf(rule).join(" "))},
      regexp_replace(left(${valueOf(rule)}, ${LONGEST_SHOWN}), '[[:cntrl:]]+', ' ', 'g'), ${literal(because(rule))}
      FROM broken WHERE ${isBroken(rule)}`);
  }
  await database.run(`DELETE FROM ${table} WHERE ${any}; DROP TABLE broken`);
}

function columnsOf(rule: Rule): readonly string[] {
  return "columns" in rule ? rule.columns : [rule.column];
}

function valueOf(rule: Rule): string {
  return columnsOf(rule).map(identifier).join(" || ' ' || ");
}

function isBroken(rule: Rule): string {
  const { required, maxLength, pattern } = demandsOf(rule);
  const value = valueOf(rule);
  const conditions = [];
  if (required) conditions.push(`${value} = ''`);
  if (maxLength !== undefined) conditions.push(`length(${value}) > ${maxLength}`);
  if (pattern !== undefined)
    conditions.push(`(${value} <> '' AND NOT regexp_full_match(${value}, ${literal(pattern)}))`);
  return `(${conditions.join(" OR ")})`;
}

function because(rule: Rule): string {
  const { required, maxLength, pattern } = demandsOf(rule);
  const demands = [];
  if (required) demands.push("it must not be empty");
  if (maxLength !== undefined) demands.push(`Canvas takes at most ${maxLength} characters`);
  if (pattern !== undefined) demands.push(`Canvas takes only ${pattern}`);
  return demands.join("; ");
}

function demandsOf(rule: Rule): Pick<ColumnRule, "required" | "maxLength" | "pattern"> {
  return rule;
}
