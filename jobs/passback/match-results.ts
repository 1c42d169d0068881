/** What becomes of the results of one assignment in a class, by the ledger alone. Pure but for what the mapping is given. */
import type { AssignmentGrades, Submission } from "../../connectors/canvas/records.ts";
import type { LedgerResult } from "../../connectors/store/ledger.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";
import {
  type ClassMapping,
  digestOf,
  type MappedResult,
  scoreIn,
  type UnscoredDigests,
} from "./class-mapping.ts";
import type { LineItemStep, ResultStep } from "./plan.ts";
import { decideResult, isMissingAlone, statusSent } from "./result-decisions.ts";
import { because, type Outcome, row, type Row, type Why } from "./rows.ts";

export interface ResultRules {
  rules: Pick<GradesConfig, "whenCleared">;
  remaster: boolean;
}

export interface MatchedResults {
  /** What is decided already. */
  rows: Row[];
  /** What is to be sent. */
  results: ResultStep[];
}

type TakenBack = Pick<Extract<MappedResult, { kind: "cleared" }>, "student" | "body"> &
  Pick<ResultStep, "takesBack">;

/** @param entries what the ledger has of the line item's results, by student */
export function matchResults(
  { assignment, submissions }: AssignmentGrades,
  step: LineItemStep,
  entries: ReadonlyMap<string, LedgerResult> | undefined,
  mapping: Pick<ClassMapping, "result" | "unscored">,
  { rules, remaster }: ResultRules,
): MatchedResults {
  const rows: Row[] = [];
  const results: ResultStep[] = [];
  for (const submission of submissions) decideSubmission(submission);
  return { rows, results };

  function decideSubmission(submission: Submission): void {
    const mapped = mapping.result(assignment, submission, step.dueDate);
    if (mapped.kind === "nothing") return;
    const { student } = mapped;
    const entry = entries?.get(student);
    const unscored = () => statusSent(entry, () => mapping.unscored(assignment, submission, step.dueDate));
    if (mapped.kind === "cleared") {
      takenBack({ ...mapped, takesBack: true }, entry, unscored());
    } else if (mapped.kind === "skip") {
      rows.push(resultRow(step, student, null, mapped.score, "skipped", mapped.why));
    } else if (mapped.kind === "send") {
      decide(mapped, entry);
    } else if (isMissingAlone(entry, mapped.digest) || unscored() !== undefined) {
      decide({ ...mapped, givesWay: true }, entry);
    } else {
      // A score that was sent, and is none any more, is taken back, whatever else Canvas says of the work.
      takenBack({ student, body: () => mapped.body }, entry, undefined);
    }
  }

  /**
   * A score that was sent, and is no more; or a status. What was never sent needs no taking back.
   * @param status all that was sent, where that was no score: then one that the SIS has is somebody else's, and stays
   */
  function takenBack(
    { student, body: bodyOf, takesBack }: TakenBack,
    entry: LedgerResult | undefined,
    status: keyof UnscoredDigests | undefined,
  ): void {
    if (entry === undefined || step.isNew) return;
    const { sourcedId } = entry;
    // Refused, or not there any more when it was sent last: as far as is known the SIS has nothing of it.
    const isUnsure = entry.confirmed === null && entry.intended === null;
    if (rules.whenCleared === "keep") {
      if (isUnsure) return;
      const why = status === undefined ? KEPT : KEPT_STATUS[status];
      rows.push(resultRow(step, student, sourcedId, "", "unchanged", why));
      return;
    }
    const body = bodyOf();
    const yields = status === undefined ? {} : { givesWay: true as const };
    const isOverwriting = takesBack === undefined ? {} : { takesBack };
    const cleared = {
      ...{ student, body, digest: digestOf(body), score: scoreIn(body) },
      ...yields,
      ...isOverwriting,
    };
    if (rules.whenCleared === "clear") {
      decide(cleared, entry);
      return;
    }
    results.push({
      assignment: assignment.id,
      ...cleared,
      sourcedId,
      look: sourcedId === null || status !== undefined || isUnsure,
      action: "remove",
    });
  }

  function decide(
    {
      student,
      body,
      digest,
      score,
      givesWay,
      takesBack,
    }: Pick<ResultStep, "student" | "body" | "digest" | "score" | "givesWay" | "takesBack">,
    entry: LedgerResult | undefined,
  ): void {
    const decision = decideResult(entry, digest, remaster, step.isNew);
    if (decision.kind === "unchanged") {
      rows.push(resultRow(step, student, entry?.sourcedId ?? null, score, "unchanged"));
      return;
    }
    const { sourcedId, look } = decision;
    const yields = givesWay === undefined ? {} : { givesWay };
    const isOverwriting = takesBack === undefined ? {} : { takesBack };
    results.push({
      assignment: assignment.id,
      student,
      body,
      digest,
      score,
      sourcedId,
      look: look || (givesWay === true && !step.isNew),
      action: "put",
      ...yields,
      ...isOverwriting,
    });
  }
}

function resultRow(
  { assignment, title }: LineItemStep,
  student: string,
  sourcedId: string | null,
  score: string,
  outcome: Outcome,
  why?: Why,
): Row {
  return row({ record: "result", assignment, title, student, sourcedId, score }, outcome, why);
}

const KEPT = because(
  "a grade, or a status, was taken back in Canvas; the SIS keeps what was sent (whenCleared: keep)",
);
const HINT =
  "The next grade in Canvas replaces it. Until then it can be changed in the SIS, or by whenCleared: clear or delete.";
const KEPT_STATUS: Record<keyof UnscoredDigests, Why> = {
  missing: {
    ...because(
      'not missing in Canvas any more, and not graded yet; the SIS keeps "not submitted" until it is',
    ),
    hint: HINT,
  },
  excused: {
    ...because('not excused in Canvas any more, and not graded yet; the SIS keeps "exempt" until it is'),
    hint: HINT,
  },
};
