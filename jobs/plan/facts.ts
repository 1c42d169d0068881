/** What a plan is told from, and which of it may be told. */
import type { Config } from "../../config/schema.ts";
import type { Compared } from "../../connectors/store/roster/compared.ts";
import type { Change, Changes } from "../../connectors/store/roster/read-changes.ts";
import type { Verdict } from "../night/guard.ts";
import type { Policies } from "../night/wording.ts";

export interface PlanFacts {
  run: string;
  /** Its name. */
  institution: string;
  /** The run's. */
  folder: string;
  changesFile: string;
  compared: Compared;
  guard: Verdict;
  missing: Policies;
  /** The institution's. */
  timezone: string;
  repeatMissingNights: number;
  /** `delivery.mode`. */
  mode: Config["delivery"]["mode"];
  changes: Changes;
  /** Records that the SIS sent and that are unfit. */
  rejected: number;
}

/** Columns that hold ids, states and times; every other may hold what a person is called, or is reached by. */
const IMPERSONAL = /^(?!login_id$|integration_id$)(?:\w+_id|status|role|\w+_date)$/;

/** The change, with the values of names, logins and addresses left out: those are in changes.csv alone. */
export function withoutNames({ before, after, ...rest }: Change): ToldChange {
  return IMPERSONAL.test(rest.column) ? { ...rest, before, after } : { ...rest, before: null, after: null };
}

export type ToldChange = Omit<Change, "before" | "after"> & { before: string | null; after: string | null };
