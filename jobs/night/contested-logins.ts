/** Rows whose login somebody else may still have in Canvas: what it means, and what to do. */
import type { Contested } from "../../connectors/store/roster/contested.ts";
import type { Run } from "../run/run.ts";

const REASON =
  "in Canvas, as far as is known, somebody else still has this, whom tonight's package does not give another; Canvas then " +
  "refuses the row. Is it one person under a new id? Import a change_sis_id.csv, best before this night. Else somebody must " +
  "take it from the other in Canvas. See docs/evaluate.md, Logins that somebody else has";

/** Puts them among the warnings of the run, in place of those of an earlier try. */
export function warnOfContested(run: Run, contested: readonly Contested[]): void {
  const others = run.manifest.warnings.filter(({ reason }) => reason !== REASON);
  const entries = contested.map(({ type, field, rows, examples }) => ({
    ...{ type, field, reason: REASON, count: rows },
    examples: examples.map(({ user_id, holder }) => `${user_id} (in Canvas ${holder})`),
  }));
  run.manifest.warnings = [...others, ...entries];
  for (const { type, field, count } of entries) {
    // Without examples: an id may be a login or an address (roster.users.id).
    run.log.warn(
      { stage: "check", type, field, count },
      `check: ${count.toLocaleString("en")} ${type}: ${field}: ${REASON}; which ones is among the warnings of \`rosterbridge show\``,
    );
  }
}
