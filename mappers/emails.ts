/** Which email addresses Canvas takes. */

const MAX_LENGTH = 255;
// What RFC 5322 §3.2.3 lets stand in an atom, and any letters of the world; dots may stand anywhere before the @.
const NO_ATOM = String.raw`\p{C}\p{Z}"(),:;<>@\[\\\]`;
const ADDRESS = new RegExp(`^[^${NO_ATOM}]+@[^${NO_ATOM}.]+(?:\\.[^${NO_ATOM}.]+)*$`, "u");

/**
 * Whether Canvas would store an address. It wants the bare address: no name with it, no spaces, no quotes;
 * a domain without a dot is fine, and so are letters outside ASCII. Source: Canvas SIS importer, users.
 */
export function isAcceptableEmail(email: string): boolean {
  return email.length <= MAX_LENGTH && ADDRESS.test(email);
}
