/** User → further names to sign in with. */
import type { User } from "../connectors/oneroster/records.ts";
import { userField } from "./user-fields.ts";
import { isPrintable } from "./users.ts";

/**
 * `field, value, field, value …` of the fields that have a value which Canvas takes as a login. Which of them the user
 * has already, or somebody else, is for others to say.
 */
export function loginPairs(user: User, fields: readonly string[]): string[] {
  return fields.flatMap((field) => {
    const login = userField(user, field);
    return login === undefined || !isPrintable(login) ? [] : [field, login];
  });
}
