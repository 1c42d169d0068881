/** Invented people with ids, logins and addresses as a SIS would give them. */
import { FAMILY_NAMES, GIVEN_NAMES } from "./names.ts";
import type { Random } from "./random.ts";
import { type GuidRef, type RawUser, ref } from "./raw-records.ts";

export interface People {
  student(school: GuidRef, grade: string): RawUser;
  staff(role: "administrator" | "aide" | "teacher", school: GuidRef): RawUser;
  /** A guardian of a student; each is among the other's agents. */
  guardian(of: RawUser): RawUser;
}

/** A prime: multiplying by less visits every residue once, so ids are scattered and yet never twice the same. */
const ID_SPACE = 9_999_991;

/** The `n`th of a series of ids that are not in order, from `base` up. */
export function scatteredId(n: number, base: number): string {
  return String(base + ((n * 48_271) % ID_SPACE));
}

/** Days and times of the year so far, shared by all records: a SIS touches its records in batches. */
export function changeTimes(random: Random, schoolYear: number): string[] {
  const start = Date.UTC(schoolYear - 1, 6, 1);
  return Array.from({ length: 512 }, () => new Date(start + random.below(130 * 86_400) * 1000).toISOString());
}

/** @param oddities every 40th student's id begins with zeros, and two students are `42` and `0042` */
export function makePeople(random: Random, times: readonly string[], oddities: boolean): People {
  const counts = { all: 0, student: 0, guardian: 0 };

  function user(sourcedId: string, role: RawUser["role"], orgs: GuidRef[], familyName?: string): RawUser {
    const given = random.pick(GIVEN_NAMES);
    const family = familyName ?? random.pick(FAMILY_NAMES);
    const username = `${given}.${family}${++counts.all}`.toLowerCase();
    return {
      sourcedId,
      status: "active",
      dateLastModified: random.pick(times),
      username,
      userIds: [{ type: "LDAP", identifier: username }],
      enabledUser: true,
      givenName: given,
      familyName: family,
      role,
      identifier: `${role === "student" ? "S" : "P"}${String(counts.all).padStart(7, "0")}`,
      email: `${username}@example.org`,
      agents: [],
      orgs,
      grades: [],
    };
  }

  function studentId(): string {
    const n = counts.student++;
    if (oddities && n === 3) return "42";
    if (oddities && n === 4) return "0042";
    return (oddities && n % 40 === 7 ? "00" : "") + scatteredId(n, 1_000_000);
  }

  return {
    student(school, grade) {
      const student = user(studentId(), "student", [school]);
      student.grades = [grade];
      student.metadata = { "sandbox.lunchNumber": String(counts.student).padStart(6, "0") };
      return student;
    },
    staff(role, school) {
      return user(`T-${String(counts.all + 1).padStart(5, "0")}`, role, [school]);
    },
    guardian(of) {
      const guardian = user(`G${scatteredId(counts.guardian++, 1)}`, "guardian", of.orgs, of.familyName);
      guardian.phone = `555-01${String(counts.guardian % 100).padStart(2, "0")}`;
      guardian.agents = [ref("users", "user", of.sourcedId)];
      of.agents = [ref("users", "user", guardian.sourcedId)];
      return guardian;
    },
  };
}
