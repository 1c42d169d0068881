/**
 * What the standard asks of rows of CSV files, where that is not what it asks of REST. Source: OneRoster 1.1 CSV tables;
 * OneRoster 1.2 CSV binding.
 */
import { type RecordRules, rulesOf } from "../probe/standard.ts";
import type { RecordType } from "../records.ts";
import { columnsOf, type CsvVersion } from "./tables.ts";

/** A complete file leaves the time blank, and only 1.2's REST has an identifier for every org. */
const NOT_REQUIRED: readonly string[] = ["dateLastModified", "identifier"];

/** What users of 1.2 have in files of their own. */
const IN_FILES: Readonly<Record<string, string>> = {
  roles: "a row in roles.csv",
  userProfiles: "a row in userProfiles.csv",
};

/** For records as the rows become them. */
export function csvRulesOf(type: RecordType, version: CsvVersion): RecordRules {
  const rules = rulesOf(type, version);
  const columns = new Map(columnsOf(type, version).map(({ member, name }) => [member, name]));
  const isThere = (member: string) => columns.has(member) || member in IN_FILES;
  return {
    ...rules,
    required: rules.required.filter((member) => !NOT_REQUIRED.includes(member)),
    optional: rules.optional.filter(isThere),
    booleans: "text",
    hasHrefs: false,
    places: "columns",
    nameOf: (member) => columns.get(member) ?? IN_FILES[member] ?? member,
  };
}
