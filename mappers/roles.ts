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
