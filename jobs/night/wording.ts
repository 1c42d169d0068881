/** Numbers, schools and what becomes of rows, in the words that the guards and `plan` share. */
import type { RosterConfig } from "../../config/schema.ts";
import type { Compared, FileChange } from "../../connectors/store/roster/compared.ts";
import { policyOf } from "../../connectors/store/roster/extra-files.ts";
import type { CoreFile, RosterFile } from "../../connectors/store/roster/settle.ts";

export type Policies = RosterConfig["missing"];

/** What each policy of `roster.missing` does to a row, before (`would …`) and in the package. */
const FATES: Record<Policies[CoreFile], { would: string; sent: string }> = {
  delete: { would: "be deleted", sent: "sent as deleted" },
  suspend: { would: "be suspended", sent: "sent as suspended" },
  complete: { would: "be completed", sent: "sent as completed" },
  inactivate: { would: "be made inactive", sent: "sent as inactive" },
  keep: { would: "no longer be sent", sent: "left in Canvas as it is" },
};

export function fateOf(file: RosterFile, missing: Policies): { would: string; sent: string } {
  return FATES[policyOf(file, missing)];
}

/** The files of a comparison, in Canvas's order. */
export function fileChanges(files: Compared["files"]): [RosterFile, FileChange][] {
  return Object.entries(files) as [RosterFile, FileChange][];
}

/** `1,234`. */
export function grouped(value: number): string {
  return value.toLocaleString("en");
}

/** `1 user`, `1,234 users`; the name of every file is its rows' plural. */
export function count(rows: number, file: string): string {
  const words = file.replaceAll("_", " ");
  return `${grouped(rows)} ${rows === 1 ? words.slice(0, -1) : words}`;
}

export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

/** As a SIS named it, but on one line; a name must not paint on somebody's terminal. */
export function schoolName(school: { account_id: string; name: string }): string {
  const name = oneLine(school.name === "" ? school.account_id : school.name);
  return name === "" ? "the district (no school)" : name;
}

/** The same with its id, to look it up in the SIS. */
export function schoolWithId(school: { account_id: string; name: string }): string {
  const name = schoolName(school);
  return school.account_id === "" || name === school.account_id ? name : `${name} (${school.account_id})`;
}

/**
 * `93 %`, rounded down: 100 % means all. With as many decimals as it takes to be seen to be over the limit, for
 * "10 %, limit 10 %" explains nothing.
 */
export function percentOf(part: number, whole: number, limit = -1): string {
  const exact = (100 * part) / whole;
  for (let decimals = 0; decimals < 6; decimals++) {
    const shown = Math.floor(exact * 10 ** decimals) / 10 ** decimals;
    if (shown > limit) return `${shown} %`;
  }
  return `${exact} %`;
}
