import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  assignment,
  enrollment,
  pseudonym,
  read,
  school,
  submission,
  writeExtract,
  writeSchool,
  type Format,
  type Manner,
  type School,
} from "./extracts.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "canvas-data-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const FORMATS: Format[] = ["csv", "tsv", "jsonl", "parquet", "parquet-flat"];
const MANNERS: Manner[] = FORMATS.flatMap((format) => [
  { format, gzip: false },
  { format, gzip: true },
]);

describe("readCanvasData, whatever the format", () => {
  it.each(MANNERS)("reads $format, gzipped: $gzip", async (manner) => {
    await writeSchool(folder, school(), manner);
    expect(await read(folder)).toEqual([
      {
        section: { id: "10", sis_id: "S10", name: "Section 10" },
        course: { id: "1", sis_id: "C1", name: "Course 1" },
        assignments: [
          {
            assignment: {
              kind: "assignment",
              id: "1000",
              name: "Work 1000",
              points_possible: 10,
              due_at: "2026-11-10T07:59:59Z",
              assignment_group: { id: "500", name: "Homework" },
              more: {
                submission_types: ["online_upload", "online_url"],
                grading_type: "points",
                include_in_final_grade: true,
                created_at: "2026-11-01T00:00:00Z",
                course_id: "1",
              },
            },
            submissions: [
              {
                sis_user_id: "s100",
                user_id: "100",
                score: 8,
                graded: true,
                posted: true,
                graded_at: "2026-11-11T00:00:00Z",
                submitted_at: "2026-11-09T20:00:00Z",
                more: {
                  workflow_state: "graded",
                  grade: "8",
                  entered_score: 8,
                  attempt: 1,
                  submission_type: "online_upload",
                },
              },
            ],
          },
        ],
      },
    ]);
  });

  it("reads the same from every format, whatever stands in the texts", async () => {
    const word = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => !/\0/.test(text));
    const title = fc.oneof(
      word,
      fc.constantFrom("a\tb", "c\\n\nd\r\ne", '"x",', "\\N", "NULL", " =1 ", "\v\f\b\\"),
    );
    const score = fc.option(fc.double({ min: -10, max: 1e6, noNaN: true, noDefaultInfinity: true }));
    const instant = fc.option(
      fc.integer({ min: 0, max: 4e9 }).map((seconds) => new Date(seconds * 1000).toISOString()),
    );
    const work = fc.record({ title, grade: fc.option(word), score, submitted_at: instant, due_at: instant });
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: 1, maxLength: 6 }), async (works) => {
        const tables: School = {
          ...school(),
          assignments: works.map((one, at) => assignment(at + 1, { title: one.title, due_at: one.due_at })),
          submissions: works.map(({ grade, score: points, submitted_at }, at) =>
            submission(at + 1, { assignment_id: at + 1, grade, score: points, submitted_at }),
          ),
        };
        const answers: unknown[] = [];
        for (const format of FORMATS) {
          const place = mkdtempSync(join(folder, "one-"));
          await writeSchool(place, tables, { format, gzip: works.length % 2 === 0 });
          answers.push(await read(place));
        }
        const [first] = answers as Awaited<ReturnType<typeof read>>[];
        expect(first![0]!.assignments.map((one) => one.assignment.name)).toEqual(
          works.map((one) => one.title),
        );
        for (const answer of answers) expect(answer).toEqual(first);
      }),
      { numRuns: 6 },
    );
  });

  it("reads parts of one table in different formats, and with other columns", async () => {
    await writeSchool(folder, school());
    const part = (name: string) => join(folder, "submissions", "job_2", name);
    const { grade: _, ...older } = submission(2, { user_id: 101 });
    await writeExtract(part("part-1.csv.gz"), [{ ...older, id: 2 }], { format: "csv", gzip: true });
    await writeExtract(part("part-2.jsonl"), [submission(3, { user_id: 102 })], {
      format: "jsonl",
      gzip: false,
    });
    const more = [101, 102];
    await writeExtract(
      join(folder, "enrollments", "more.csv"),
      more.map((user_id) => enrollment(user_id, { user_id })),
    );
    await writeExtract(
      join(folder, "pseudonyms", "more.csv"),
      more.map((id) => pseudonym(id, { user_id: id })),
    );
    const [only] = await read(folder);
    expect(only!.assignments[0]!.submissions.map((one) => [one.sis_user_id, one.more?.["grade"]])).toEqual([
      ["s100", "8"],
      ["s101", undefined],
      ["s102", "8"],
    ]);
  });

  it("takes a time with another offset, or with none, for the instant in UTC that it is", async () => {
    await writeSchool(folder, {
      ...school(),
      assignments: [
        assignment(1, {
          due_at: "2026-11-10T00:00:00-08:00",
          unlock_at: "2026-11-01 00:00:00",
          lock_at: "2026-12-01",
        }),
      ],
    });
    const [only] = await read(folder);
    expect(only!.assignments[0]!.assignment).toMatchObject({
      due_at: "2026-11-10T08:00:00Z",
      unlock_at: "2026-11-01T00:00:00Z",
      lock_at: "2026-12-01T00:00:00Z",
    });
  });

  it("keeps ids exact that are longer than numbers of JavaScript are", async () => {
    const id = "100000000000000123";
    const tables = school();
    await writeSchool(folder, {
      ...tables,
      assignments: [{ ...assignment(1), id: id as unknown as number }],
      submissions: [submission(1, { assignment_id: id })],
    });
    const [only] = await read(folder);
    expect(only!.assignments[0]!.assignment.id).toBe(id);
    expect(only!.assignments[0]!.submissions).toHaveLength(1);
  });
});
