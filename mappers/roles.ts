/** OneRoster role → Canvas role. */

const lookups = new WeakMap<object, ReadonlyMap<string, string>>();

/** The Canvas role as written in the configuration, by lower-cased OneRoster role. */
export function rolesByName(roles: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  let lookup = lookups.get(roles);
  if (lookup === undefined) {
    lookup = new Map(Object.entries(roles).map(([oneRoster, canvas]) => [oneRoster.toLowerCase(), canvas]));
    lookups.set(roles, lookup);
  }
  return lookup;
}

/**
 * The Canvas role of a OneRoster role, whatever its case; undefined: none is configured. OneRoster 1.2 puts `ext:` before
 * words that are not of its vocabulary: `ext:aide` is what 1.1 calls an aide.
 */
export function canvasRole(role: string, roles: Readonly<Record<string, string>>): string | undefined {
  const [known, name] = [rolesByName(roles), role.toLowerCase()];
  return (
    known.get(name) ?? (name.startsWith(EXTENSION) ? known.get(name.slice(EXTENSION.length)) : undefined)
  );
}

const EXTENSION = "ext:";

const OWN_ROLE = /^(student|teacher|ta|observer|designer)(?:enrollment)?$/i;

/**
 * The same of a role in a course. Canvas's own roles have one name here: Canvas does not mind their case, and takes the
 * names of their classes too (Canvas SIS importer, enrollments). `TA` and `ta` are one enrollment there; told apart,
 * the end of the one would delete the other. Custom roles stay as they are written, which Canvas does mind.
 */
export function enrollmentRole(role: string, roles: Readonly<Record<string, string>>): string | undefined {
  const canvas = canvasRole(role, roles);
  return canvas === undefined ? undefined : (OWN_ROLE.exec(canvas)?.[1]?.toLowerCase() ?? canvas);
}
