/** Stage snapshot: what Canvas says of its graded work, section by section, into the run folder. */
import type { SectionGrades } from "../../connectors/canvas/records.ts";
import type { RosterGround } from "../../connectors/store/ground.ts";
import { createSnapshot } from "../../connectors/store/snapshot.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";
import type { Run } from "../run/run.ts";
import { dropDetails, needsDetails } from "./details.ts";
import { readGrades, type SourceQuestion } from "./source.ts";

/** @throws Failure source.… when anything of Canvas cannot be had completely: then nothing is sent */
export async function snapshot(run: Run, question: SourceQuestion): Promise<void> {
  const { folders, courses, ground, rules } = question;
  const isWithoutDetails = !needsDetails(rules);
  if (run.manifest.grades !== undefined && isWithoutDetails) run.manifest.grades.withoutDetails = true;
  const kept = createSnapshot(folders.snapshot);
  const counts = { assignments: 0, submissions: 0 };
  const unseen = new Set(courses);
  try {
    for await (const grades of readGrades(run, question)) {
      run.signal.throwIfAborted();
      if (courses !== undefined && !asksForCourses(rules) && !isOf(grades, courses, ground)) continue;
      for (const course of namesOf(grades, ground)) unseen.delete(course);
      if (isWithoutDetails) dropDetails(grades);
      kept.add(grades);
      counts.assignments += grades.assignments.length;
      for (const { submissions } of grades.assignments) counts.submissions += submissions.length;
      run.progress({ stage: "snapshot", unit: "sections", done: kept.count(), total: undefined });
    }
  } catch (error) {
    kept.abandon();
    throw error;
  }
  kept.done();
  if (unseen.size > 0) run.log.warn({ stage: "snapshot" }, nothingOf([...unseen], rules));
  const sections = kept.count();
  run.log.info(
    { stage: "snapshot", sections, ...counts },
    `snapshot: ${n(counts.submissions)} submissions to ${n(counts.assignments)} assignments in ${n(sections)} sections`,
  );
}

/**
 * Canvas's API is asked for courses as they are taught, and gives the sections of others that are cross-listed into
 * them: nothing else would send those.
 */
function asksForCourses({ source }: GradesConfig): boolean {
  return source.kind === "canvas-api";
}

function isOf(grades: SectionGrades, courses: ReadonlySet<string>, ground: RosterGround): boolean {
  return namesOf(grades, ground).some((course) => courses.has(course));
}

/** A section that was moved may be in another course in Canvas than in the roster; either name is it. */
function namesOf({ course, section }: SectionGrades, ground: RosterGround): string[] {
  const own = section.sis_id === null ? undefined : ground.section(section.sis_id)?.course_id;
  return [course.sis_id, own].filter((name) => name != null);
}

function nothingOf(courses: readonly string[], rules: GradesConfig): string {
  const which = courses.length === 1 ? "the course" : "the courses";
  const why = asksForCourses(rules)
    ? ": nothing is set to sync there, or its sections are cross-listed. Those are sent with --course of the course that they are taught in."
    : ".";
  return `snapshot: Canvas gave no work of ${which} ${courses.join(", ")}${why}`;
}

function n(value: number): string {
  return value.toLocaleString("en");
}
