/** The rows of grades.csv: every line item and result of a run, its outcome, and the SIS's own words. */
import { csvLine } from "../../connectors/store/csv.ts";

export const GRADES_COLUMNS = [
  "course",
  "class",
  "assignment",
  "title",
  "student",
  "record",
  "sourcedId",
  "outcome",
  "score",
  "reason",
  "sis_message",
  "hint",
] as const;

/** `unknown`: it may have arrived or not; the next run looks. `removed`: taken out of the SIS. */
export type Outcome = "sent" | "unchanged" | "skipped" | "refused" | "unknown" | "removed" | "would-send";

export interface Row {
  record: "lineItem" | "result";
  assignment: string;
  title: string;
  /** sourcedId of the student, or else the id that Canvas gave; "" of a line item. */
  student: string;
  sourcedId: string;
  outcome: Outcome;
  score: string;
  /** One sentence, the same for all rows of one cause. */
  reason: string;
  /** The SIS's own words. */
  sisMessage: string;
  hint: string;
  /** A person must do something, or this never arrives. */
  isProblem: boolean;
}

/** Whose rows they are: the course's and the class's ids, or, where Canvas has none, its names. */
export interface RowPlace {
  course: string;
  class: string;
}

export const HEADER = csvLine(GRADES_COLUMNS);

export function rowLine(place: RowPlace, row: Row): string {
  const { student, record, sourcedId, outcome, score, reason, sisMessage, hint } = row;
  const what = beginning(place, row);
  // Of a million rows most say nothing but that all is well: there are three cells to look at.
  if (reason === "" && sisMessage === "" && hint === "" && !NEEDS_CARE.test(student + sourcedId + score)) {
    return `${what}${student},${record},${sourcedId},${outcome},${score},,,\n`;
  }
  return what + csvLine([student, record, sourcedId, outcome, score, reason, sisMessage, hint]);
}

/** The cells that all rows of an assignment in a class share; they come one after the other. */
let last: { course: string; class: string; assignment: string; title: string; text: string } | undefined;

function beginning(place: RowPlace, { assignment, title }: Row): string {
  if (
    last?.assignment !== assignment ||
    last.title !== title ||
    last.class !== place.class ||
    last.course !== place.course
  ) {
    const line = csvLine([place.course, place.class, assignment, title]);
    last = { course: place.course, class: place.class, assignment, title, text: `${line.slice(0, -1)},` };
  }
  return last.text;
}

const NEEDS_CARE = /[",\r\n]/;

/** Why something is as it is: the words of a row, and whether they are a problem. */
export interface Why {
  reason: string;
  sisMessage?: string;
  hint?: string;
  isProblem: boolean;
}

/** Nobody has to do anything about it. */
export function because(reason: string): Why {
  return { reason, isProblem: false };
}

/** Somebody has to do something about it. */
export function problem(reason: string, hint = "", sisMessage = ""): Why {
  return { reason, hint, sisMessage, isProblem: true };
}

export type RowSubject = Pick<Row, "record" | "assignment" | "title" | "student"> & {
  sourcedId?: string | null;
  score?: string;
};

export function row(subject: RowSubject, outcome: Outcome, why: Why = because("")): Row {
  return {
    record: subject.record,
    assignment: subject.assignment,
    title: subject.title,
    student: subject.student,
    sourcedId: subject.sourcedId ?? "",
    outcome,
    score: subject.score ?? "",
    reason: why.reason,
    sisMessage: why.sisMessage ?? "",
    hint: why.hint ?? "",
    isProblem: why.isProblem,
  };
}
