/** OneRoster role → Canvas role, and the Canvas roles that would not be what they say. */

/**
 * Why a Canvas role of `roster.enrollments.roles` must be refused, undefined when it may be used. Canvas reads
 * any role that starts with "student", in any case, as its built-in student before it looks for a custom role
 * of that name. Source: Canvas SIS importer, enrollments.
 */
export function roleProblem(canvasRole: string): string | undefined {
  if (!/^student/i.test(canvasRole) || /^student(enrollment)?$/i.test(canvasRole)) return undefined;
  return `Canvas enrolls every role that starts with "student" as a student; give the custom role "${canvasRole}" another name in Canvas, and that name here`;
}

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
