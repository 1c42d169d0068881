/**
 * What a real SIS holds after some years of use. Everything here is legal OneRoster or a mistake that
 * people make; a district of at least 400 students also gets the few records that no roster can take.
 */
import { UNUSUAL_NAMES, UNUSUAL_TITLES } from "./names.ts";
import { type District, type RawClass, type RawEnrollment, type RawUser, ref } from "./raw-records.ts";
import type { Timetable } from "./timetable.ts";

/** Below this many students, one record that must be left out is more than 1 % of its kind. */
const ENOUGH_STUDENTS_FOR_REJECTS = 400;

export function addOddities(district: District, timetable: Timetable): void {
  const students = district.users.filter((user) => user.role === "student");
  const teachers = district.users.filter((user) => user.role === "teacher");

  giveUnusualNames(district.users);
  giveUnusualTitles(district.classes);
  dropOptionalMembers(district.users, district.classes);
  for (const student of every(97, 13, students)) student.enabledUser = false;
  readdToClasses(district.enrollments);
  giveSecondRoles(district, teachers, timetable);
  removeRecords(district, students);
  if (students.length >= ENOUGH_STUDENTS_FOR_REJECTS) {
    claimALoginTwice(students);
    const guardians = district.users.filter((user) => user.role === "guardian");
    for (const guardian of every(25, 1, guardians)) delete guardian.username;
    enrollTheUnknown(district);
  }
}

function giveUnusualNames(users: RawUser[]): void {
  for (const [index, user] of every(37, 5, users).entries()) {
    const [given, family] = UNUSUAL_NAMES[index % UNUSUAL_NAMES.length] ?? UNUSUAL_NAMES[0];
    user.givenName = given;
    user.familyName = family;
  }
}

function giveUnusualTitles(classes: RawClass[]): void {
  for (const [index, group] of every(23, 4, classes).entries()) {
    group.title = UNUSUAL_TITLES[index % UNUSUAL_TITLES.length] ?? group.title;
  }
}

function dropOptionalMembers(users: RawUser[], classes: RawClass[]): void {
  for (const user of every(53, 17, users)) delete user.email;
  for (const user of every(53, 40, users)) user.email = null;
  for (const user of every(11, 2, users)) Object.assign(user, { middleName: null, sms: null, phone: null });
  for (const user of every(67, 30, users)) user.metadata = null;
  for (const group of every(31, 9, classes)) delete group.classCode;
  for (const group of every(31, 22, classes)) Object.assign(group, { classCode: null, location: null });
}

/** Dropped in September and added again: the first enrollment stays, deleted or with its end behind it. */
function readdToClasses(enrollments: RawEnrollment[]): void {
  const returned = every(
    211,
    20,
    enrollments.filter((each) => each.role === "student"),
  ).filter(({ beginDate }) => beginDate?.slice(5) === "08-17");
  for (const [index, current] of returned.entries()) {
    const year = current.beginDate?.slice(0, 4) ?? "";
    const dropped: RawEnrollment = {
      ...current,
      sourcedId: `${current.sourcedId}-1`,
      endDate: `${year}-09-11`,
      dateLastModified: `${year}-09-11T15:00:00.000Z`,
    };
    if (index % 2 === 0) dropped.status = "tobedeleted";
    current.beginDate = `${year}-09-21`;
    current.dateLastModified = `${year}-09-21T15:00:00.000Z`;
    enrollments.push(dropped);
  }
}

function giveSecondRoles(district: District, teachers: RawUser[], timetable: Timetable): void {
  const [aideElsewhere, aideAtHome] = teachers;
  const principal = district.users.find((user) => user.role === "administrator");
  const ownClass = district.enrollments.find((each) => each.user.sourcedId === aideAtHome?.sourcedId)?.class;
  const [first] = district.classes;
  const last = district.classes.at(-1);
  const own = district.classes.find((group) => group.sourcedId === ownClass?.sourcedId);
  if (first === undefined || last === undefined) return;

  if (aideElsewhere !== undefined) timetable.enroll(aideElsewhere, last, "aide");
  if (aideAtHome !== undefined && own !== undefined) timetable.enroll(aideAtHome, own, "aide");
  if (principal !== undefined) timetable.enroll(principal, first, "administrator");

  const schools = district.orgs.filter((org) => org.type === "school");
  for (const teacher of every(29, 8, teachers)) {
    const other = schools.find((school) => school.sourcedId !== teacher.orgs[0]?.sourcedId);
    if (other !== undefined) teacher.orgs = [...teacher.orgs, ref("orgs", "org", other.sourcedId)];
  }
}

/** Gone but still listed: a school, a class a hundred, a student in 150, and all that hung on them. */
function removeRecords(district: District, students: RawUser[]): void {
  district.orgs.push({
    sourcedId: "0099",
    status: "tobedeleted",
    dateLastModified: "2026-06-30T06:00:00.000Z",
    name: "Old Mill School (closed)",
    type: "school",
    identifier: null,
  });
  const gone = [...every(100, 60, district.classes), ...every(150, 90, students)];
  const goneIds = new Set(gone.map((record) => record.sourcedId));
  for (const record of gone) record.status = "tobedeleted";
  for (const enrollment of district.enrollments) {
    if (goneIds.has(enrollment.class.sourcedId) || goneIds.has(enrollment.user.sourcedId)) {
      enrollment.status = "tobedeleted";
    }
  }
}

function claimALoginTwice(students: RawUser[]): void {
  const [owner, claimant] = [students[200], students[201]];
  if (owner?.username == null || claimant === undefined) return;
  claimant.username = owner.username.toUpperCase();
}

function enrollTheUnknown(district: District): void {
  for (const [index, model] of every(5000, 100, district.enrollments).entries()) {
    district.enrollments.push({
      ...model,
      sourcedId: `${model.sourcedId}-x`,
      user: ref("users", "user", `9999${String(index)}`),
      role: "student",
    });
  }
}

function every<T>(step: number, from: number, list: readonly T[]): T[] {
  return list.filter((_, index) => index % step === from);
}
