/** Logins of users without a username, which OneRoster 1.2 does not require: their profiles may have one. */
import { type FieldNotes, noteLenience } from "./field-notes.ts";
import { idText, listOf } from "./loose-values.ts";

/** Undefined where no profile has one, and where they differ: which of them is the login here is not ours to guess. */
export function profileUsername(userProfiles: unknown, notes: FieldNotes): string | undefined {
  const names = listOf(userProfiles).flatMap((profile) =>
    listOf((profile as { credentials?: unknown }).credentials).flatMap(
      (credential) => idText((credential as { username?: unknown }).username) ?? [],
    ),
  );
  const [name, ...others] = names;
  if (name === undefined) return undefined;
  if (others.some((other) => other.toLowerCase() !== name.toLowerCase())) {
    noteLenience(notes, "username", "missing, and userProfiles name several; none was taken");
    return undefined;
  }
  noteLenience(notes, "username", "missing; that of userProfiles was taken");
  return name;
}
