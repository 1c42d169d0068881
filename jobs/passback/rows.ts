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
  const cells = [
    place.course,
    place.class,
    row.assignment,
    row.title,
    row.student,
    row.record,
    row.sourcedId,
    row.outcome,
    row.score,
    row.reason,
    row.sisMessage,
    row.hint,
  ];
  // One look at the whole line: of a million rows few need quotes.
  const plain = cells.join(SEPARATOR);
  return NEEDS_CARE.test(plain) ? csvLine(cells) : `${plain.replaceAll(SEPARATOR, ",")}\n`;
}

const SEPARATOR = "\u001f";
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

type RowSubject = Pick<Row, "record" | "assignment" | "title" | "student"> & {
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
