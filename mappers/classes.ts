/** Class → its row of courses.csv and of sections.csv. */
import type { RosterConfig } from "../config/schema.ts";
import type { AcademicSession, Class, Course, Reject } from "../connectors/oneroster/records.ts";
import type { OrgIndex } from "./accounts.ts";
import type { CanvasRow } from "./canvas-files.ts";
import { dayEnd, dayStart, lastDay } from "./days.ts";
import { NUL_REASON, type Note, hasNul, rejected } from "./findings.ts";
import { type SessionIndex, pickTerm } from "./sessions.ts";
import { type DayRules, termIdOf } from "./terms.ts";

export type CourseRow = CanvasRow<"courses">;
export type SectionRow = CanvasRow<"sections">;

export interface ClassContext extends DayRules {
  roster: Pick<RosterConfig, "courses" | "sections" | "terms">;
  orgs: Pick<OrgIndex, "accountOf" | "selected">;
  sessions: SessionIndex;
  /** Courses that are not gone, by sourcedId. */
  courses: ReadonlyMap<string, Course>;
}

export interface ClassRows {
  course: CourseRow;
  section: SectionRow;
  termId: string;
  /** The session that was picked; all those of one termId make its row of terms.csv. */
  session: AcademicSession;
  notes: readonly Note[];
  reject?: undefined;
  leftOut?: undefined;
}

export type ClassResult =
  | ClassRows
  | { reject: Reject; course?: undefined; leftOut?: undefined }
  | { leftOut: "school not selected"; course?: undefined; reject?: undefined };

/**
 * Takes records that are not gone. Ids are made of sourcedIds alone: a class that changes its title, code or
 * teacher stays the same course and section, with the work that was done in it.
 */
export function toClassRows(record: Class, context: ClassContext): ClassResult {
  if (!context.orgs.selected(record.school)) return { leftOut: "school not selected" };
  const { sourcedId } = record;
  const title = record.title.trim();
  if (title === "")
    return rejected(sourcedId, "title", record.title, "a class without a title cannot be a section");
  if (hasNul(title)) return rejected(sourcedId, "title", title, NUL_REASON);
  if (hasNul(sourcedId)) return rejected(sourcedId, "sourcedId", sourcedId, NUL_REASON);

  const account = context.orgs.accountOf(record.school);
  if (account === undefined) {
    return rejected(
      sourcedId,
      "school",
      record.school,
      "the SIS has no such school, or its org was left out",
    );
  }
  const pick = pickTerm(record.terms, context.sessions, context.roster.terms.pick);
  if (pick.problem !== undefined) return rejected(sourcedId, "terms", record.terms.join(" "), pick.problem);
  const termId = termIdOf(pick.session, context.roster.terms.merge);

  const identity = identify(record, title, termId, context);
  if (identity.reject) return identity;
  return {
    course: { ...identity.names, account_id: account, term_id: termId, status: "active" },
    section: {
      section_id: sourcedId,
      course_id: identity.names.course_id,
      name: title,
      status: "active",
      ...sectionDates(pick.session, context),
    },
    termId,
    session: pick.session,
    notes: pick.notes,
  };
}

type CourseNames = Pick<CourseRow, "course_id" | "short_name" | "long_name">;
type Identity = { names: CourseNames; reject?: undefined } | { reject: Reject };

function identify(record: Class, title: string, termId: string, context: ClassContext): Identity {
  const course = context.courses.get(record.course ?? "");
  if (context.roster.courses.identity === "class") {
    const code = filled(record.classCode) ?? filled(course?.courseCode) ?? title;
    if (hasNul(code)) return rejected(record.sourcedId, "classCode", code, NUL_REASON);
    return { names: { course_id: record.sourcedId, short_name: code, long_name: title } };
  }

  const refuse = (value: string, reason: string) => rejected(record.sourcedId, "course", value, reason);
  if (course === undefined) {
    const reason =
      "the SIS has no such course, of which roster.courses.identity course-term makes the Canvas course";
    return refuse(record.course ?? "", reason);
  }
  const long_name = course.title.trim();
  if (long_name === "") return refuse(course.sourcedId, "its course has no title");
  const short_name = filled(course.courseCode) ?? long_name;
  if ([course.sourcedId, long_name, short_name].some(hasNul))
    return refuse(course.sourcedId, `its course ${NUL_REASON}`);
  return { names: { course_id: `${course.sourcedId}_${termId}`, short_name, long_name } };
}

/**
 * Dates on a section make Canvas admit its members between them only. They are those of the class's own
 * session, also where schools' sessions of several lengths are merged into one term.
 */
function sectionDates(
  session: AcademicSession,
  context: ClassContext,
): Pick<SectionRow, "start_date" | "end_date"> {
  if (context.roster.sections.dates === "none") return { start_date: "", end_date: "" };
  return {
    start_date: dayStart(session.startDate, context.timezone),
    end_date: dayEnd(lastDay(session.endDate, context.endDates), context.timezone),
  };
}

function filled(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
}
