/** The same district a day later: a few people came, went, moved and changed their names, as on any day. */
import type { District, GuidRef, RawEnrollment, RawUser } from "./raw-records.ts";

const LEFT = 3;
const CAME = 2;
const CHANGED_AT = "2026-11-20T15:00:00.000Z";

/**
 * Three students have left the district altogether, two are new (in the classes of a student who was there), one has
 * moved to another class of the school, one bears a new name, and one class has another teacher and no other change.
 */
export function nextDay(district: District): District {
  const students = district.users
    .filter(({ role, status, enabledUser }) => role === "student" && status === "active" && enabledUser)
    .sort((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1));
  const [renamed, moved, model, ...others] = students;
  if (renamed === undefined || moved === undefined || model === undefined) return district;
  const left = new Set(others.slice(0, LEFT).map(({ sourcedId }) => sourcedId));
  const came = Array.from({ length: CAME }, (_, index) => newStudent(model, index));

  const stay = district.enrollments.filter(({ user }) => !left.has(user.sourcedId));
  const arrivals = came.flatMap((student) =>
    stay
      .filter(({ user, status }) => user.sourcedId === model.sourcedId && status === "active")
      .map((enrollment) => copyFor(enrollment, student.sourcedId)),
  );
  return {
    ...district,
    users: [
      ...district.users
        .filter(({ sourcedId }) => !left.has(sourcedId))
        .map((user) =>
          user === renamed
            ? { ...user, familyName: `${user.familyName}-Okafor`, dateLastModified: CHANGED_AT }
            : user,
        ),
      ...came,
    ],
    enrollments: [...withMove(withNewTeacher(stay), moved.sourcedId, district), ...arrivals],
  };
}

function newStudent(model: RawUser, index: number): RawUser {
  const number = `9900${index + 1}`;
  return {
    ...model,
    sourcedId: number,
    identifier: number,
    username: `new.arrival${index + 1}`,
    email: `new.arrival${index + 1}@example.org`,
    givenName: "New",
    familyName: `Arrival ${index + 1}`,
    dateLastModified: CHANGED_AT,
  };
}

function copyFor(enrollment: RawEnrollment, student: string): RawEnrollment {
  return {
    ...enrollment,
    sourcedId: `${enrollment.sourcedId}-${student}`,
    user: refTo(enrollment.user, student),
    dateLastModified: CHANGED_AT,
  };
}

/** The first enrollment of the student goes to another class of the same school. */
function withMove(enrollments: RawEnrollment[], student: string, { classes }: District): RawEnrollment[] {
  const [first] = enrollments.filter(({ user, status }) => user.sourcedId === student && status === "active");
  const taken = new Set(
    enrollments.filter(({ user }) => user.sourcedId === student).map((one) => one.class.sourcedId),
  );
  const other = classes
    .filter(({ status, school }) => status === "active" && school.sourcedId === first?.school.sourcedId)
    .map(({ sourcedId }) => sourcedId)
    .sort()
    .find((id) => !taken.has(id));
  if (first === undefined || other === undefined) return enrollments;
  const now = { ...first, class: refTo(first.class, other), dateLastModified: CHANGED_AT };
  return enrollments.map((one) => (one === first ? now : one));
}

/** One class is given to the teacher of another one of the same school: nothing else of it may change in Canvas. */
function withNewTeacher(enrollments: RawEnrollment[]): RawEnrollment[] {
  const teachers = enrollments
    .filter(({ role, status }) => role === "teacher" && status === "active")
    .sort((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1));
  const [first] = teachers;
  const successor = teachers.find(
    ({ school, user }) =>
      school.sourcedId === first?.school.sourcedId && user.sourcedId !== first.user.sourcedId,
  );
  if (first === undefined || successor === undefined) return enrollments;
  const now = { ...first, user: successor.user, dateLastModified: CHANGED_AT };
  return enrollments.map((one) => (one === first ? now : one));
}

function refTo(ref: GuidRef, sourcedId: string): GuidRef {
  return { ...ref, href: ref.href.replace(/[^/]*$/, encodeURIComponent(sourcedId)), sourcedId };
}
