/** Which schools a district's roster is read for. */
import { Failure } from "../../config/failure.ts";
import type { OrgBrief } from "./tally.ts";

const MOST_NAMED = 10;

/**
 * sourcedIds of the schools that are configured, or else of all that the SIS has.
 * @throws Failure source.unknown-school when the SIS does not have one that is configured
 */
export function schoolsToRead(configured: readonly string[], orgs: OrgBrief[]): string[] {
  const there = new Map(orgs.filter((org) => !org.gone).map((org) => [org.sourcedId, org.type]));
  const all = [...there].filter(([, type]) => type === "school").map(([id]) => id);
  const unknown = configured.filter((id) => !there.has(id));
  if (unknown.length > 0) {
    throw new Failure("source.unknown-school", `The SIS has no school with the sourcedId ${named(unknown)}`, {
      hint: `Check source.schools. The SIS has ${all.length === 0 ? "none at all" : named(all)}.`,
    });
  }
  return configured.length > 0 ? [...new Set(configured)] : all;
}

function named(ids: string[]): string {
  const more = ids.length - MOST_NAMED;
  return ids.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
