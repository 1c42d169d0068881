/** From the shape of a record to what we keep of it, with the standard's names. Passwords are never kept. */
import {
  checkOrder,
  type FieldNotes,
  id,
  isEnabled,
  isGone,
  optionalDay,
  optionalText,
  refuse,
  requiredDay,
} from "./field-notes.ts";
import { idText, listOf, metadataTexts, parentText, refText, refTexts } from "./loose-values.ts";
import type { BaseRecord, RecordType, RosterRecords } from "./records.ts";
import type { BaseShape, Shape } from "./record-shapes.ts";
import { profileUsername } from "./user-profiles.ts";
import { placesOf } from "./user-roles.ts";

type Builders = { [T in RecordType]: (shape: Shape<T>, notes: FieldNotes) => RosterRecords[T] };

export const BUILDERS: Builders = {
  orgs: (org, notes) => ({
    ...base(org, notes),
    name: optionalText(org.name, "name", notes) ?? "",
    type: org.type?.trim().toLowerCase() ?? "",
    identifier: optionalText(org.identifier, "identifier", notes),
    parent: parentText(org.parent),
  }),

  academicSessions(session, notes) {
    const startDate = requiredDay(session.startDate, "startDate", notes);
    const endDate = requiredDay(session.endDate, "endDate", notes);
    checkOrder(startDate, endDate, notes);
    return {
      ...base(session, notes),
      title: optionalText(session.title, "title", notes) ?? "",
      type: sessionType(session.type ?? ""),
      startDate,
      endDate,
      parent: parentText(session.parent),
    };
  },

  courses: (course, notes) => ({
    ...base(course, notes),
    title: optionalText(course.title, "title", notes) ?? "",
    courseCode: optionalText(course.courseCode, "courseCode", notes),
    org: refText(course.org),
  }),

  classes: (aClass, notes) => ({
    ...base(aClass, notes),
    title: optionalText(aClass.title, "title", notes) ?? "",
    classCode: optionalText(aClass.classCode, "classCode", notes),
    course: refText(aClass.course),
    school: id(aClass.school, "school", notes),
    terms: refTexts(aClass.terms),
    periods: refTexts(aClass.periods),
  }),

  users: (user, notes) => ({
    ...base(user, notes),
    username: optionalText(user.username, "username", notes) ?? profileUsername(user.userProfiles, notes),
    userIds: userIds(user.userIds),
    enabledUser: isEnabled(user.enabledUser, notes),
    givenName: optionalText(user.givenName, "givenName", notes),
    familyName: optionalText(user.familyName, "familyName", notes),
    preferredFirstName: optionalText(user.preferredFirstName, "preferredFirstName", notes),
    preferredLastName: optionalText(user.preferredLastName, "preferredLastName", notes),
    identifier: optionalText(user.identifier, "identifier", notes),
    email: optionalText(user.email, "email", notes),
    ...placesOf(user, notes),
    agents: refTexts(user.agents),
    metadata: metadataTexts(user.metadata),
  }),

  enrollments(enrollment, notes) {
    const beginDate = optionalDay(enrollment.beginDate, "beginDate", notes);
    const endDate = optionalDay(enrollment.endDate, "endDate", notes);
    checkOrder(beginDate, endDate, notes);
    const role = enrollment.role.trim().toLowerCase();
    if (role === "") refuse(notes, "role", "is empty");
    return {
      ...base(enrollment, notes),
      user: id(enrollment.user, "user", notes),
      class: id(enrollment.class, "class", notes),
      role,
      beginDate,
      endDate,
    };
  },
};

function base(shape: BaseShape, notes: FieldNotes): BaseRecord {
  return {
    sourcedId: id(shape.sourcedId, "sourcedId", notes),
    gone: isGone(shape.status, notes),
    dateLastModified: optionalText(shape.dateLastModified, "dateLastModified", notes) ?? "",
  };
}

const SESSION_TYPES = new Map(
  ["gradingPeriod", "semester", "schoolYear", "term"].map((type) => [type.toLowerCase(), type]),
);

function sessionType(sent: string): string {
  return SESSION_TYPES.get(sent.replaceAll(/[\s_-]/g, "").toLowerCase()) ?? sent.trim();
}

function userIds(value: unknown): { type: string; identifier: string }[] {
  return listOf(value).flatMap((member) => {
    const { type, identifier } = member as { type?: unknown; identifier?: unknown };
    const text = idText(identifier);
    return text === undefined ? [] : [{ type: idText(type) ?? "", identifier: text }];
  });
}
