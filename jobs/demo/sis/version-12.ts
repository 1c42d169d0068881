/**
 * The records of a district as OneRoster 1.2 has them: roles in place of role and orgs, booleans as texts, no nulls, a
 * vocabulary that is extended with `ext:`. Source: OneRoster 1.2, Rostering Service.
 */
import {
  type District,
  HREF_ROOT,
  type RawEnrollment,
  type RawRecord,
  type RawUser,
} from "../district/raw-records.ts";
import type { Collection } from "./endpoints.ts";

type Json = Record<string, unknown>;

const ROOT = "https://sis.example.org/ims/oneroster/rostering/v1p2";
const ROLES: Partial<Record<RawUser["role"], string>> = { administrator: "siteAdministrator" };
const ENROLLMENT_ROLES = ["administrator", "proctor", "student", "teacher"];

/**
 * Some users have a role elsewhere that is over or has not begun, some have their login in a profile only, some have
 * preferred names: what follows for the roster is the same as in 1.1.
 * @param booleans "true" and "false" as the standard has them, or those of JSON
 */
export function inVersion12(
  district: District,
  booleans: "text" | "real",
): (record: RawRecord, collection: Collection) => RawRecord {
  const schools = district.orgs.filter(({ type, status }) => type === "school" && status === "active");
  const known = new WeakMap<RawRecord, RawRecord>();

  function translated(record: RawRecord, collection: Collection): RawRecord {
    const text = JSON.stringify(record).replaceAll(HREF_ROOT, ROOT);
    const copy = JSON.parse(text) as Json;
    if (collection === "users") asUser(copy, JSON.parse(text) as RawUser);
    if (collection === "enrollments") asEnrollment(copy, record as RawEnrollment);
    if (collection === "orgs") copy["identifier"] ??= record.sourcedId;
    for (const [name, value] of Object.entries(copy)) {
      if (value === null) Reflect.deleteProperty(copy, name);
      if (booleans === "text" && typeof value === "boolean") copy[name] = String(value);
    }
    return copy as unknown as RawRecord;
  }

  function asUser(copy: Json, { sourcedId, role: word, orgs, username, givenName }: RawUser): void {
    const role = ROLES[word] ?? word;
    const turn = Buffer.from(sourcedId).reduce((sum, byte) => sum + byte, 0);
    const other = schools.find((school) => !orgs.some((org) => org.sourcedId === school.sourcedId));
    const elsewhere = other && {
      href: `${ROOT}/orgs/${other.sourcedId}`,
      sourcedId: other.sourcedId,
      type: "org",
    };
    const held = orgs.map((org, index) => ({ roleType: index === 0 ? "primary" : "secondary", role, org }));
    const then = { roleType: "secondary", role, org: elsewhere };
    const bound = [
      { ...then, beginDate: "2019-08-19", endDate: "2020-06-12" },
      { ...then, beginDate: "2099-08-17" },
    ];
    copy["roles"] =
      elsewhere === undefined ? held : [...bound.filter((_, index) => turn % 5 === index), ...held];
    copy["primaryOrg"] = orgs[0] ?? null;
    if (turn % 11 === 3) copy["preferredFirstName"] = `${givenName.slice(0, 1)}-Jay`;
    for (const name of ["role", "orgs"]) Reflect.deleteProperty(copy, name);
    if (username == null || turn % 7 !== 0) return;
    copy["username"] = null;
    copy["userProfiles"] = [
      {
        profileId: `https://sis.example.org/profiles/${encodeURIComponent(sourcedId)}`,
        profileType: "sso",
        vendorId: "sandbox",
        credentials: [{ type: "sso", username, password: "not for you" }],
      },
    ];
  }

  return (record, collection) => {
    const made = known.get(record) ?? translated(record, collection);
    known.set(record, made);
    return made;
  };
}

function asEnrollment(copy: Json, { role }: RawEnrollment): void {
  copy["role"] = ENROLLMENT_ROLES.includes(role) ? role : `ext:${role}`;
}
