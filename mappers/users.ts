/** User → its row of users.csv. */
import type { RosterConfig } from "../config/schema.ts";
import type { Reject, User } from "../connectors/oneroster/records.ts";
import { CANVAS_FILES, type CanvasRow, OPTIONAL_USER_COLUMNS } from "./canvas-files.ts";
import { isAcceptableEmail } from "./emails.ts";
import { NO_NOTES, NUL_REASON, type Note, hasNul, rejected } from "./findings.ts";
import { userField } from "./user-fields.ts";

export type UserOptions = RosterConfig["users"];

/** The fixed columns, and those of the optional ones that the configuration asks for. */
export type UserRow = CanvasRow<"users"> & Partial<Record<(typeof OPTIONAL_USER_COLUMNS)[number], string>>;

export type UserResult =
  { row: UserRow; notes: readonly Note[]; reject?: undefined } | { reject: Reject; row?: undefined };

/** The columns of users.csv under this configuration, in order; the same every night, as diffing needs. */
export function userColumns(options: UserOptions): string[] {
  const asked = {
    integration_id: options.integrationId,
    authentication_provider_id: options.authenticationProvider,
  };
  return [
    ...CANVAS_FILES.users,
    ...OPTIONAL_USER_COLUMNS.filter((column) => column !== "short_name" && asked[column] !== null),
  ];
}

/**
 * Takes records that are not gone. A user whose access the SIS curtails (`enabledUser` false) is suspended.
 *
 * A missing name and an address that Canvas would not store leave the row; both are noted. A user without an
 * id or a login cannot be a row.
 */
export function toUserRow(user: User, options: UserOptions): UserResult {
  const id = userField(user, options.id);
  if (id === undefined) return rejected(user.sourcedId, options.id, "", empty(options.id, "user_id", "id"));
  const login = userField(user, options.login);
  if (login === undefined)
    return rejected(user.sourcedId, options.login, "", empty(options.login, "login_id", "login"));
  if (!isPrintable(login)) {
    return rejected(
      user.sourcedId,
      options.login,
      login,
      "contains a control character, which Canvas refuses in a login",
    );
  }

  const { first, last } = namesOf(user, options.names);
  if (hasNul(id)) return rejected(user.sourcedId, options.id, id, NUL_REASON);
  if (hasNul(first)) return rejected(user.sourcedId, "givenName", first, NUL_REASON);
  if (hasNul(last)) return rejected(user.sourcedId, "familyName", last, NUL_REASON);

  let notes = NO_NOTES;
  let email = user.email?.trim() ?? "";
  if (email !== "" && !isAcceptableEmail(email)) {
    email = "";
    notes = [BAD_EMAIL];
  }
  if (first === "" && last === "") notes = [...notes, NO_NAME];

  const row: UserRow = {
    user_id: id,
    login_id: login,
    first_name: first,
    last_name: last,
    email,
    status: user.enabledUser ? "active" : "suspended",
  };
  if (options.integrationId !== null) {
    const integration = userField(user, options.integrationId) ?? "";
    if (hasNul(integration)) return rejected(user.sourcedId, options.integrationId, integration, NUL_REASON);
    if (integration === "")
      notes = [...notes, { field: options.integrationId, reason: "empty, so no integration_id" }];
    row.integration_id = integration;
  }
  if (options.authenticationProvider !== null)
    row.authentication_provider_id = options.authenticationProvider;
  return { row, notes };
}

/** Trimmed; empty where there is none. */
function namesOf(user: User, which: UserOptions["names"]): { first: string; last: string } {
  const preferred = which === "preferred" ? user : undefined;
  return {
    first: nameText(preferred?.preferredFirstName) || nameText(user.givenName),
    last: nameText(preferred?.preferredLastName) || nameText(user.familyName),
  };
}

function nameText(name: string | undefined): string {
  return name?.trim() ?? "";
}

const BAD_EMAIL: Note = { field: "email", reason: "not an address that Canvas takes; sent blank" };
const NO_NAME: Note = {
  field: "familyName",
  reason: "no name at all; Canvas shows the login for a new user",
};

function empty(field: string, column: string, key: string): string {
  return `the SIS sent no ${field}, which becomes ${column}; roster.users.${key} can name another field`;
}

/** What Canvas's own rule for logins, [[:print:]], leaves out: controls, surrogates, unassigned, line separators. */
export function isPrintable(login: string): boolean {
  return !/[\p{Cc}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u.test(login);
}
