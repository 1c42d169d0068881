import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forgetNights, inSis, type Semester, startSemester } from "./semester.ts";

afterAll(forgetNights);

type Extracted = NonNullable<Parameters<Semester["canvas"]["writeCanvasData"]>[1]>;

/** All the work that is awkward, so that what is left out must be the same too. */
const AWKWARD = { students: 20, canvas: { oddities: true } } as const;

/** What the SIS holds, record by record, but for ids that are random, and the description, which names Canvas. */
function records({ sis }: Semester): unknown {
  const { lineItems, results } = sis.gradebook;
  const nameOf = (id: string) => {
    const item = lineItems.get(id)!;
    return `${item.class.sourcedId} | ${item.title} | ${item.dueDate}`;
  };
  const own = { sourcedId: undefined, dateLastModified: undefined };
  const items = [...lineItems.values()].map((item) => {
    const {
      class: { sourcedId: classId },
      category,
      description: _d,
      ...more
    } = item;
    return [nameOf(item.sourcedId), { ...more, ...own, classId, category: category?.sourcedId ?? null }];
  });
  const scores = [...results.values()].map(({ lineItem, student, ...more }) => [
    `${nameOf(lineItem.sourcedId)} | ${student.sourcedId}`,
    { ...more, ...own },
  ]);
  return { items: sorted(items), scores: sorted(scores) };
}

function sorted(entries: unknown[][]): unknown {
  return entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** What became of every record, and why, in grades.csv. */
function outcomes(semester: Semester): string[] {
  return semester
    .rows()
    .map((row) =>
      [
        row["class"],
        row["assignment"],
        row["student"],
        row["record"],
        row["outcome"],
        row["score"],
        row["reason"],
      ].join(" | "),
    )
    .sort();
}

describe("grades from Canvas Data", () => {
  const fromApi = { code: -1, held: {} as unknown, told: [] as string[] };
  beforeAll(async () => {
    await using semester = await startSemester(AWKWARD);
    const { code } = await semester.pass();
    Object.assign(fromApi, { code, held: records(semester), told: outcomes(semester) });
    expect(fromApi.told.length).toBeGreaterThan(100);
  });

  it.each<Extracted>([
    { format: "csv", gzip: false },
    { format: "tsv", gzip: true },
    { format: "jsonl", gzip: true },
    { format: "parquet" },
  ])("are in the SIS as those from Canvas's API, out of %j", async (look) => {
    await using semester = await startSemester(AWKWARD);
    const folder = join(semester.home.folder, "dap");
    await semester.canvas.writeCanvasData(folder, look);
    semester.configure({ source: { kind: "canvas-data", path: folder } });
    const { code } = await semester.pass();
    expect({ code, held: records(semester), told: outcomes(semester) }).toEqual(fromApi);
    expect((await semester.pass()).writes).toEqual({});
  });

  it("follow those from the API, and no result is sent again", async () => {
    await using semester = await startSemester();
    await semester.pass();
    const before = inSis(semester);
    const folder = join(semester.home.folder, "dap");
    await semester.canvas.writeCanvasData(folder);
    semester.configure({ source: { kind: "canvas-data", path: folder } });
    const { code, writes } = await semester.pass();
    expect(code).toBe(0);
    expect(writes["PUT results"]).toBeUndefined();
    expect(inSis(semester)).toEqual(before);
  });

  it.each<Extracted>([{ format: "csv" }, { format: "jsonl" }])(
    "are refused with code 3 where scores were left out of %j, for none of them was taken back",
    async (look) => {
      await using semester = await startSemester({ students: 12, grades: { whenCleared: "delete" } });
      await semester.pass();
      const before = inSis(semester);
      const folder = join(semester.home.folder, "dap");
      semester.configure({ source: { kind: "canvas-data", path: folder } });
      await semester.canvas.writeCanvasData(folder, { ...look, leaveOut: ["submissions.score"] });
      const { code, stderr } = await semester.pass();
      expect({ code, names: stderr.includes("submissions") && stderr.includes("score") }).toEqual({
        code: 3,
        names: true,
      });
      expect(inSis(semester)).toEqual(before);
    },
  );
});
