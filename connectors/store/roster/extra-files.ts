/** Files that are there only when the configuration asks for them, and what becomes of their rows that are gone. */
import type { MissingRules } from "./missing.ts";
import type { CoreFile, ExtraFile, RosterFile } from "./settle.ts";

/**
 * There is nothing to choose: Canvas cannot take a login away again by the file that gave it; a link that has ended is a person who may see no more of a student, and a section whose
 * cross-listing has ended belongs into its own course again; an admin whose role has ended may do no more.
 */
const POLICIES: Record<ExtraFile, "delete" | "keep"> = {
  xlists: "delete",
  logins: "keep",
  admins: "delete",
  user_observers: "delete",
};

export function isExtra(file: RosterFile): file is ExtraFile {
  return file in POLICIES;
}

/** What becomes of a file's rows that were delivered and are gone. */
export function policyOf(
  file: RosterFile,
  missing: MissingRules["missing"],
): MissingRules["missing"][CoreFile] {
  return isExtra(file) ? POLICIES[file] : missing[file];
}
