/** A plan as JSON. */
import type { Compared } from "../../connectors/store/roster/compared.ts";
import type { Verdict } from "../night/guard.ts";
import { type PlanFacts, type ToldChange, withoutNames } from "./facts.ts";

export interface PlanReport extends Omit<Compared, "baseline"> {
  run: string;
  /** null: no night has been delivered yet, or none that can be compared with. */
  baseline: Compared["baseline"] | null;
  /** `held`: whether `roster` would wait for a person. */
  guard: Verdict & { held: boolean };
  /** The first of changes.csv; before and after are null where they may be personal. */
  changes: ToldChange[];
  changesFile: string;
}

export function planReport({ run, compared, guard, changes, changesFile }: PlanFacts): PlanReport {
  const { baseline = null, files, schools, moved, dates, renamed } = compared;
  const { violations, causes } = guard;
  return {
    run,
    baseline,
    files,
    schools,
    moved,
    dates,
    renamed,
    guard: { held: violations.length > 0, violations, causes },
    changes: changes.first.map(withoutNames),
    changesFile,
  };
}
