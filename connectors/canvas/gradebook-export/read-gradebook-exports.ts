/** Grades from a folder of Gradebook exports: what instructors download in Canvas and put there. */
import { Failure } from "../../../config/failure.ts";
import type { ExportFile, Tell } from "../export-files/export-file.ts";
import { noExports, together } from "../export-files/failures.ts";
import { exportFiles } from "../export-files/folder.ts";
import { newestFirst } from "../export-files/newest-first.ts";
import type { SectionGrades } from "../records.ts";
import { type Gradebook, readGradebook } from "./gradebook.ts";
import { type Placement, placeStudents, type RosterGroundView } from "./placement.ts";
import { beginSections } from "./sections.ts";

export type { RosterGroundView } from "./placement.ts";

/**
 * The graded work of all exports in a folder and the folders in it, section by section, each section once. An export
 * knows neither due dates nor what is missing or late. Of several exports of a student's course the newest counts.
 * An export whose course cannot be told comes as a section without sis_id, with the reason at each assignment.
 *
 * @param tell is told which files were left aside: `grades.other-files`, `grades.older-exports`
 * @throws Failure source.*: the folder, or any of its files, is of no use; before the first section is given
 */
export async function* readGradebookExports(
  folder: string,
  ground: RosterGroundView,
  signal: AbortSignal,
  tell: Tell,
): AsyncGenerator<SectionGrades> {
  const { files, others } = await exportFiles(folder, [".csv"]);
  if (others.length > 0) tell("grades.other-files", { files: others });
  if (files.length === 0) {
    throw noExports(
      folder,
      "Gradebook exports",
      "Let instructors export their Gradebooks (Gradebook, Export) and put the CSVs there.",
    );
  }

  for (const group of groupsOf(await lookAtEach(files, ground, signal))) {
    const exports = newestFirst(group, stampOf);
    const [newest, ...older] = exports;
    if (newest !== undefined && older.length > 0) {
      tell("grades.older-exports", { newest: newest.name, older: older.map(({ name }) => name) });
    }
    const sections = beginSections();
    for (const file of exports) {
      // Read again: the whole folder at once would not fit in memory.
      const gradebook = await readGradebook(file, signal);
      sections.add(gradebook, placeStudents(gradebook.students, ground));
    }
    yield* sections.all();
  }
}

/** `2026-11-21T0803` of `2026-11-21T0803_Grades-ALG1.csv`: the name that Canvas gives. */
function stampOf(name: string): string | undefined {
  return /(?:^|[\\/])(\d{4}-\d\d-\d\dT\d{4})_/.exec(name)?.[1];
}

interface Look extends ExportFile {
  /** section_ids of its students. */
  sections: Set<string>;
}

/** Every file is looked at before anything is given, so that a folder with a bad file in it gives nothing. */
async function lookAtEach(
  files: readonly ExportFile[],
  ground: RosterGroundView,
  signal: AbortSignal,
): Promise<Look[]> {
  const looks: Look[] = [];
  const failures: Failure[] = [];
  for (const file of files) {
    try {
      const { students } = await readGradebook(file, signal);
      looks.push({ ...file, sections: sectionsIn(students, placeStudents(students, ground)) });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw together(failures);
  return looks;
}

function sectionsIn(students: Gradebook["students"], placement: Placement): Set<string> {
  if (placement.kind === "unknown") return new Set();
  return new Set(students.flatMap((student) => placement.place(student).section?.section_id ?? []));
}

/** Exports that have a section in common are of the same course. */
function groupsOf(looks: readonly Look[]): Look[][] {
  const groups = new Set<Look[]>();
  const groupOf = new Map<string, Look[]>();
  for (const look of looks) {
    const known = [...look.sections].map((section) => groupOf.get(section));
    const related = new Set(known.filter((group) => group !== undefined));
    const group = [...[...related].flat(), look];
    for (const old of related) groups.delete(old);
    groups.add(group);
    for (const { sections } of group) for (const section of sections) groupOf.set(section, group);
  }
  return [...groups];
}
