/** User → what the user can be to others: a student who is observed, a guardian who observes, or both. */
import type { User } from "../connectors/oneroster/records.ts";
import { isCurrentRole, type OrgRules } from "./user-orgs.ts";

/** Of the agents that a OneRoster user may have, those who may see what a student does. Source: OneRoster 1.1 §4.13.8. */
const OBSERVING = new Set(["guardian", "parent", "relative"]);
const OBSERVED = "student";

export type Part = "" | "student" | "observer" | "both";

/** By the roles that the user has today; neither for staff, also when they are agents of somebody. */
export function partOf({ roles }: Pick<User, "roles">, rules: OrgRules): Part {
  const words = roles
    .filter((role) => isCurrentRole(role, rules))
    .map(({ role }) => role.replace(/^ext:/, ""));
  const isObserved = words.includes(OBSERVED);
  const isObserving = words.some((word) => OBSERVING.has(word));
  if (isObserved) return isObserving ? "both" : "student";
  return isObserving ? "observer" : "";
}
