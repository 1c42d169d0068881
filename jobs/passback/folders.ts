/** Where a grades run keeps what, inside its run folder; and the ledger, which outlives every run. */
import { join } from "node:path";

export interface PassbackFolders {
  /** What Canvas said. */
  snapshot: string;
  /** What is to be sent, class by class. */
  plans: string;
  /** What was decided besides: counts, and how many bytes of grades.csv are of the stage match. */
  decided: string;
  /** What became of what was to be sent, class by class. */
  posted: string;
  /** Every line item and result, and its outcome. */
  grades: string;
  /** A page for each course, for its instructor. */
  courses: string;
  /** Exports that were picked up from a gateway. */
  fetched: string;
  /** Room for what does not fit in memory. */
  spill: string;
}

export function passbackFolders(folder: string): PassbackFolders {
  return {
    snapshot: join(folder, "snapshot"),
    plans: join(folder, "match", "plans.json.zst"),
    decided: join(folder, "match", "decided.json"),
    posted: join(folder, "match", "posted.ndjson"),
    grades: join(folder, "grades.csv"),
    courses: join(folder, "courses"),
    fetched: join(folder, "fetched"),
    spill: join(folder, "spill"),
  };
}

export function ledgerFile(state: string, institution: string): string {
  return join(state, `${institution}-ledger.sqlite`);
}
