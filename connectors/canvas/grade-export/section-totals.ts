/**
 * Gathers the rows of reports section by section. A report is ordered by course and enrollment, so a section is complete
 * only at its end; what is kept of a row is a few numbers.
 */
import type { AssignmentGrades, SectionGrades, Submission } from "../records.ts";
import type { Report, ReportRow, Total } from "./report.ts";

export interface SectionTotals {
  /** Reports come newest first; a section that one had is not taken from an older one that knows no more of it. */
  add(report: Report): Promise<{ superseded: number; withoutSisId: number }>;
  all(title: string): Generator<SectionGrades>;
}

interface Part {
  report: Report;
  students: Map<string, Pick<ReportRow, "sis_user_id" | "user_id" | "isCurrent" | "totals">>;
}

interface Draft extends Pick<ReportRow, "section" | "course"> {
  parts: Part[];
}

export function gatherTotals(): SectionTotals {
  const drafts = new Map<string, Draft>();

  function partOf({ section, course }: ReportRow, sisId: string, report: Report): Part | undefined {
    const draft = drafts.get(sisId) ?? { section, course, parts: [] };
    drafts.set(sisId, draft);
    const last = draft.parts.at(-1);
    if (last?.report === report) return last;
    const knowsMore =
      draft.parts.every((part) => part.report.periods.length === 0) && report.periods.length > 0;
    if (last !== undefined && !knowsMore) return undefined;
    const part: Part = { report, students: new Map() };
    draft.parts.push(part);
    return part;
  }

  return {
    async add(report) {
      const superseded = new Set<string>();
      const withoutSisId = new Set<string | undefined>();
      for await (const row of report.rows) {
        const { sis_id: sisId, id } = row.section;
        const part = sisId === null ? undefined : partOf(row, sisId, report);
        if (sisId === null) withoutSisId.add(id);
        else if (part === undefined) superseded.add(sisId);
        else keep(part, row);
      }
      return { superseded: superseded.size, withoutSisId: withoutSisId.size };
    },
    *all(title) {
      for (const { section, course, parts } of drafts.values()) {
        const given = new Set<string>();
        const assignments = parts
          .flatMap((part) => assignmentsOf(part, title))
          .filter(({ assignment: { id } }) => {
            const isNew = !given.has(id);
            given.add(id);
            return isNew;
          });
        yield { section, course, assignments };
      }
    },
  };
}

/** A student may be enrolled twice in a section: what is now counts before what was. */
function keep({ students }: Part, { sis_user_id, user_id, isCurrent, totals }: ReportRow): void {
  const key = sis_user_id ?? `without SIS id: ${user_id ?? ""}`;
  const before = students.get(key);
  if (before !== undefined && before.isCurrent && !isCurrent) return;
  const isTwin = before !== undefined && before.isCurrent === isCurrent;
  const merged = isTwin ? totals.map((total, index) => agreed(before.totals[index] ?? null, total)) : totals;
  students.set(key, {
    sis_user_id,
    user_id: sis_user_id === null ? user_id : undefined,
    isCurrent,
    totals: merged,
  });
}

function agreed(some: Total, other: Total): Total {
  return some === other ? some : { problem: DIFFERENT };
}

function assignmentsOf({ report, students }: Part, title: string): AssignmentGrades[] {
  const course = { kind: "course-grade", id: "course-grade", name: title } as const;
  const periods = report.periods.map((period) => {
    if (period.id === undefined) return undefined;
    const name = `${title} – ${period.title}`;
    return { kind: "grading-period-grade", id: `grading-period-${period.id}`, name } as const;
  });
  return [course, ...periods].flatMap((named, index) => {
    if (named === undefined) return [];
    const submissions = [...students.values()].map(({ sis_user_id, user_id, totals }) => ({
      sis_user_id,
      ...(user_id !== undefined && { user_id }),
      ...submissionOf(totals[index] ?? null),
    }));
    return [{ assignment: { ...named, points_possible: 100 }, submissions }];
  });
}

function submissionOf(total: Total): Omit<Submission, "sis_user_id"> {
  if (total === null) return { graded: false };
  if (typeof total === "number") return { graded: true, score: total, posted: true };
  return { graded: true, posted: true, problem: total.problem };
}

const DIFFERENT =
  "The report has the student twice in this section, with different totals. End one of the two enrollments in Canvas.";
