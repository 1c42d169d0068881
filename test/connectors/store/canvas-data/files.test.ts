import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Failure } from "../../../../config/failure.ts";
import { tableOf, type TableName } from "../../../../connectors/store/canvas-data/tables.ts";
import {
  onlySubmission,
  PLAIN_CSV,
  read,
  school,
  submission,
  writeExtract,
  writeSchool,
  type Manner,
  type Row,
  type School,
} from "./extracts.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "canvas-data-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SCORE = 8;
const score = async () => onlySubmission(await read(folder)).score;

async function writeAs(
  nameOf: (table: string, at: number) => string,
  manner: Manner = PLAIN_CSV,
): Promise<void> {
  for (const [at, [table, rows]] of Object.entries(school()).entries()) {
    await writeExtract(join(folder, nameOf(table, at)), rows, manner);
  }
}

describe("which file holds which table", () => {
  it.each([
    ["a file named by it", (table: string) => `${table}.csv`],
    ["a file with it in its name", (table: string) => `canvas.${table}-2026-11-21.csv`],
    ["a file with it and a number", (table: string) => `canvas_${table}_20261121.csv`],
    ["a job's parts in a folder named by it", (table: string) => `${table}/job_0b7c-11/part-00000.csv`],
    ["a folder with it in its name", (table: string) => `2026/${table.toUpperCase()} snapshot/part.csv`],
  ])("knows %s", async (_, nameOf) => {
    await writeAs(nameOf);
    expect(await score()).toBe(SCORE);
  });

  it.each(["csv", "tsv", "jsonl", "parquet", "parquet-flat"] as const)(
    "finds out by the columns where no name tells: %s",
    async (format) => {
      const extension = format.replace("-flat", "");
      await writeAs((_, at) => `job_${at}/part-00000.${extension}`, { format, gzip: false });
      expect(await score()).toBe(SCORE);
    },
  );

  it("believes what stands in a file, not what its name ends in", async () => {
    await writeAs((table) => `${table}.csv`, { format: "jsonl", gzip: false });
    expect(await score()).toBe(SCORE);
  });

  it("leaves other tables, schemas and hidden files alone", async () => {
    await writeSchool(folder, school());
    const other = [{ id: 1, quiz_id: 5, user_id: 100, workflow_state: "complete", score: 3 }];
    await writeExtract(join(folder, "quiz_submissions.csv"), other);
    await writeExtract(join(folder, "quiz_submissions/job_9/part-0.csv"), other);
    await writeExtract(join(folder, "job_8/part-0.jsonl"), [{ id: 1, name: "A user" }], {
      format: "jsonl",
      gzip: false,
    });
    writeFileSync(join(folder, "submissions_schema_version_3.json"), '{\n  "schema": {}\n}');
    writeFileSync(join(folder, "submissions", ".part-1.csv"), "not yet");
    writeFileSync(join(folder, "submissions", "notes.md"), "# Notes");
    expect(await score()).toBe(SCORE);
  });

  it("counts a job's parts that hold deletions only to the table of its other parts", async () => {
    const { submissions, ...tables } = school();
    await writeSchool(folder, tables);
    const jsonl = { format: "jsonl", gzip: false } as const;
    await writeExtract(
      join(folder, "job_1/part-0.jsonl"),
      [...submissions, submission(2, { user_id: 5 })],
      jsonl,
    );
    await writeExtract(join(folder, "job_1/part-1.jsonl"), [], {
      ...jsonl,
      ts: "2026-11-22T00:00:00Z",
      deleted: [2],
    });
    expect(await score()).toBe(SCORE);
  });

  it("refuses deletions of nobody knows which table", async () => {
    await writeSchool(folder, school());
    await writeExtract(join(folder, "job_1/part-1.jsonl"), [], {
      format: "jsonl",
      gzip: false,
      deleted: [1],
    });
    await expect(read(folder)).rejects.toMatchObject({
      code: "source.canvas-data-unnamed",
      message: `${join(folder, "job_1/part-1.jsonl")} holds deletions only, and neither its name nor its folder's tells of which table.`,
    });
  });
});

describe("several extracts of one table", () => {
  const newer = "2026-11-21T08:00:00.000Z";
  const newest = "2026-11-21T12:00:00.100Z";

  it.each(["csv", "jsonl", "parquet"] as const)(
    "takes the newest copy of each record: %s",
    async (format) => {
      const manner = { format, gzip: false };
      await writeSchool(folder, school());
      const part = (name: string) => join(folder, "submissions", name, `part-0.${format}`);
      await writeExtract(part("job_0"), [submission(1, { score: 9.5 })], { ...manner, ts: newest });
      await writeExtract(part("job_2"), [submission(1, { score: 9 })], { ...manner, ts: newer });
      expect(await score()).toBe(9.5);
    },
  );

  it("compares the instants, not their texts", async () => {
    await writeSchool(folder, school());
    const part = (name: string) => join(folder, "submissions", name);
    await writeExtract(part("1.csv"), [submission(1, { score: 1 })], {
      ...PLAIN_CSV,
      ts: "2026-11-21T23:30:00-08:00",
    });
    await writeExtract(part("2.csv"), [submission(1, { score: 2 })], {
      ...PLAIN_CSV,
      ts: "2026-11-22T01:00:00Z",
    });
    expect(await score()).toBe(1);
  });

  it.each(["csv", "tsv", "jsonl", "parquet"] as const)(
    "leaves out what was deleted since: %s",
    async (format) => {
      const manner = { format, gzip: false };
      await writeSchool(
        folder,
        { ...school(), submissions: [submission(1), submission(2, { user_id: 5 })] },
        manner,
      );
      const file = join(folder, "submissions", "job_2", `part-0.${format}`);
      await writeExtract(file, [submission(2, { user_id: 6 })], { ...manner, ts: newer, deleted: [1] });
      expect((await read(folder))[0]!.assignments[0]!.submissions).toEqual([]);
    },
  );

  it("has again what came back after it was deleted", async () => {
    const { submissions: _, ...tables } = school();
    await writeSchool(folder, tables);
    const part = (name: string) => join(folder, "submissions", name);
    const one = [submission(1)];
    await writeExtract(part("a.csv"), one, { ...PLAIN_CSV, ts: newest });
    await writeExtract(part("b.csv"), one, { ...PLAIN_CSV, ts: newer, deleted: [1] });
    expect(await score()).toBe(SCORE);
  });

  it("takes a record that was put in and deleted at once for deleted", async () => {
    await writeSchool(folder, { ...school(), submissions: [submission(1)] }, { ...PLAIN_CSV, deleted: [1] });
    expect((await read(folder)).flatMap((one) => one.assignments[0]!.submissions)).toEqual([]);
  });

  it("does not take an older state of an assignment for the present one", async () => {
    await writeSchool(folder, school());
    const file = join(folder, "assignments", "job_2", "part-0.csv");
    await writeExtract(file, [{ ...school().assignments[0]!, post_to_sis: false }], {
      ...PLAIN_CSV,
      ts: newer,
    });
    expect(await read(folder)).toEqual([]);
  });
});

describe("an extract that is not complete", () => {
  const REQUIRED: [keyof School, string, string][] = [
    ["submissions", "posted_at", "whether the student may see the grade"],
    ["submissions", "score", "the score"],
    ["assignments", "post_to_sis", "whether it is set to sync to the SIS"],
    ["assignments", "due_at", "the due date"],
    ["course_sections", "sis_source_id", "the SIS id"],
    ["pseudonyms", "sis_user_id", "the SIS id"],
    ["enrollments", "workflow_state", "whether it is active"],
    ["assignment_overrides", "set_type", "whether it is for a section"],
  ];

  it.each(REQUIRED)("says which column is missing: %s %s", async (table, column, tells) => {
    await writeSchool(folder, without(table, column));
    await expect(read(folder)).rejects.toMatchObject({
      exit: "source",
      code: "source.canvas-data-column",
      message: `${join(folder, table, "job_1/part-00000.csv")} has no column ${column} of ${table}, which tells ${tells}.`,
      hint: `Take the whole table anew: \`dap snapshot --namespace canvas --table ${table}\`.`,
    });
  });

  it("says so of Parquet as well", async () => {
    await writeSchool(folder, without("submissions", "posted_at"), { format: "parquet", gzip: false });
    await expect(read(folder)).rejects.toMatchObject({ code: "source.canvas-data-column" });
  });

  it("says so of JSON Lines by the records that came without", async () => {
    await writeSchool(folder, without("assignments", "post_to_sis"), { format: "jsonl", gzip: false });
    await expect(read(folder)).rejects.toMatchObject({
      code: "source.canvas-data-damaged",
      message:
        "1 record in the extract of assignments came without value.post_to_sis, or with one that cannot be read.",
    });
  });

  it("does without columns that nothing depends on", async () => {
    await writeSchool(folder, without("submissions", "grade"));
    expect(onlySubmission(await read(folder)).more).not.toHaveProperty("grade");
  });

  it.each(["csv", "tsv", "jsonl", "parquet", "parquet-flat"] as const)(
    "does without every column that is not needed, all at once: %s",
    async (format) => {
      const tables = Object.entries(school()).map(([table, rows]: [string, Row[]]) => {
        const { columns } = tableOf(table as TableName);
        const isBare = (name: string) => columns[name] === undefined || columns[name].needed !== undefined;
        const bare = ({ id, ...row }: Row): Row => ({
          id,
          ...Object.fromEntries(Object.entries(row).filter(([name]) => isBare(name))),
        });
        return [table, rows.map(bare)] as const;
      });
      await writeSchool(folder, Object.fromEntries(tables), { format, gzip: false });
      expect(await score()).toBe(SCORE);
    },
  );

  it("names the tables that are missing, what they tell and how to take them", async () => {
    const { pseudonyms: _p, assignment_groups: _g, ...tables } = school();
    await writeSchool(folder, tables);
    await expect(read(folder)).rejects.toMatchObject({
      code: "source.canvas-data-missing",
      message: `${folder} has no extract of assignment_groups (the assignment groups, which decide the SIS's category), pseudonyms (the users' SIS ids).`,
      hint: "Take it with `dap snapshot --namespace canvas --table assignment_groups,pseudonyms`, into a folder named by the table.",
    });
  });

  it("says that there is no such folder", async () => {
    await expect(read(join(folder, "nowhere"))).rejects.toMatchObject({
      code: "source.canvas-data-missing",
      message: `The folder ${join(folder, "nowhere")} cannot be read.`,
    });
  });

  it("takes an empty JSON Lines file for a table without records", async () => {
    const { assignment_overrides: _, ...tables } = school();
    await writeSchool(folder, tables);
    writeFileSync(join(folder, "assignment_overrides.jsonl.gz"), gzipSync(""));
    expect(await score()).toBe(SCORE);
  });

  it.each(["submissions.csv", "submissions.parquet"])("takes an empty %s for no extract", async (name) => {
    await writeSchool(folder, school());
    writeFileSync(join(folder, name), "");
    await expect(read(folder)).rejects.toMatchObject({
      code: "source.canvas-data-damaged",
      message: `${join(folder, name)} is empty: not even its columns are there.`,
    });
  });

  const PART = (format: string) => `submissions/job_1/part-00000.${format}.gz`;
  it.each([
    ["csv", 1],
    ["tsv", 8],
    ["jsonl", 4],
    ["jsonl", 400],
  ] as const)("refuses a gzipped %s that was cut off by %i bytes", async (format, by) => {
    const many = Array.from({ length: 2000 }, (_, at) => submission(at + 1, { user_id: at + 100 }));
    await writeSchool(folder, { ...school(), submissions: many }, { format, gzip: true });
    const file = join(folder, PART(format));
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - by));
    await expect(read(folder)).rejects.toMatchObject({
      code: "source.canvas-data-damaged",
      message: `${file} was cut off or is damaged: it cannot be unpacked to its end.`,
    });
  });

  it("refuses Parquet that was cut off", async () => {
    await writeSchool(folder, school(), { format: "parquet", gzip: false });
    const file = join(folder, "submissions/job_1/part-00000.parquet");
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 20));
    await expect(read(folder)).rejects.toMatchObject({
      code: "source.canvas-data-damaged",
      message: `${file} is no whole Parquet file.`,
    });
  });

  it("reads Parquet that somebody compressed once more", async () => {
    await writeSchool(folder, school(), { format: "parquet", gzip: false });
    const file = join(folder, "submissions/job_1/part-00000.parquet");
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
    rmSync(file);
    expect(await score()).toBe(SCORE);
  });

  it.each([
    ["csv", '2,"SECRET'],
    ["csv", "2,SECRET"],
    ["jsonl", '{"key":{"id":2},"value":{"score":"SECRET'],
    ["jsonl", '{"key":{"id":2},"value":"SECRET"}\n'],
  ] as const)("says where a %s cannot be read, and not what stands there: %s", async (format, line) => {
    await writeSchool(folder, school(), { format, gzip: false });
    const file = join(folder, `submissions/job_1/part-00000.${format}`);
    writeFileSync(file, line, { flag: "a" });
    const failure: unknown = await read(folder).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "source.canvas-data-damaged" });
    const { message, cause, hint } = failure as Failure;
    expect(message).toMatch(/part-00000\.\w+ cannot be read: line [23] is not as DAP writes it\.$/);
    expect(`${message} ${hint} ${String(cause)}`).not.toContain("SECRET");
  });

  it("says how many records came without what every record has", async () => {
    await writeSchool(folder, {
      ...school(),
      submissions: [
        submission(1),
        submission(2, { assignment_id: "x" }),
        submission(3, { assignment_id: null }),
      ],
    });
    await expect(read(folder)).rejects.toMatchObject({
      message:
        "2 records in the extract of submissions came without value.assignment_id, or with one that cannot be read.",
    });
  });
});

function without(table: keyof School, column: string): School {
  const tables = school();
  return {
    ...tables,
    [table]: tables[table].map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => name !== column)),
    ),
  };
}
