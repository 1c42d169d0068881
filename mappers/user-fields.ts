/** The fields of a OneRoster user that can become an id or a login. */
import type { User } from "../connectors/oneroster/records.ts";

const USER_ID = "userIds.";
const METADATA = "metadata.";

/**
 * The value of `sourcedId | identifier | username | email | userIds.TYPE | metadata.NAME`, trimmed; undefined
 * when the SIS sent none. TYPE is compared without regard to case, and the first of several counts; NAME as
 * it is, dots included.
 */
export function userField(user: User, choice: string): string | undefined {
  return sent(user, choice)?.trim() || undefined;
}

function sent(user: User, choice: string): string | undefined {
  switch (choice) {
    case "sourcedId":
    case "identifier":
    case "username":
    case "email":
      return user[choice];
  }
  if (choice.startsWith(METADATA)) {
    const name = choice.slice(METADATA.length);
    return Object.hasOwn(user.metadata, name) ? user.metadata[name] : undefined;
  }
  const type = choice.slice(USER_ID.length).toLowerCase();
  return user.userIds.find((id) => id.type.toLowerCase() === type && id.identifier.trim() !== "")?.identifier;
}
