import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { withCanvas } from "./canvas-kit.ts";

const TABLES = [
  "courses",
  "course_sections",
  "users",
  "pseudonyms",
  "enrollments",
  "assignment_groups",
  "assignments",
  "assignment_overrides",
  "assignment_override_students",
  "submissions",
];

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe("the sandbox Canvas's table extracts", () => {
  it("lie as the DAP client leaves them, gzipped JSON lines, every table in its folder", async () => {
    await withCanvas({ assignmentsPerCourse: 1 }, async ({ coursework, writeCanvasData }, { folder }) => {
      const files = await writeCanvasData(folder);
      expect(files.map((file) => relative(folder, file).split("/")[0])).toEqual(TABLES);
      for (const file of files) {
        expect(relative(folder, file)).toMatch(
          /^\w+\/job_[\da-f-]{36}\/part-00000-[\da-f-]{36}-c000\.jsonl\.gz$/,
        );
        expect(statSync(file).mode & 0o777).toBe(0o600);
      }
      const [assignment] = coursework.assignments("ALG");
      const lines = gunzipSync(readFileSync(files[6]!)).toString().trimEnd().split("\n");
      expect(lines).toHaveLength(3);
      expect(JSON.parse(lines[0]!)).toMatchObject({
        key: { id: assignment!.id },
        value: {
          title: assignment!.name,
          context_type: "Course",
          post_to_sis: true,
          submission_types: "online_upload",
        },
        meta: { ts: expect.stringMatching(/Z$/) as string, action: "U" },
      });
    });
  });

  it("say the same in every format", async () => {
    await withCanvas({ assignmentsPerCourse: 2 }, async ({ coursework, writeCanvasData }, { folder }) => {
      const [assignment] = coursework.assignments("ALG");
      coursework.rename(assignment!, 'A "quoted", tabbed\tname \\ with\na second line');
      coursework.excuse(assignment!, "0042");
      coursework.redate(assignment!, { due_at: null }, { section: "ALG-2" });
      const one = { tables: ["assignments", "submissions"], partRows: 7 } as const;
      const at = (name: string) => join(folder, name);
      await writeCanvasData(at("csv"), { ...one, format: "csv", layout: "flat" });
      await writeCanvasData(at("tsv"), { ...one, format: "tsv", gzip: false });
      await writeCanvasData(at("jsonl"), { ...one, format: "jsonl", gzip: false });
      await writeCanvasData(at("flat"), { ...one, format: "parquet" });
      await writeCanvasData(at("nested"), { ...one, format: "parquet", gzip: false, nested: true });

      const files = (path: string) => `'${at(path)}'`;
      const flat = `"key.id" AS id, "value.score"::DOUBLE AS score, "value.excused"::BOOLEAN AS excused,
        "value.cached_due_date"::TIMESTAMP AS due, "value.grade" AS grade`;
      const nested = `key.id AS id, value.score::DOUBLE AS score, value.excused::BOOLEAN AS excused,
        value.cached_due_date::TIMESTAMP AS due, value.grade::VARCHAR AS grade`;
      const text = (path: string, more: string) => `read_csv(${files(path)}, all_varchar = true, ${more})`;
      const sources = [
        `SELECT ${flat} FROM ${text("csv/submissions-*.csv.gz", "header = true")}`,
        `SELECT ${flat} FROM ${text("tsv/submissions/*/*.tsv", "header = true, delim = '\t', nullstr = '\\N'")}`,
        `SELECT ${nested} FROM read_json(${files("jsonl/submissions/*/*.jsonl")})`,
        `SELECT ${flat} FROM read_parquet(${files("flat/submissions/*/*.gz.parquet")})`,
        `SELECT ${nested} FROM read_parquet(${files("nested/submissions/*/*.parquet")})`,
      ];
      const answers = await Promise.all(
        sources.map((sql) => query(`SELECT id::INTEGER AS id, * EXCLUDE (id) FROM (${sql}) ORDER BY 1`)),
      );
      expect(answers[0]).toHaveLength(12);
      expect(answers[0]!.some((row) => row["excused"] === true && row["score"] === null)).toBe(true);
      for (const answer of answers) expect(answer).toEqual(answers[0]);

      const escaped = readFileSync(
        (await writeCanvasData(at("again"), { ...one, format: "tsv", gzip: false }))[0]!,
        "utf8",
      );
      expect(escaped).toContain('A "quoted", tabbed\\tname \\\\ with\\na second line\t');
    });
  });

  it("hold whose a submission is: pseudonym, enrollment, section", async () => {
    await withCanvas({ assignmentsPerCourse: 1 }, async ({ coursework, writeCanvasData }, { folder }) => {
      coursework.crossList("BIO-1", "ALG");
      await writeCanvasData(folder, { format: "csv", gzip: false, layout: "flat" });
      const table = (name: string) =>
        `read_csv('${join(folder, name)}.csv', header = true, all_varchar = true)`;
      const rows = await query(`
        SELECT DISTINCT p."value.sis_user_id" AS student, s."value.sis_source_id" AS section, c."value.sis_source_id" AS origin
        FROM ${table("submissions")} w
        JOIN ${table("pseudonyms")} p ON p."value.user_id" = w."value.user_id"
        JOIN ${table("enrollments")} e ON e."value.user_id" = w."value.user_id" AND e."value.course_id" = w."value.course_id"
          AND e."value.type" = 'StudentEnrollment'
        JOIN ${table("course_sections")} s ON s."key.id" = e."value.course_section_id"
        JOIN ${table("courses")} c ON c."key.id" = s."value.nonxlist_course_id"
        WHERE w."value.workflow_state" <> 'deleted' ORDER BY 1`);
      expect(rows).toEqual([
        { student: "0042", section: "BIO-1", origin: "BIO" },
        { student: "s4", section: "BIO-1", origin: "BIO" },
      ]);
    });
  });

  it("can lack a column, and tell deletions instead of deleted rows", async () => {
    await withCanvas({ assignmentsPerCourse: 1 }, async ({ coursework, writeCanvasData }, { folder }) => {
      const [assignment] = coursework.assignments("ALG");
      coursework.deleteAssignment(assignment!);
      const options = {
        gzip: false,
        tables: ["assignments"],
        leaveOut: ["assignments.due_at"],
        hardDeletes: true,
      };
      const [jsonl] = await writeCanvasData(folder, options);
      const text = readFileSync(jsonl!, "utf8");
      expect(text).not.toContain("due_at");
      expect(JSON.parse(text.split("\n")[0]!)).toEqual({
        key: { id: assignment!.id },
        meta: { ts: expect.any(String) as string, action: "D" },
      });
      const [csv] = await writeCanvasData(folder, { ...options, format: "csv" });
      expect(readFileSync(csv!, "utf8").split("\n")[1]).toMatch(/^\d+,+20.*Z,D$/);
    });
  });
});
