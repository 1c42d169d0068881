/** Schools that stand out in a plan: those that lose the most first. */
import type { Compared, SchoolChange } from "../../connectors/store/roster/compared.ts";
import { grouped, percentOf, schoolWithId } from "../night/wording.ts";
import { inColumns, shortened } from "./columns.ts";

export function schoolLines({ schools }: Compared): string[] {
  const differing = schools.toSorted(
    (one, other) =>
      lost(other) - lost(one) || rest(other) - rest(one) || (keyOf(one) < keyOf(other) ? -1 : 1),
  );
  return shortened(differing, (some) =>
    inColumns(some.map((school) => [schoolWithId(school), school.file, schoolWords(school)])),
  );
}

function lost({ removed, suspended = 0 }: SchoolChange): number {
  return removed + suspended;
}

function schoolWords({ last, added, changed, suspended = 0, removed }: SchoolChange): string {
  return [
    removed > 0 ? `${grouped(removed)} of ${grouped(last)} removed (${percentOf(removed, last)})` : "",
    suspended > 0
      ? `${grouped(suspended)} of ${grouped(last)} suspended (${percentOf(suspended, last)})`
      : "",
    changed > suspended ? `${grouped(changed - suspended)} changed` : "",
    added > 0 ? `${grouped(added)} added` : "",
  ]
    .filter((words) => words !== "")
    .join(", ");
}

function rest({ added, changed }: SchoolChange): number {
  return added + changed;
}

function keyOf({ account_id, file }: SchoolChange): string {
  return JSON.stringify([account_id, file]);
}
