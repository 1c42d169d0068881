/** One class's graded work as what the SIS is to hold: line items, results, or why not. Pure but for what it is given. */
import type { Assignment, SectionGrades, Submission } from "../../connectors/canvas/records.ts";
import type { GroundSection, RosterGround } from "../../connectors/store/ground.ts";
import { type Category, type CategoryAnswer, chooseCategory } from "../../mappers/categories.ts";
import { digestInput } from "../../mappers/digest.ts";
import type { Body, GradebookContext, GradesConfig } from "../../mappers/gradebook-body.ts";
import { gradingPeriodOf, type GradingSession } from "../../mappers/grading-periods.ts";
import { mapLineItem, wantedTitle } from "../../mappers/line-items.ts";
import { clearedResult, mapResult, type ResultInput, unscoredResults } from "../../mappers/results.ts";
import { titlesOf } from "../../mappers/titles.ts";
import { digestText } from "./identity.ts";
import { because, problem, type Why } from "./rows.ts";

export interface LineItemCandidate {
  title: string;
  dueDate: string;
  body: Body;
  digest: string;
  /** Our own choice of category, whatever somebody made of it in the SIS. */
  remember: string | null;
}

export interface MappingPorts {
  rules: GradesConfig;
  context: GradebookContext;
  ground: RosterGround;
  /** Of the class, and those of all classes. */
  categories: readonly Category[];
  sessions: readonly GradingSession[];
  /** Whether a session's endDate is its last day, or the day after it. */
  endDates: "inclusive" | "exclusive";
}

export interface SisCategory {
  /** Of the line item as the SIS holds it; undefined: not asked. */
  present: string | null | undefined;
  /** Our own choice of the last time; undefined where that is not known. */
  remembered: string | null | undefined;
}

export interface ClassMapping {
  titles: ReadonlyMap<string, string>;
  lineItem(assignment: Assignment, sis?: SisCategory): { candidate: LineItemCandidate } | { why: Why };
  /** @param dueDate of its line item, where it has one */
  result(assignment: Assignment, submission: Submission, dueDate?: string): MappedResult;
  /** Digests of what was sent of the same work while it was missing, and while it was excused. */
  unscored(assignment: Assignment, submission: Submission, dueDate?: string): UnscoredDigests;
}

export interface UnscoredDigests {
  missing: string;
  excused: string;
}

export type MappedResult =
  | { kind: "send"; student: string; body: Body; digest: string; score: string }
  /** Not handed in, and not graded. */
  | { kind: "missing"; student: string; body: Body; digest: string; score: string }
  /** Nothing is graded (any more); `body` overwrites what may have been sent. */
  | { kind: "cleared"; student: string; body: () => Body }
  /** There is nothing of this student's. */
  | { kind: "nothing" }
  | { kind: "skip"; student: string; score: string; why: Why };

export function mapClass(grades: SectionGrades, place: GroundSection, ports: MappingPorts): ClassMapping {
  const { section, course } = grades;
  const { rules, context, ground } = ports;
  const { classId, schoolId, end_date, section_id } = place;
  const classGround = { classId, schoolId, end_date };
  const titles = titlesOf(
    grades.assignments.map(({ assignment }) => ({
      id: assignment.id,
      name: wantedTitle({ assignment, section, course, ground: classGround }, rules),
    })),
    rules.lineItem.titleMaxLength,
  );

  return {
    titles,
    lineItem(assignment, sis) {
      const answer = choose(assignment, sis);
      const title = titles.get(assignment.id) ?? assignment.name;
      const mapped = mapLineItem(
        {
          assignment,
          section,
          course,
          ground: classGround,
          title,
          category: answer.category ?? null,
          gradingPeriod: gradingPeriod(assignment),
        },
        rules,
        context,
      );
      // What the instructor can mend in Canvas is told before what the SIS lacks.
      if (mapped.skip !== undefined) return { why: problem(mapped.skip) };
      if (answer.error !== undefined) return { why: problem(answer.error) };
      const { lineItem: body, dueDate } = mapped;
      return {
        candidate: { title, dueDate, body, digest: digestOf(body), remember: answer.remember },
      };
    },

    result(assignment, submission, dueDate) {
      const user = submission.sis_user_id;
      const student = studentOf(submission);
      const input = inputOf(assignment, submission, dueDate);
      const skip = (why: Why): MappedResult => ({
        kind: "skip",
        student: student ?? user ?? submission.user_id ?? "",
        score: scoreOf(submission),
        why,
      });

      if (submission.problem !== undefined) return skip(problem(submission.problem));
      const mapped = mapResult(input, rules, context);
      if (mapped.kind === "skip") return skip(because(mapped.reason));
      const isHere = user !== null && ground.sectionsOf(user).includes(section_id);
      if (mapped.kind === "cleared" || mapped.kind === "missing") {
        if (student === undefined || !isHere) return { kind: "nothing" };
        if (mapped.kind === "missing") {
          const { result: body } = mapped;
          return { kind: "missing", student, body, digest: digestOf(body), score: scoreIn(body) };
        }
        return { kind: "cleared", student, body: () => clearedResult(input, rules, context) };
      }
      if (user === null) return skip(NO_SIS_ID);
      if (student === undefined) return skip(UNKNOWN_STUDENT);
      if (!isHere) return skip(NOT_IN_CLASS);
      const body = mapped.result;
      return { kind: "send", student, body, digest: digestOf(body), score: scoreIn(body) };
    },

    unscored(assignment, submission, dueDate) {
      const input = inputOf(assignment, submission, dueDate);
      const { missing, excused } = unscoredResults(input, rules, context);
      return { missing: digestOf(missing), excused: digestOf(excused) };
    },
  };

  function studentOf({ sis_user_id: user }: Submission): string | undefined {
    return user === null ? undefined : ground.student(user);
  }

  function inputOf(assignment: Assignment, submission: Submission, dueDate: string | undefined): ResultInput {
    const studentId = studentOf(submission) ?? "";
    const known = { submission, assignment, section, course, classId, studentId };
    return dueDate === undefined ? known : { ...known, dueDate };
  }

  function choose(assignment: Assignment, sis: SisCategory | undefined): CategoryAnswer {
    const question = {
      group: hasNoGroup(assignment) ? null : assignment.assignment_group?.name,
      categories: ports.categories,
      classId,
      present: sis?.present,
      remembered: sis?.remembered,
    };
    return chooseCategory(question, rules);
  }

  function gradingPeriod(assignment: Assignment): string | null | undefined {
    if (rules.gradingPeriod === "omit") return undefined;
    if (rules.gradingPeriod === "null") return null;
    return gradingPeriodOf(
      assignment.due_at ?? end_date,
      ports.sessions,
      place.term_id,
      context.timezone,
      ports.endDates,
    );
  }
}

/** Totals belong to none; of other work it depends on what the source knows. */
export function hasNoGroup({ kind, group_unknown }: Assignment): boolean {
  return kind !== "assignment" || group_unknown === true;
}

const NO_SIS_ID = because("the student has no SIS id in Canvas, so the SIS knows no such student");
const UNKNOWN_STUDENT = problem(
  "the student is not in the last delivered roster",
  "The next night of `rosterbridge roster` brings new students; somebody who was added in Canvas by hand is not in the SIS.",
);
const NOT_IN_CLASS = because(
  "the student is not enrolled in this class any more, says the last delivered roster",
);

export function digestOf(body: Body): string {
  return digestText(digestInput(body));
}

function scoreOf({ score, excused }: Submission): string {
  if (score !== undefined) return String(score);
  return excused === true ? "EX" : "";
}

export function scoreIn(body: Body): string {
  const { score } = body;
  if (typeof score === "number") return String(score);
  return body["scoreStatus"] === "exempt" ? "EX" : "";
}
