/** A district's records as rows of OneRoster CSV files. Source: OneRoster 1.1 CSV tables; OneRoster 1.2 CSV binding. */
import type { District, GuidRef, RawRecord, RawUser } from "./raw-records.ts";

export type CsvVersion = "1.1" | "1.2";
export type CsvTable = keyof District | "roles" | "userProfiles";
/** By column; what a row does not have is blank. */
export type CsvRow = Record<string, string>;

const PEOPLE = "enabledUser username userIds givenName familyName middleName identifier email sms phone";
const NEW_IN_12 =
  "userMasterIdentifier preferredGivenName preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns";
const COLUMNS: Record<CsvTable, string> = {
  academicSessions: "title type startDate endDate parentSourcedId schoolYear",
  orgs: "name type identifier parentSourcedId",
  courses: "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
  classes:
    "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds subjects subjectCodes periods",
  users: `${PEOPLE.replace("enabledUser", "enabledUser orgSourcedIds role")} agentSourcedIds grades password`,
  enrollments: "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
  roles: "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId",
  userProfiles:
    "userSourcedId profileType vendorId applicationId description credentialType username password",
};

/** In the order of the standard; what somebody has put into metadata comes last. */
export function csvColumns(table: CsvTable, version: CsvVersion, rows: readonly CsvRow[]): string[] {
  const isNewUsers = table === "users" && version === "1.2";
  const own = isNewUsers ? `${PEOPLE} agentSourcedIds grades password ${NEW_IN_12}` : COLUMNS[table];
  const metadata = new Set(
    rows.flatMap((row) => Object.keys(row).filter((name) => name.startsWith("metadata."))),
  );
  return ["sourcedId", "status", "dateLastModified", ...own.split(" "), ...[...metadata].sort()];
}

/** Every table of the version. */
export function csvRows(district: District, version: CsvVersion): Partial<Record<CsvTable, CsvRow[]>> {
  const { academicSessions, orgs, courses, classes, users, enrollments } = district;
  const isNew = version === "1.2";
  return {
    academicSessions: academicSessions.map(({ title, type, startDate, endDate, schoolYear, ...rest }) => ({
      ...base(rest),
      ...{ title, type, startDate, endDate, schoolYear, parentSourcedId: idOf(rest.parent) },
    })),
    orgs: orgs.map(({ name, type, identifier, ...rest }) => ({
      ...base(rest),
      ...{ name, type, identifier: identifier ?? "", parentSourcedId: idOf(rest.parent) },
    })),
    courses: courses.map((course) => ({
      ...base(course),
      schoolYearSourcedId: idOf(course.schoolYear),
      title: course.title,
      courseCode: course.courseCode,
      orgSourcedId: idOf(course.org),
      ...subjects(course),
    })),
    classes: classes.map((group) => ({
      ...base(group),
      title: group.title,
      courseSourcedId: idOf(group.course),
      classCode: group.classCode ?? "",
      classType: group.classType,
      location: group.location ?? "",
      schoolSourcedId: idOf(group.school),
      termSourcedIds: idsOf(group.terms),
      periods: group.periods.join(","),
      ...subjects(group),
    })),
    users: users.map((user) =>
      isNew ? person(user) : { ...person(user), role: user.role, orgSourcedIds: idsOf(user.orgs) },
    ),
    enrollments: enrollments.map((enrollment) => ({
      ...base(enrollment),
      classSourcedId: idOf(enrollment.class),
      schoolSourcedId: idOf(enrollment.school),
      userSourcedId: idOf(enrollment.user),
      role: enrollment.role,
      primary: enrollment.primary === undefined ? "" : String(enrollment.primary),
      beginDate: enrollment.beginDate ?? "",
      endDate: enrollment.endDate ?? "",
    })),
    ...(isNew ? { roles: users.flatMap(rolesOf), userProfiles: users.flatMap(profilesOf) } : {}),
  };
}

function person(user: RawUser): CsvRow {
  return {
    ...base(user),
    enabledUser: String(user.enabledUser),
    username: user.username ?? "",
    userIds: user.userIds.map(({ type, identifier }) => `{${type}:${identifier}}`).join(","),
    givenName: user.givenName,
    familyName: user.familyName,
    middleName: user.middleName ?? "",
    identifier: user.identifier ?? "",
    email: user.email ?? "",
    sms: user.sms ?? "",
    phone: user.phone ?? "",
    agentSourcedIds: idsOf(user.agents),
    grades: user.grades.join(","),
  };
}

/** In 1.2 a person's first school is where the primary role is. */
function rolesOf(user: RawUser): CsvRow[] {
  return user.orgs.map(({ sourcedId }, index) => ({
    ...base(user),
    sourcedId: `${user.sourcedId}-${sourcedId}`,
    userSourcedId: user.sourcedId,
    roleType: index === 0 ? "primary" : "secondary",
    role: user.role,
    orgSourcedId: sourcedId,
  }));
}

function profilesOf(user: RawUser): CsvRow[] {
  if (user.username == null) return [];
  return [
    {
      ...base(user),
      sourcedId: `${user.sourcedId}-profile`,
      userSourcedId: user.sourcedId,
      profileType: "sso",
      vendorId: "sandbox",
      credentialType: "username",
      username: user.username,
    },
  ];
}

function base({ sourcedId, status, dateLastModified, metadata }: RawRecord): CsvRow {
  const extra = Object.entries(metadata ?? {}).map(
    ([name, value]) => [`metadata.${name}`, String(value)] as const,
  );
  return { sourcedId, status, dateLastModified, ...Object.fromEntries(extra) };
}

function subjects(taught: { grades: string[]; subjects: string[]; subjectCodes: string[] }): CsvRow {
  const { grades, subjects, subjectCodes } = taught;
  return { grades: grades.join(","), subjects: subjects.join(","), subjectCodes: subjectCodes.join(",") };
}

function idOf(ref: GuidRef | undefined): string {
  return ref?.sourcedId ?? "";
}

function idsOf(refs: readonly GuidRef[]): string {
  return refs.map(({ sourcedId }) => sourcedId).join(",");
}
