/** Puts the cells of a course's exports where they belong: section by section, the newest export of a student first. */
import type { AssignmentGrades, SectionGrades, Submission } from "../records.ts";
import type { AssignmentColumn } from "./assignments.ts";
import { readCell } from "./cells.ts";
import type { Gradebook, GradebookStudent } from "./gradebook.ts";
import type { Place, Placement, RosterSection } from "./placement.ts";

export interface Sections {
  /** Of a student whom an earlier, newer export had already, nothing is taken. */
  add(gradebook: Gradebook, placement: Placement): void;
  all(): SectionGrades[];
}

interface SectionDraft {
  section: RosterSection;
  assignments: Map<string, AssignmentGrades>;
}

export function beginSections(): Sections {
  const drafts = new Map<string, SectionDraft>();
  const unplaced: SectionGrades[] = [];
  const seen = new Set<string>();
  /** SIS ids: a student whose users were merged has another id of Canvas's in older exports. */
  const seenInSis = new Set<string | null>();

  function draftOf(section: RosterSection, gradebook: Gradebook): SectionDraft {
    const draft = drafts.get(section.section_id) ?? {
      section,
      assignments: new Map<string, AssignmentGrades>(),
    };
    drafts.set(section.section_id, draft);
    for (const { assignment } of gradebook.assignments) {
      if (!draft.assignments.has(assignment.id)) {
        draft.assignments.set(assignment.id, { assignment, submissions: [] });
      }
    }
    return draft;
  }

  return {
    add(gradebook, placement) {
      if (placement.kind === "unknown") {
        unplaced.push(told(gradebook, placement.problem));
        return;
      }
      const places = gradebook.students.map((student) => ({ student, place: placement.place(student) }));
      const repeated = repeatedIds(gradebook.students);
      const inNewer = new Set(seenInSis);
      // Whoever is in none of the sections is told of in the first.
      const home = places.find(({ place }) => place.section !== null)?.place.section;
      for (const { student, place } of places) {
        if (seen.has(student.id) || inNewer.has(student.sisUserId)) continue;
        seen.add(student.id);
        if (student.sisUserId !== null) seenInSis.add(student.sisUserId);
        const section = place.section ?? home;
        if (section == null) continue;
        const draft = draftOf(section, gradebook);
        const problem = repeated.has(student.sisUserId) ? TWICE : place.problem;
        for (const column of gradebook.assignments) {
          const submission = submissionOf(student, column, place, problem);
          if (submission) draft.assignments.get(column.assignment.id)?.submissions.push(submission);
        }
      }
    },
    all: () => [...[...drafts.values()].map(finished), ...unplaced],
  };
}

function submissionOf(
  student: GradebookStudent,
  { index, postsByHand }: AssignmentColumn,
  { section }: Place,
  problem: string | undefined,
): Submission | undefined {
  const found = readCell(student.cells[index] ?? "", postsByHand);
  // Nobody needs to hear of work that is not graded that it cannot be passed back.
  const isOfNoUse = problem !== undefined || section === null;
  if (found === undefined || (isOfNoUse && found.graded === false)) return undefined;
  return {
    sis_user_id: student.sisUserId,
    user_id: student.id,
    ...found,
    ...(problem !== undefined && { problem }),
  };
}

function repeatedIds(students: readonly GradebookStudent[]): Set<string | null> {
  const groups = Map.groupBy(students, ({ sisUserId }) => sisUserId);
  return new Set([...groups].flatMap(([id, rows]) => (id !== null && rows.length > 1 ? [id] : [])));
}

function finished({ section, assignments }: SectionDraft): SectionGrades {
  return {
    section: { sis_id: section.section_id, name: section.name },
    course: { sis_id: section.course_id },
    assignments: [...assignments.values()],
  };
}

function told(gradebook: Gradebook, problem: string): SectionGrades {
  return {
    section: { sis_id: null, name: gradebook.name },
    course: { sis_id: null, name: gradebook.name },
    assignments: gradebook.assignments.map(({ assignment }) => ({
      assignment: { ...assignment, problem: `${gradebook.name}: ${assignment.problem ?? problem}` },
      submissions: [],
    })),
  };
}

const TWICE =
  "Two students of the export have this SIS User ID, so whose score it is cannot be told. Merge the two users in " +
  "Canvas, or correct the id of one of them.";
