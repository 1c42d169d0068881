/** Stage snapshot: what Canvas says of its graded work, section by section, into the run folder. */
import type { SectionGrades } from "../../connectors/canvas/records.ts";
import type { RosterGround } from "../../connectors/store/ground.ts";
import { createSnapshot } from "../../connectors/store/snapshot.ts";
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
  try {
    for await (const grades of readGrades(run, question)) {
      run.signal.throwIfAborted();
      if (courses !== undefined && !isOf(grades, courses, ground)) continue;
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
  const sections = kept.count();
  run.log.info(
    { stage: "snapshot", sections, ...counts },
    `snapshot: ${n(counts.submissions)} submissions to ${n(counts.assignments)} assignments in ${n(sections)} sections`,
  );
}

/** A section that is cross-listed is in another course in Canvas than in the roster; either name is it. */
function isOf(
  { course, section }: SectionGrades,
  courses: ReadonlySet<string>,
  ground: RosterGround,
): boolean {
  const own = section.sis_id === null ? undefined : ground.section(section.sis_id)?.course_id;
  return (course.sis_id !== null && courses.has(course.sis_id)) || (own !== undefined && courses.has(own));
}

function n(value: number): string {
  return value.toLocaleString("en");
}
