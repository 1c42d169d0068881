/** Accounts, terms, courses and sections: which of Canvas's is which of tonight's. Each builds on those above it. */
import type { Database } from "../database.ts";
import { inCanvas, matchBy, matchSameIds, settleRest } from "./matching.ts";
import type { IdType } from "./tables.ts";

/** One calendar day is not the same instant in two time zones, and an end may be the last day or the day after it. */
const NEAR = 2;
const FAR = 60;

export async function matchPlaces(database: Database): Promise<void> {
  await matchAccounts(database);
  await matchTerms(database);
  await matchCourses(database);
  await matchSections(database);
}

/** An account has no more than its name: another that bears this one's is what tells that an id is another's. */
async function matchAccounts(database: Database): Promise<void> {
  await matchSameIds(
    database,
    "accounts",
    "n.name <> c.name AND n.name IN (SELECT name FROM canvas_accounts WHERE NOT deleted AND id <> '' AND id <> n.id)",
  );
  await matchBy(database, "accounts", [{ how: "name", night: "n.name", canvas: "c.name" }], "other-id");
  await settleRest(database, "accounts");
}

async function matchTerms(database: Database): Promise<void> {
  const within = (days: number) =>
    ["starts", "ends"].map((at) => `abs(date_diff('hour', n.${at}, c.${at})) <= ${days * 24}`).join(" AND ");
  await matchSameIds(
    database,
    "terms",
    `coalesce(n.name <> c.name AND abs(date_diff('day', n.starts, c.starts)) > ${FAR}, false)`,
  );
  const name = { night: "n.name", canvas: "c.name", agrees: within(NEAR) };
  await matchBy(database, "terms", [{ how: "name and dates", ...name }], "other-id");
  // In mid-November no term begins, so none that are alike are in two years.
  const year = (of: string) => `coalesce(strftime(${of}.starts + INTERVAL 45 DAY, '%Y'), '')`;
  const dates = { night: year("n"), canvas: year("c"), agrees: within(NEAR) };
  await matchBy(database, "terms", [{ how: "dates", ...dates }], "perhaps");
  await settleRest(database, "terms");
}

async function matchCourses(database: Database): Promise<void> {
  await translate(database, "courses", "account", "accounts");
  await translate(database, "courses", "term", "terms");
  await matchSameIds(
    database,
    "courses",
    "n.long <> c.long AND n.short <> c.short AND n.term <> '' AND c.term <> '' AND n.term <> c.term",
  );
  const names = (of: string) => `${of}.long, ${of}.short, ${of}.term`;
  const placed = (of: string) =>
    `if(${of}.account <> '' AND ${of}.term <> '', concat_ws('|', ${names(of)}, ${of}.account), '')`;
  const termed = (of: string) => `if(${of}.term <> '', concat_ws('|', ${names(of)}), '')`;
  await matchBy(
    database,
    "courses",
    [{ how: "names, school and term", night: placed("n"), canvas: placed("c") }],
    "other-id",
  );
  await matchBy(
    database,
    "courses",
    [{ how: "names and term", night: termed("n"), canvas: termed("c") }],
    "perhaps",
  );
  await settleRest(database, "courses");
}

async function matchSections(database: Database): Promise<void> {
  await translate(database, "sections", "course", "courses");
  await matchSameIds(database, "sections", "n.name <> c.name AND n.course <> '' AND n.course <> c.course");
  const named = (of: string) => `if(${of}.course <> '', concat_ws('|', ${of}.course, ${of}.name), '')`;
  await matchBy(
    database,
    "sections",
    [{ how: "name and course", night: named("n"), canvas: named("c") }],
    "other-id",
  );
  await database.run(`
    CREATE TEMP TABLE alone AS
      SELECT course FROM night_sections WHERE course <> '' GROUP BY course HAVING count(*) = 1
      INTERSECT SELECT course FROM canvas_sections WHERE id <> '' AND NOT deleted GROUP BY course HAVING count(*) = 1`);
  const only = (of: string) => `if(${of}.id <> '' AND ${of}.course IN (FROM alone), ${of}.course, '')`;
  await matchBy(
    database,
    "sections",
    [{ how: "only one of its course", night: only("n"), canvas: only("c") }],
    "other-id",
  );
  await database.run("DROP TABLE alone");
  await settleRest(database, "sections");
}

/** Makes of what tonight refers to what Canvas calls it, blank where Canvas does not have it; `own_…` stays. */
async function translate(database: Database, table: IdType, column: string, to: IdType): Promise<void> {
  const isReported = (await database.count(`SELECT count(*) FROM canvas_${to}`)) > 0;
  const there = isReported ? "coalesce(t.canvas, '')" : `n.${column}`;
  await database.run(`CREATE OR REPLACE TABLE night_${table} AS
    SELECT n.* REPLACE (${there} AS ${column}), n.${column} AS own_${column} FROM night_${table} n
      LEFT JOIN ${inCanvas(to)} t ON t.id = n.${column}`);
}
