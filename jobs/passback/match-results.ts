/** What becomes of the results of one assignment in a class, by the ledger alone. Pure but for what the mapping is given. */
import type { AssignmentGrades, Submission } from "../../connectors/canvas/records.ts";
import type { LedgerResult } from "../../connectors/store/ledger.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";
import { type ClassMapping, digestOf, type MappedResult, scoreIn } from "./class-mapping.ts";
import type { LineItemStep, ResultStep } from "./plan.ts";
import { decideResult, isMissingAlone } from "./result-decisions.ts";
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

/** @param entries what the ledger has of the line item's results, by student */
export function matchResults(
  { assignment, submissions }: AssignmentGrades,
  step: LineItemStep,
  entries: ReadonlyMap<string, LedgerResult> | undefined,
  mapping: Pick<ClassMapping, "result">,
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
    if (mapped.kind === "cleared") {
      takenBack(mapped, entry);
    } else if (mapped.kind === "skip") {
      rows.push(resultRow(step, student, null, mapped.score, "skipped", mapped.why));
    } else if (mapped.kind === "send") {
      decide(mapped, entry);
    } else if (isMissingAlone(entry, mapped.digest)) {
      decide({ ...mapped, givesWay: true }, entry);
    } else {
      // A score that was sent, and is none any more, is taken back, whatever else Canvas says of the work.
      takenBack({ student, body: () => mapped.body }, entry);
    }
  }

  /** A score that was sent, and is no more. What was never sent needs no taking back. */
  function takenBack(
    { student, body: bodyOf }: Pick<Extract<MappedResult, { kind: "cleared" }>, "student" | "body">,
    entry: LedgerResult | undefined,
  ): void {
    if (entry === undefined || step.isNew) return;
    const { sourcedId } = entry;
    if (rules.whenCleared === "keep") {
      rows.push(resultRow(step, student, sourcedId, "", "unchanged", KEPT));
      return;
    }
    const body = bodyOf();
    const cleared = { student, body, digest: digestOf(body), score: scoreIn(body) };
    if (rules.whenCleared === "clear") {
      decide(cleared, entry);
      return;
    }
    results.push({
      assignment: assignment.id,
      ...cleared,
      sourcedId,
      look: sourcedId === null,
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
    }: Pick<ResultStep, "student" | "body" | "digest" | "score" | "givesWay">,
    entry: LedgerResult | undefined,
  ): void {
    const decision = decideResult(entry, digest, remaster, step.isNew);
    if (decision.kind === "unchanged") {
      rows.push(resultRow(step, student, entry?.sourcedId ?? null, score, "unchanged"));
      return;
    }
    const { sourcedId, look } = decision;
    const yields = givesWay === undefined ? {} : { givesWay };
    results.push({
      assignment: assignment.id,
      student,
      body,
      digest,
      score,
      sourcedId,
      look,
      action: "put",
      ...yields,
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

const KEPT = because("taken back in Canvas; the SIS keeps what was sent (whenCleared: keep)");
