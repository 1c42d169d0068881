/** What the SIS should hold of work that was exported, read off Canvas and the roster by no code of the bridge. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCsv } from "../csv-reader.ts";
import type { Semester } from "./semester.ts";

type Told = Pick<Semester, "canvas" | "sections" | "home">;

/** The end of each section's term, by section_id: when work is due of which no date is known. */
export function endsOfSections({ home }: Pick<Semester, "home">): Map<string, string> {
  const roster = home.runs().find((run) => run.endsWith("-roster"));
  const rows = (file: string) =>
    readCsv(readFileSync(join(home.runFolder(roster), "canvas", `${file}.csv`), "utf8"));
  const ends = new Map(rows("terms").map((term) => [term["term_id"], term["end_date"] ?? ""]));
  const terms = new Map(rows("courses").map((course) => [course["course_id"], course["term_id"]]));
  return new Map(
    rows("sections").map(({ section_id = "", course_id, end_date = "" }) => [
      section_id,
      new Date(end_date === "" ? (ends.get(terms.get(course_id)) ?? "") : end_date).toISOString(),
    ]),
  );
}

/** Of Gradebook exports: no dates, no groups, nothing missing; as lines that `inSis` gives. */
export function inExports(told: Told): string[] {
  const { coursework } = told.canvas;
  const ends = endsOfSections(told);
  return told.sections
    .flatMap((id) => {
      const section = coursework.school.sections.get(id);
      const students = coursework.students(section.id);
      if (students.length === 0) return [];
      return coursework.assignments(section.course_id).flatMap((assignment) => {
        const name = `${id} | ${assignment.name} | ${ends.get(id) ?? "never"}`;
        const scores = students.flatMap((student) => {
          const work = coursework.submission(assignment.id, student.id);
          if (work?.excused === true) return [`${name} | ${student.sis_id ?? ""}: none (exempt)`];
          if (work?.score == null) return [];
          return [`${name} | ${student.sis_id ?? ""}: ${work.score} (fully graded)`];
        });
        return [`${name} | of ${assignment.points_possible ?? 0} | none`, ...scores];
      });
    })
    .sort();
}
