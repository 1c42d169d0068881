import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../../../config/secret.ts";
import { readCanvasApi } from "../../../../connectors/canvas/api/canvas-api.ts";
import type { AssignmentGrades, SectionGrades, Submission } from "../../../../connectors/canvas/records.ts";
import { REAL_PORTS } from "../../../../connectors/oneroster/ports.ts";
import { startSandboxCanvas, type SandboxCanvas } from "../../../../jobs/demo/canvas.ts";
import { writeRoster } from "../../../jobs/demo/canvas-kit.ts";
import { NOW, read } from "./extracts.ts";

const TOKEN = "7~a-canvas-token";
const COURSES = Array.from({ length: 16 }, (_, at) => at);
const USERS = Array.from({ length: 40 }, (_, at) => at);
const sectionsIn = (course: number) => 1 + (course % 3);

let folder: string;
let roster: string;
let canvas: SandboxCanvas;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "canvas-data-"));
  roster = writeRoster({
    courses: csv("course_id,short_name,long_name,account_id,term_id,status", COURSES, (c) => [
      `C${c},c${c},Course ${c},North,S1,active`,
    ]),
    sections: csv("section_id,course_id,name,status,start_date,end_date", COURSES, (c) =>
      Array.from({ length: sectionsIn(c) }, (_, at) => `C${c}-${at},C${c},Section ${c}-${at},active,,`),
    ),
    users: csv("user_id,login_id,first_name,last_name,email,status", USERS, (u) => [
      `u${u},l${u},F,L,,active`,
    ]),
    enrollments: csv("course_id,section_id,user_id,role,status,start_date,end_date", USERS, (u) =>
      [0, 5, 10].map((step) => {
        const c = (u * 7 + step) % COURSES.length;
        return `C${c},C${c}-${u % sectionsIn(c)},u${u},student,active,,`;
      }),
    ),
  });
  canvas = await startSandboxCanvas({ roster, token: TOKEN, now: NOW });
});
afterEach(async () => {
  await canvas.stop();
  for (const each of [folder, roster]) rmSync(each, { recursive: true, force: true });
});

describe("readCanvasData", () => {
  it("gives what Canvas's API gives of the same work", async () => {
    await canvas.writeCanvasData(folder, { format: "jsonl" });
    const [fromApi, fromData] = [workBySection(await readApi()), workBySection(await read(folder))];
    expect(fromData.size).toBeGreaterThan(COURSES.length);
    expect(fromData).toEqual(fromApi);
  });
});

function csv(header: string, things: readonly number[], linesOf: (thing: number) => string[]): string {
  return [header, ...things.flatMap(linesOf)].map((line) => `${line}\n`).join("");
}

async function readApi(): Promise<SectionGrades[]> {
  const token = new Secret({ env: "CANVAS_TOKEN" });
  token.resolve(TOKEN);
  const sections: SectionGrades[] = [];
  const options = {
    ports: { ...REAL_PORTS, scrub: (text: string) => text, log: () => undefined },
    signal: new AbortController().signal,
    concurrency: 4,
    comments: false,
  };
  for await (const one of readCanvasApi({ url: canvas.url, token, account: "self" }, options))
    sections.push(one);
  return sections;
}

/** Without what only the API knows or names: addresses, letters, and Canvas's test student. */
function workBySection(sections: readonly SectionGrades[]): Map<string, unknown> {
  return new Map(
    sections.map(({ section, course, assignments }) => [
      `${String(course.sis_id)}/${String(section.sis_id)}`,
      assignments.map(({ assignment, submissions }: AssignmentGrades) => ({
        ...assignment,
        html_url: undefined,
        more: { submission_types: assignment.more?.["submission_types"] },
        submissions: submissions.filter((one) => one.sis_user_id !== null).map(known),
      })),
    ]),
  );
}

function known(submission: Submission): unknown {
  const { entered_grade: _g, seconds_late: _s, ...more } = submission.more ?? {};
  return { ...submission, more };
}
