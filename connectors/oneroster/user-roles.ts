/**
 * Where users are, and as what: OneRoster 1.1 has one role and a list of orgs, 1.2 has roles, each in an org and for a
 * time, and a primary org.
 */
import { readDay } from "./days.ts";
import { type FieldNotes, noteLenience } from "./field-notes.ts";
import { idText, listOf, refText, refTexts } from "./loose-values.ts";
import type { UserRole } from "./records.ts";

interface PlacedShape {
  role?: unknown;
  orgs?: unknown;
  roles?: unknown;
  primaryOrg?: unknown;
}

export function placesOf(
  { role, orgs, roles, primaryOrg }: PlacedShape,
  notes: FieldNotes,
): { orgs: string[]; roles: UserRole[] } {
  const named = refTexts(orgs);
  if (roles == null && primaryOrg == null) {
    const word = roleWord(role);
    const everywhere = { beginDate: undefined, endDate: undefined };
    return {
      orgs: named,
      roles:
        word === ""
          ? []
          : (named.length === 0 ? [""] : named).map((org) => ({ role: word, org, ...everywhere })),
    };
  }
  const held = rolesOf(roles, notes);
  const main = refText(primaryOrg);
  const all = [...held.map(({ org }) => org), ...(main === undefined ? [] : [main]), ...named];
  return { orgs: [...new Set(all)], roles: held };
}

function rolesOf(value: unknown, notes: FieldNotes): UserRole[] {
  const primary: UserRole[] = [];
  const others: UserRole[] = [];
  for (const member of listOf(value)) {
    const { role, org, roleType, beginDate, endDate } = member as Record<string, unknown>;
    const place = refText(org);
    if (place === undefined) {
      noteLenience(notes, "roles", "a role without an org; left out");
      continue;
    }
    const isPrimary = typeof roleType === "string" && roleType.trim().toLowerCase() === "primary";
    (isPrimary ? primary : others).push({
      role: roleWord(role),
      org: place,
      beginDate: dayOf(beginDate, "roles.beginDate", notes),
      endDate: dayOf(endDate, "roles.endDate", notes),
    });
  }
  return [...primary, ...others];
}

function roleWord(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}

/** A role's dates decide no more than whether somebody is of a school: whoever has a bad one stays. */
function dayOf(value: unknown, field: string, notes: FieldNotes): string | undefined {
  const text = idText(value);
  if (text === undefined) return undefined;
  const { day, lenience, fault } = readDay(text);
  if (fault !== undefined) noteLenience(notes, field, `${fault}; taken as open`);
  else if (lenience !== undefined) noteLenience(notes, field, lenience);
  return day;
}
