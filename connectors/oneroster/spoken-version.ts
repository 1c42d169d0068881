/** Which version of the standard a SIS really speaks is seen from its users: 1.2 has roles in place of role and orgs. */
import { Failure } from "../../config/failure.ts";
import { listOf } from "./loose-values.ts";

export type OneRosterVersion = "1.1" | "1.2";

/** Undefined where the users do not tell: none at all, some of either kind, or everything in each. */
export function versionOfUsers(users: readonly unknown[]): OneRosterVersion | undefined {
  const seen = new Set(users.map(versionOf));
  seen.delete(undefined);
  return seen.size === 1 ? [...seen][0] : undefined;
}

function versionOf(user: unknown): OneRosterVersion | undefined {
  if (typeof user !== "object" || user === null) return undefined;
  const { role, orgs, roles } = user as { role?: unknown; orgs?: unknown; roles?: unknown };
  const isOld = role != null || listOf(orgs).length > 0;
  const isNew = listOf(roles).length > 0;
  if (isOld === isNew) return undefined;
  return isNew ? "1.2" : "1.1";
}

/**
 * Whoever takes a SIS for the other version sends it grades that it refuses, and may have met another set of ids.
 * @param request what was asked, in words
 * @param speaks what the users of a page look like
 * @throws Failure source.version
 */
export function demandVersion(
  request: string,
  speaks: OneRosterVersion | undefined,
  configured: OneRosterVersion,
): void {
  if (speaks === undefined || speaks === configured) return;
  const [has, lacks] = speaks === "1.2" ? ["roles", "role and orgs"] : ["role and orgs", "roles"];
  throw new Failure(
    "source.version",
    `${request} gave users with ${has} and without ${lacks}: that is OneRoster ${speaks}, and source.version is ${configured}`,
    {
      hint: `Set source.version: "${speaks}", or source.url to the SIS's address of OneRoster ${configured}. The versions may give the same person different ids: if nights have been delivered before, read \`rosterbridge plan\` before the next one.`,
    },
  );
}
