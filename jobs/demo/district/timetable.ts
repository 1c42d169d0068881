/** Who is taught what by whom: classes of up to 28 children, six lessons a child. */
import type { Calendar } from "./calendar.ts";
import { makeCatalogue, type Offering, sessionsOf } from "./catalogue.ts";
import { type People, scatteredId } from "./people.ts";
import type { Random } from "./random.ts";
import {
  type District,
  type GuidRef,
  type RawClass,
  type RawEnrollment,
  type RawUser,
  ref,
} from "./raw-records.ts";
import type { School } from "./schools.ts";

const CLASS_SIZE = 28;
const CLASSES_A_TEACHER = 5;
const CO_TEACHER_EVERY = 15;
const AIDE_EVERY = 20;

export interface Timetable {
  /** Adds a school's courses, staff, classes and enrollments to the district; its students are there already. */
  fill(school: School, students: readonly RawUser[]): void;
  enroll(user: RawUser, group: RawClass, role: RawEnrollment["role"], primary?: boolean): RawEnrollment;
}

export function makeTimetable(
  district: District,
  people: People,
  calendar: Calendar,
  random: Random,
  times: readonly string[],
): Timetable {
  const userRefs = new Map<string, GuidRef>();
  const classRefs = new Map<string, GuidRef>();
  const days = new Map(district.academicSessions.map((session) => [session.sourcedId, session]));

  function enroll(
    user: RawUser,
    group: RawClass,
    role: RawEnrollment["role"],
    primary?: boolean,
  ): RawEnrollment {
    const enrollment: RawEnrollment = {
      sourcedId: scatteredId(district.enrollments.length, 20_000_000),
      status: "active",
      dateLastModified: random.pick(times),
      user: madeOnce(userRefs, user.sourcedId, () => ref("users", "user", user.sourcedId)),
      class: madeOnce(classRefs, group.sourcedId, () => ref("classes", "class", group.sourcedId)),
      school: group.school,
      role,
      ...(primary === undefined ? {} : { primary }),
      beginDate: days.get(group.terms[0]?.sourcedId ?? "")?.startDate ?? null,
      endDate: days.get(group.terms.at(-1)?.sourcedId ?? "")?.endDate ?? null,
    };
    district.enrollments.push(enrollment);
    return enrollment;
  }

  function hire(role: "aide" | "teacher", school: School): RawUser {
    const user = people.staff(role, school.ref);
    district.users.push(user);
    return user;
  }

  function openClass(offering: Offering, section: number, school: School): RawClass {
    const { courseCode, title, grades, subjects, subjectCodes } = offering.course;
    const number = String(section + 1).padStart(2, "0");
    const group: RawClass = {
      sourcedId: `${school.org.sourcedId}-${courseCode}-${number}`,
      status: "active",
      dateLastModified: random.pick(times),
      title: `${title} (${number})`,
      classCode: `${courseCode}-${number}`,
      classType: offering.subject.homeroom === true ? "homeroom" : "scheduled",
      location: `Room ${100 + random.below(80)}`,
      grades,
      subjects,
      subjectCodes,
      course: offering.ref,
      school: school.ref,
      terms: sessionsOf(offering.subject, section, calendar),
      periods: offering.subject.homeroom === true ? [] : [String(1 + random.below(7))],
    };
    district.classes.push(group);
    return group;
  }

  function staffClass(group: RawClass, teacher: RawUser, school: School): void {
    enroll(teacher, group, "teacher", true);
    const number = district.classes.length;
    if (number % CO_TEACHER_EVERY === 0) enroll(hire("teacher", school), group, "teacher", false);
    if (number % AIDE_EVERY === 0) enroll(hire("aide", school), group, "aide");
  }

  function fill(school: School, students: readonly RawUser[]): void {
    const offerings = makeCatalogue(school, calendar);
    district.courses.push(...offerings.map((offering) => offering.course));
    const cohortTeachers = new Map<string, RawUser>();
    const subjectTeachers = new Map<string, { user: RawUser; classes: number }>();

    function teacherOf(offering: Offering, section: number): RawUser {
      if (school.level === "elementary" && offering.subject.specialist !== true) {
        return madeOnce(cohortTeachers, `${offering.grade}/${section}`, () => hire("teacher", school));
      }
      const current = subjectTeachers.get(offering.subject.code);
      if (current !== undefined && current.classes < CLASSES_A_TEACHER) {
        current.classes++;
        return current.user;
      }
      const user = hire("teacher", school);
      subjectTeachers.set(offering.subject.code, { user, classes: 1 });
      return user;
    }

    for (const offering of offerings) {
      const inGrade = students.filter((student) => student.grades[0] === offering.grade);
      // Young children stay together all day; older ones meet others in every lesson.
      const order = school.level === "elementary" ? inGrade : random.shuffled(inGrade);
      for (const [section, members] of groups(order).entries()) {
        const group = openClass(offering, section, school);
        staffClass(group, teacherOf(offering, section), school);
        for (const student of members) enroll(student, group, "student");
      }
    }
  }

  return { fill, enroll };
}

/** As few groups as the class size allows, of nearly the same size. */
function groups<T>(members: readonly T[]): T[][] {
  const count = Math.ceil(members.length / CLASS_SIZE);
  const size = Math.ceil(members.length / count);
  return Array.from({ length: count }, (_, index) => members.slice(index * size, (index + 1) * size));
}

/** What the map has under the key, made on first use. */
function madeOnce<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
