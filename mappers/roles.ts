/** OneRoster role → Canvas role. */

type Roles = Readonly<Record<string, string>>;
/** By lower-cased OneRoster role. */
type Lookup = ReadonlyMap<string, string>;

/** The Canvas role as written in the configuration, by lower-cased OneRoster role. */
export const rolesByName = lookupOf((canvas) => canvas);

/**
 * The Canvas role of a OneRoster role, whatever its case; undefined: none is configured. OneRoster 1.2 puts `ext:` before
 * words that are not of its vocabulary: `ext:aide` is what 1.1 calls an aide.
 */
export function canvasRole(role: string, roles: Roles): string | undefined {
  return find(role, rolesByName(roles));
}

const OWN_ROLE = /^(student|teacher|ta|observer|designer)(?:enrollment)?$/i;

const enrollmentRolesByName = lookupOf((canvas) => OWN_ROLE.exec(canvas)?.[1]?.toLowerCase() ?? canvas);

/**
 * The same of a role in a course. Canvas's own roles have one name here: Canvas does not mind their case, and takes the
 * names of their classes too (Canvas SIS importer, enrollments). `TA` and `ta` are one enrollment there; told apart,
 * the end of the one would delete the other. Custom roles stay as they are written, which Canvas does mind.
 */
export function enrollmentRole(role: string, roles: Roles): string | undefined {
  return find(role, enrollmentRolesByName(roles));
}

/** Made once of a configuration, which names few roles, and used for millions of records. */
function lookupOf(name: (canvas: string) => string): (roles: Roles) => Lookup {
  const lookups = new WeakMap<Roles, Lookup>();
  return (roles) => {
    let lookup = lookups.get(roles);
    if (lookup === undefined) {
      const named = Object.entries(roles).map(
        ([role, canvas]) => [role.toLowerCase(), name(canvas)] as const,
      );
      lookup = new Map(named);
      lookups.set(roles, lookup);
    }
    return lookup;
  };
}

const EXTENSION = "ext:";

function find(role: string, lookup: Lookup): string | undefined {
  const name = role.toLowerCase();
  return (
    lookup.get(name) ?? (name.startsWith(EXTENSION) ? lookup.get(name.slice(EXTENSION.length)) : undefined)
  );
}
