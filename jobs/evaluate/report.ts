/** An evaluation as JSON. */
import type { Evaluation } from "../../connectors/store/evaluate/evaluate.ts";
import { doubts, headline, meaning, steps, type Verdict, verdictOf } from "./advice.ts";
import type { EvaluationFacts } from "./facts.ts";
import { type Proposal, proposalOf } from "./proposal.ts";

export interface EvaluationReport extends Omit<Evaluation, "reported" | "files"> {
  run: string;
  verdict: Verdict;
  headline: string;
  report: { day: string | null; files: EvaluationFacts["report"]["files"] };
  /** Which fields to configure; null where the report has no users. */
  proposals: { id: Proposal | null; login: Proposal | null };
  doubts: string[];
  meaning: string[];
  steps: string[];
  /** null: there is none, as there is nothing for it to say. */
  files: {
    changes: string | null;
    matches: string;
    leftBehind: string;
    claims: string | null;
    folder: string;
  };
}

export function evaluationReport(facts: EvaluationFacts): EvaluationReport {
  const { run, report, types, examples, schools, ids, logins, claims, takeovers, changes, dangling } = facts;
  const { files, folder } = facts;
  return {
    run,
    verdict: verdictOf(facts),
    headline: headline(facts),
    report: { day: report.day ?? null, files: report.files },
    types,
    examples,
    schools,
    ids,
    logins,
    proposals: { id: proposalOf(facts, "id") ?? null, login: proposalOf(facts, "login") ?? null },
    claims,
    takeovers,
    changes,
    dangling,
    doubts: doubts(facts),
    meaning: meaning(facts),
    steps: steps(facts),
    files: { ...files, changes: files.changes ?? null, claims: files.claims ?? null, folder },
  };
}
