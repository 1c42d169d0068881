/** User → the orgs that the user administers in Canvas, and as what. */
import type { User } from "../connectors/oneroster/records.ts";
import { canvasRole } from "./roles.ts";
import { isCurrentRole, type OrgRules } from "./user-orgs.ts";

/**
 * Org and Canvas's role there, each pair once, of the roles that the user has today; the org is "" where a role names
 * none. Which orgs are accounts is for others to say.
 *
 * @param roles OneRoster role, in any case → Canvas account role
 */
export function adminRoles(
  user: Pick<User, "roles">,
  roles: Readonly<Record<string, string>>,
  rules: OrgRules,
): [org: string, role: string][] {
  const held = new Map<string, [org: string, role: string]>();
  for (const one of user.roles) {
    const role = canvasRole(one.role, roles);
    if (role !== undefined && isCurrentRole(one, rules)) {
      held.set(JSON.stringify([one.org, role]), [one.org, role]);
    }
  }
  return [...held.values()];
}
