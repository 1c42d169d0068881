/** A semester on this machine: a SIS, a delivered roster, a Canvas full of work, and what the one should hold of the other. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type SandboxCanvas,
  type SandboxCanvasOptions,
  startSandboxCanvas,
} from "../../../jobs/demo/canvas.ts";
import type { SandboxSis, SandboxSisOptions } from "../../../jobs/demo/sis.ts";
import type { Manifest } from "../../../jobs/run/manifest.ts";
import { type Row, readCsv } from "../csv-reader.ts";
import {
  type Home,
  makeHome,
  OAUTH1,
  SIS_SECRET,
  SIS_TOKEN,
  smallDistrict,
  sourceOf,
  startSis,
} from "../night-kit.ts";

type Tree = Record<string, unknown>;

export const CANVAS_TOKEN = "7~canvas-t0ken";
export const env = { SIS_SECRET, SIS_TOKEN, CANVAS_TOKEN };

export interface SemesterOptions {
  students?: number;
  gradebook?: NonNullable<SandboxSisOptions["gradebook"]>;
  canvas?: Partial<SandboxCanvasOptions>;
  /** Of the config: `grades` over canvas-api, `source` over the sandbox's. */
  grades?: Tree;
  source?: Tree;
}

export interface Semester extends AsyncDisposable {
  sis: SandboxSis;
  canvas: SandboxCanvas;
  home: Home;
  /** Runs `grades`; gives how it ended, what it counted, and what it wrote to the SIS. */
  pass(...options: string[]): Promise<Passed>;
  /** The same of `rerun`. */
  rerun(...options: string[]): Promise<Passed>;
  /** The config's `grades`, over canvas-api. */
  configure(grades: Tree, source?: Tree): void;
  config(grades?: Tree, source?: Tree): Tree;
  /** grades.csv of the newest run, or of the one given. */
  rows(run?: string): Row[];
  /** The page of a course of the newest run. */
  page(course: string): string;
  /** The newest grades run. */
  newest(): string;
  /** The sections that the roster made, by section_id. */
  sections: string[];
}

export interface Passed {
  code: number;
  stderr: string;
  grades: NonNullable<Manifest["grades"]>;
  /** `PUT /lineItems` and so on, with how many. */
  writes: Record<string, number>;
}

/** One home with a delivered roster for each size of district: the night before is the same for every test. */
const nights = new Map<number, Promise<string>>();

async function nightBefore(students: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-roster-"));
  await using sis = await startSis({ district: districtOf(students) });
  await using home = makeHome({ source: sourceOf(sis) });
  const { code, stderr } = await home.call(["roster"]);
  if (code !== 0) throw new Error(stderr);
  cpSync(home.state, folder, { recursive: true });
  return folder;
}

function districtOf(students: number) {
  return smallDistrict({ students, schools: 1, oddities: false });
}

/** Removes what the nights before have left; to be called when all tests are done. */
export async function forgetNights(): Promise<void> {
  for (const night of nights.values()) rmSync(await night, { recursive: true, force: true });
  nights.clear();
}

export async function startSemester(options: SemesterOptions = {}): Promise<Semester> {
  const { students = 30, gradebook = {} } = options;
  const before = nights.get(students) ?? nightBefore(students);
  nights.set(students, before);
  const sis = await startSis({ district: districtOf(students), gradebook });
  const home = makeHome({ source: sourceOf(sis) });
  cpSync(await before, home.state, { recursive: true });
  const roster = join(home.runFolder(), "canvas");
  const canvas = await startSandboxCanvas({
    roster,
    token: CANVAS_TOKEN,
    oddities: false,
    assignmentsPerCourse: 3,
    ...options.canvas,
  });
  const config = (grades: Tree = {}, source: Tree = {}): Tree => ({
    source: sourceOf(sis, OAUTH1, { ...options.source, ...source }),
    grades: {
      source: { kind: "canvas-api", url: canvas.url, token: { env: "CANVAS_TOKEN" } },
      ...options.grades,
      ...grades,
    },
  });
  home.configure(config());
  const newest = () => home.runs().findLast((run) => run.endsWith("-grades"));

  async function call(argv: string[]): Promise<Passed> {
    const already = sis.gradebook.writes.length;
    const { code, stderr } = await home.call(argv, { env });
    const grades = home.manifest(newest()).grades;
    if (grades === undefined) throw new Error(`no grades run: ${stderr}`);
    return { code, stderr, grades, writes: writesOf(sis, already) };
  }

  return {
    sis,
    canvas,
    home,
    config,
    configure(grades, source) {
      home.configure(config(grades, source));
    },
    pass: (...argv) => call(["grades", ...argv]),
    rerun: (...argv) => call(["rerun", ...argv]),
    rows: (run = newest()) => readCsv(readFileSync(join(home.runFolder(run), "grades.csv"), "utf8")),
    page: (course) => readFileSync(join(home.runFolder(newest()), "courses", `${course}.txt`), "utf8"),
    newest: () => newest() ?? "none",
    sections: readCsv(readFileSync(join(roster, "sections.csv"), "utf8")).map(
      (row) => row["section_id"] ?? "",
    ),
    async [Symbol.asyncDispose]() {
      await canvas.stop();
      await sis.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

export function writesOf(sis: SandboxSis, from = 0): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, path } of sis.gradebook.writes.slice(from)) {
    const collection = /\/(lineItems|results)(?:\/[^/]*)?$/.exec(path)?.[1] ?? path;
    const name = `${method} ${collection}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** What the SIS holds, as texts that can be compared: a line for each line item and each result, sorted. */
export function inSis({ sis }: Pick<Semester, "sis">): string[] {
  const { lineItems, results, categories } = sis.gradebook;
  const titles = new Map(categories.map(({ sourcedId, title }) => [sourcedId, title]));
  const nameOf = (id: string) => {
    const item = lineItems.get(id);
    return item === undefined
      ? "nothing"
      : `${item.class.sourcedId} | ${item.title} | ${instant(item.dueDate)}`;
  };
  const items = [...lineItems.values()].map((item) => {
    const category = item.category == null ? "none" : (titles.get(item.category.sourcedId) ?? "unknown");
    return `${nameOf(item.sourcedId)} | of ${item.resultValueMax} | ${category}`;
  });
  const scores = [...results.values()].map(
    ({ lineItem, student, score, scoreStatus }) =>
      `${nameOf(lineItem.sourcedId)} | ${student.sourcedId}: ${score ?? "none"} (${scoreStatus})`,
  );
  return [...items, ...scores].sort();
}

/** What it should hold, read off Canvas itself and by no code of the bridge; for work without oddities. */
export function inCanvas({ canvas, sections }: Pick<Semester, "canvas" | "sections">): string[] {
  const { coursework } = canvas;
  const { school } = coursework;
  return sections
    .flatMap((id) => {
      const section = school.sections.get(id);
      const groups = new Map(coursework.groups(section.course_id).map((group) => [group.id, group.name]));
      return coursework
        .assignments(section.course_id)
        .filter(({ post_to_sis, workflow_state }) => post_to_sis && workflow_state === "published")
        .flatMap((assignment) => {
          const override = assignment.overrides.find(({ set_id }) => set_id === section.id);
          if (assignment.only_visible_to_overrides && override === undefined) return [];
          const due = (override ?? assignment).due_at;
          if (due === null || assignment.points_possible === null) return [];
          const name = `${id} | ${assignment.name} | ${instant(due)}`;
          const scores = coursework.students(section.id).flatMap((student) => {
            const work = coursework.submission(assignment.id, student.id);
            if (work === undefined || student.sis_id === null) return [];
            if (work.excused) return [`${name} | ${student.sis_id}: none (exempt)`];
            const { missing } = coursework.standing(assignment.id, student.id);
            if (missing && work.score === null) return [`${name} | ${student.sis_id}: none (not submitted)`];
            if (work.score === null || work.posted_at === null || work.workflow_state !== "graded") return [];
            return [
              `${name} | ${student.sis_id}: ${work.score} (${missing ? "not submitted" : "fully graded"})`,
            ];
          });
          const group = groups.get(assignment.assignment_group_id) ?? "none";
          return [`${name} | of ${assignment.points_possible} | ${group}`, ...scores];
        });
    })
    .sort();
}

function instant(date: string): string {
  return new Date(date).toISOString();
}

/** The first section that has students and graded work, with what can be changed there. */
export function someWork({ canvas, sections }: Pick<Semester, "canvas" | "sections">, skip = 0) {
  const { coursework } = canvas;
  const found = sections
    .map((id) => coursework.school.sections.get(id))
    .filter(
      ({ id, course_id }) =>
        coursework.students(id).length >= 3 && coursework.assignments(course_id).length >= 2,
    );
  const section = found[skip];
  if (section === undefined) throw new Error("no section with enough work");
  const students = coursework.students(section.id);
  const assignments = coursework.assignments(section.course_id);
  const [student, other, third] = students.map(({ sis_id }) => sis_id ?? "");
  const [first, second] = assignments;
  if (first === undefined || second === undefined) throw new Error("no two assignments");
  return { section, first, second, student: student ?? "", other: other ?? "", third: third ?? "" };
}
