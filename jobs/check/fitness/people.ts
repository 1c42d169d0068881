/** Users as Canvas would get them. Pure. */
import type { RosterConfig } from "../../../config/schema.ts";
import type { User } from "../../../connectors/oneroster/records.ts";
import { userField } from "../../../mappers/user-fields.ts";
import { type Doubt, doubt } from "./doubt.ts";

export function peopleDoubts(users: readonly User[], rules: RosterConfig["users"]): Doubt[] {
  const lacking = (field: string) => users.filter((user) => userField(user, field) === undefined);
  const nameless = users.filter(({ givenName, familyName }) => !givenName?.trim() && !familyName?.trim());
  const halfNamed = users.filter(({ givenName, familyName }) => !givenName?.trim() !== !familyName?.trim());
  return [
    doubt(
      "users",
      `have no id (${rules.id}, see roster.users.id)`,
      lacking(rules.id),
      users.length,
      LEFT_OUT,
    ),
    doubt(
      "users",
      `have no login (${rules.login}, see roster.users.login)`,
      lacking(rules.login),
      users.length,
      LEFT_OUT,
    ),
    doubt("users", "have the id of another user", twice(users, rules.id), users.length, TWICE),
    doubt(
      "users",
      "have the login of another user, in any case of its letters",
      twice(users, rules.login),
      users.length,
      TWICE,
    ),
    doubt("users", "have no name at all", nameless, users.length, NAMES),
    doubt("users", "have only one of givenName and familyName", halfNamed, users.length, NAMES),
    doubt(
      "users",
      "have no email address, so that Canvas sends them no notifications",
      lacking("email"),
      users.length,
      "",
    ),
  ].flat();
}

const LEFT_OUT =
  "Such users, and their enrollments, are left out of a night. Have the field filled in the SIS, or choose another one in the config.";
const TWICE =
  "Canvas takes only one of them. Have the SIS give each person a value of their own, or choose another field in the config.";
const NAMES = "Canvas shows the login of a user without a name. Have the names filled in the SIS.";

/** All but the first of those that share one. */
function twice(users: readonly User[], field: string): User[] {
  const owners = new Set<string>();
  return users.filter((user) => {
    const value = userField(user, field)?.toLowerCase();
    if (value === undefined) return false;
    if (owners.has(value)) return true;
    owners.add(value);
    return false;
  });
}
