/** Several pairs of values in one column of the users' drafts, as rows of their own. */
import { identifier, literal } from "../database.ts";

/** A query for sourced_id and the two values of each pair, which stand one after the other in the column. */
export function pairsOf(column: string, names: readonly [string, string], separator: string): string {
  const [first, second] = names.map(identifier);
  return `SELECT sourced_id, parts[place] AS ${first}, parts[place + 1] AS ${second}
    FROM (SELECT sourced_id, parts, unnest(range(1, len(parts), 2)) AS place
      FROM (SELECT sourced_id, string_split(${identifier(column)}, ${literal(separator)}) AS parts
        FROM draft_users WHERE ${identifier(column)} <> ''))`;
}
