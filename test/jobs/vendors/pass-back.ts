/** Grades of a delivered roster, there and back: what is graded in a Canvas on this machine must be in the SIS. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { startSandboxCanvas } from "../../../jobs/demo/canvas.ts";
import type { SandboxSis } from "../../../jobs/demo/sis.ts";
import { readCsv } from "../csv-reader.ts";
import type { Home } from "../night-kit.ts";
import { CANVAS_TOKEN, env, inCanvas, inSis, writesOf } from "../passback/semester.ts";

type Tree = Record<string, unknown>;

/** @param source the config's */
export async function passBack(home: Home, sis: SandboxSis, source: Tree, grades: Tree = {}): Promise<void> {
  const roster = join(home.runFolder(), "canvas");
  const canvas = await startSandboxCanvas({
    roster,
    token: CANVAS_TOKEN,
    oddities: false,
    assignmentsPerCourse: 1,
  });
  try {
    const from = { kind: "canvas-api", url: canvas.url, token: { env: "CANVAS_TOKEN" } };
    home.configure({ source, grades: { source: from, ...grades } });
    const { code, stderr } = await home.call(["grades"], { env });
    expect(code, stderr).toBe(0);
    const sections = readCsv(readFileSync(join(roster, "sections.csv"), "utf8"));
    expect(sis.gradebook.results.size).toBeGreaterThan(0);
    expect(inSis({ sis })).toEqual(
      inCanvas({ canvas, sections: sections.map((row) => row["section_id"] ?? "") }),
    );

    const already = sis.gradebook.writes.length;
    expect((await home.call(["grades"], { env })).code).toBe(0);
    expect(writesOf(sis, already), "what a second run sends").toEqual({});
  } finally {
    await canvas.stop();
  }
}
