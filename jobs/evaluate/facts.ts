/** What an evaluation is told from. */
import type { ReportKind } from "../../connectors/canvas/sis-report/columns.ts";
import type { Evaluation } from "../../connectors/store/evaluate/evaluate.ts";
import type { Result } from "../../connectors/store/evaluate/matching.ts";
import type { EvaluatedType } from "../../connectors/store/evaluate/tables.ts";

export interface EvaluationFacts extends Evaluation {
  run: string;
  /** Its name. */
  institution: string;
  /** The evaluation's. */
  folder: string;
  report: {
    /** YYYY-MM-DD, where the names of its files say it. */
    day: string | undefined;
    files: { type: ReportKind; name: string; rows: number }[];
    others: string[];
  };
  /** YYYY-MM-DD, in the institution's time zone. */
  today: string;
  /** `roster.users`. */
  users: { id: string; login: string };
}

/** How many of tonight's rows of a type came to these results. */
export function resultOf({ types }: EvaluationFacts, type: EvaluatedType, ...results: Result[]): number {
  return results.reduce((all, result) => all + (types[type]?.results[result] ?? 0), 0);
}

/** The same of all types that have ids of their own. */
export function resultOfAll(facts: EvaluationFacts, ...results: Result[]): number {
  return facts.reported
    .filter((type) => type !== "enrollments")
    .reduce((all, type) => all + resultOf(facts, type, ...results), 0);
}
