/** The orgs that a user is of on a day: OneRoster 1.2 gives each role its time. */
import type { User, UserRole } from "../connectors/oneroster/records.ts";
import { lastDay } from "./days.ts";
import type { DayRules } from "./terms.ts";

export interface OrgRules extends Pick<DayRules, "endDates"> {
  /** YYYY-MM-DD, in the time zone of the institution. */
  today: string;
}

/** Not those in which every role is over or has not begun; an org without a role there is not bound to any time. */
export function currentOrgs({ orgs, roles }: Pick<User, "orgs" | "roles">, rules: OrgRules): string[] {
  if (roles.every(({ beginDate, endDate }) => beginDate === undefined && endDate === undefined)) return orgs;
  return orgs.filter((org) => {
    const held = roles.filter((role) => role.org === org);
    return held.length === 0 || held.some((role) => isCurrentRole(role, rules));
  });
}

export function isCurrentRole({ beginDate, endDate }: UserRole, { today, endDates }: OrgRules): boolean {
  if (beginDate !== undefined && beginDate > today) return false;
  return endDate === undefined || lastDay(endDate, endDates) >= today;
}
