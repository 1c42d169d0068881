import { describe, expect, it } from "vitest";
import { gradeWarnings } from "../../config/grade-warnings.ts";
import { sourceWarnings } from "../../config/source-warnings.ts";
import { load, VALID } from "./workspace.ts";

const CSV = "source: { kind: gradebook-csv, path: x }";

async function told(grades: string): Promise<string[]> {
  const { config } = await load(`${VALID}grades: { ${grades} }\n`);
  const ofGrades = gradeWarnings(config.grades!).map(({ message }) => message);
  expect(sourceWarnings(config, "grades").map(({ message }) => message)).toEqual(ofGrades);
  expect(sourceWarnings(config, "roster")).toEqual([]);
  return ofGrades;
}

describe("warnings of grades", () => {
  it("say that course grades come from Grade Export reports alone", async () => {
    const enabled = "courseGrades: { enabled: true }";
    expect(await told(`source: { kind: canvas-data, path: x }, ${enabled}`)).toEqual([
      expect.stringMatching(/courseGrades\.enabled has no effect with grades\.source\.kind: canvas-data/),
    ]);
    expect(await told(`source: { kind: grade-export, path: x }, ${enabled}`)).toEqual([]);
    expect(await told("source: { kind: canvas-data, path: x }")).toEqual([]);
  });

  it("say what becomes of categories where no groups are known, until somebody has chosen", async () => {
    expect(await told(CSV)).toEqual([expect.stringMatching(/^Gradebook exports name no assignment groups/)]);
    for (const choice of ["whenUnmatched: 'null'", "whenUnmatched: default, default: c1", "override: c1"]) {
      expect(await told(`${CSV}, categories: { ${choice} }`)).toEqual([]);
    }
  });
});
