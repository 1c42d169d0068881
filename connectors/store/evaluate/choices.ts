/** Which field of the SIS's users is what Canvas knows people by: each of them tried as id, and as login. */
import { literal, type Database } from "../database.ts";
import { readCsv } from "../csv.ts";
import { NAMES_AGREE } from "./people.ts";

/** What `loadFields` reads: a value of a field of a user, by the name that `roster.users.id` has for it. */
export const FIELD_COLUMNS = ["source", "choice", "value"] as const;

export interface ChoiceTally {
  /** As in `roster.users`: `identifier`. */
  choice: string;
  /** Of tonight's users those who have it. */
  given: number;
  /** Of those the ones whose value somebody else of tonight has as well. */
  shared: number;
  /** Whose value Canvas has, for that very person. */
  same: number;
  /** Whose value Canvas has, for somebody else. */
  other: number;
}

export async function loadFields(database: Database, file: string): Promise<void> {
  await database.run(`CREATE TABLE fields AS FROM ${readCsv([file], FIELD_COLUMNS)}`);
}

/** The best first; fields that nobody of tonight has are not among them. */
export async function tallyIds(database: Database): Promise<ChoiceTally[]> {
  const same = `(${NAMES_AGREE} OR c.login = n.login OR (n.email <> '' AND c.email = n.email)
    OR c.first || c.last = '' OR n.first || n.last = '')`;
  return tally(database, "c.id", "f.value", same);
}

/** As `tallyIds`, for logins, which are the same without regard to case. */
export async function tallyLogins(database: Database): Promise<ChoiceTally[]> {
  return tally(database, "c.login", "lower(f.value)", `(${NAMES_AGREE} OR c.id = n.id)`);
}

async function tally(database: Database, key: string, value: string, same: string): Promise<ChoiceTally[]> {
  const choices = await database.rows<{ choice: string }>(
    "SELECT DISTINCT choice FROM fields ORDER BY choice",
  );
  const tallies: ChoiceTally[] = [];
  // One after the other: all of them at once would be a row for each field of each person.
  for (const { choice } of choices) {
    const [counts] = await database.rows<Omit<ChoiceTally, "choice">>(`
      WITH tonight AS (SELECT ${value} AS value, n.id, bool_or(c.line IS NOT NULL) AS found,
          coalesce(bool_or(c.line IS NOT NULL AND ${same}), false) AS same
        FROM fields f JOIN night_users n USING (source) LEFT JOIN (FROM canvas_users WHERE NOT deleted) c ON ${key} = ${value}
        WHERE f.choice = ${literal(choice)} GROUP BY ALL),
      repeated AS (SELECT value, count(*) AS people FROM tonight GROUP BY value HAVING count(*) > 1)
      SELECT count(*)::INTEGER AS given, coalesce((SELECT sum(people) FROM repeated), 0)::INTEGER AS shared,
        count(*) FILTER (same)::INTEGER AS same, count(*) FILTER (found AND NOT same)::INTEGER AS other FROM tonight`);
    if (counts !== undefined && counts.given > 0) tallies.push({ choice, ...counts });
  }
  return tallies.sort((one, two) => two.same - one.same || one.other - two.other || one.shared - two.shared);
}
