/** Rows removed under one key and added under another that are the same by all else: ids that were given anew. */
import type { Database } from "../database.ts";
import type { Renamed } from "./compared.ts";
import type { CoreFile } from "./settle.ts";

const EXAMPLES = 5;

/** SQL for the columns by which two rows of a file are taken for the same; `id` is the key. */
const LIKENESS: { file: CoreFile; removed: string; added: string }[] = [
  {
    file: "courses",
    removed: `SELECT course_id AS id, (short_name, long_name, account_id) AS likeness FROM beside_courses WHERE fresh`,
    added: `SELECT course_id AS id, (short_name, long_name, account_id) AS likeness FROM courses
      SEMI JOIN (FROM differs_courses WHERE change = 'added') USING (course_id)`,
  },
  {
    file: "sections",
    removed: `SELECT section_id AS id, (s.name, c.account_id) AS likeness FROM beside_sections s
      JOIN (FROM last_courses WHERE nights = 0) c USING (course_id) WHERE fresh`,
    added: `SELECT section_id AS id, (s.name, c.account_id) AS likeness FROM sections s JOIN courses c USING (course_id)
      SEMI JOIN (FROM differs_sections WHERE change = 'added') USING (section_id)`,
  },
  ...["login_id", "email"].map((column) => ({
    file: "users" as const,
    removed: likeUsers("beside_users WHERE fresh", column),
    added: likeUsers(
      "(FROM users SEMI JOIN (FROM differs_users WHERE change = 'added') USING (user_id))",
      column,
    ),
  })),
];

function likeUsers(from: string, column: string): string {
  const likeness = `(lower(first_name), lower(last_name), lower(${column}))`;
  return `SELECT user_id AS id, if(${column} = '', NULL, ${likeness}) AS likeness FROM ${from}`;
}

/** The pairs of each file; of several rows that are alike on both sides the first by key make the first pair, and so on. */
export async function findRenamed(database: Database): Promise<Renamed[]> {
  await database.run("CREATE TEMP TABLE pairs (file VARCHAR, before VARCHAR, after VARCHAR)");
  for (const { file, removed, added } of LIKENESS) {
    const ranked = (side: string, column: string) =>
      `(SELECT id, likeness, row_number() OVER (PARTITION BY likeness ORDER BY id) AS place FROM (${side})
        WHERE likeness IS NOT NULL AND id NOT IN (SELECT ${column} FROM pairs WHERE file = '${file}'))`;
    await database.run(`INSERT INTO pairs SELECT '${file}', r.id, a.id
      FROM ${ranked(removed, "before")} r JOIN ${ranked(added, "after")} a USING (likeness, place)`);
  }
  const files = await database.rows<{ file: CoreFile; pairs: number }>(
    "SELECT file, count(*)::INTEGER AS pairs FROM pairs GROUP BY file ORDER BY pairs DESC, file",
  );
  const renamed: Renamed[] = [];
  for (const { file, pairs } of files) {
    const examples = await database.rows<{ before: string; after: string }>(
      `SELECT before, after FROM pairs WHERE file = '${file}' ORDER BY before LIMIT ${EXAMPLES}`,
    );
    renamed.push({ file, pairs, examples });
  }
  await database.run("DROP TABLE pairs");
  return renamed;
}
