/** What is taught at each level, and over which part of the year. */
import type { Calendar } from "./calendar.ts";
import { type GuidRef, type RawCourse, ref } from "./raw-records.ts";
import type { Level, School } from "./schools.ts";

interface Subject {
  code: string;
  title: string;
  /** SCED subject area. */
  sced: string;
  span: "year" | "semesters" | "varies";
  homeroom?: boolean;
  /** Elementary: taught by a specialist, not by the teacher of the cohort. */
  specialist?: boolean;
}

const HOMEROOM: Subject = { code: "HR", title: "Homeroom", sced: "22", span: "year", homeroom: true };

/** Six lessons a child, which makes the usual six enrollments. */
const SUBJECTS: Record<Level, readonly Subject[]> = {
  elementary: [
    HOMEROOM,
    { code: "READ", title: "Reading", sced: "01", span: "semesters" },
    { code: "MATH", title: "Mathematics", sced: "02", span: "semesters" },
    { code: "SCI", title: "Science", sced: "03", span: "year" },
    { code: "SOC", title: "Social Studies", sced: "04", span: "semesters" },
    { code: "ART", title: "Art and Music", sced: "05", span: "varies", specialist: true },
  ],
  middle: [
    HOMEROOM,
    { code: "ELA", title: "English Language Arts", sced: "01", span: "semesters" },
    { code: "MATH", title: "Mathematics", sced: "02", span: "semesters" },
    { code: "SCI", title: "Science", sced: "03", span: "year" },
    { code: "HIST", title: "World History", sced: "04", span: "semesters" },
    { code: "ELEC", title: "Exploratory Elective", sced: "10", span: "varies" },
  ],
  high: [
    { code: "ENGL", title: "English", sced: "01", span: "semesters" },
    { code: "MATH", title: "Mathematics", sced: "02", span: "semesters" },
    { code: "PHYS", title: "Physical Science", sced: "03", span: "semesters" },
    { code: "GOV", title: "History and Government", sced: "04", span: "year" },
    { code: "LANG", title: "World Language", sced: "06", span: "semesters" },
    { code: "ELEC", title: "Elective", sced: "10", span: "varies" },
  ],
};

export interface Offering {
  subject: Subject;
  grade: string;
  course: RawCourse;
  ref: GuidRef;
}

/** Every course of a school: one a subject and grade. */
export function makeCatalogue(school: School, calendar: Calendar): Offering[] {
  return school.grades.flatMap((grade) =>
    SUBJECTS[school.level].map((subject): Offering => {
      const courseCode = `${subject.code}${grade}`;
      const sourcedId = `C-${school.org.sourcedId}-${courseCode}`;
      return {
        subject,
        grade,
        ref: ref("courses", "course", sourcedId),
        course: {
          sourcedId,
          status: "active",
          dateLastModified: "2026-07-10T06:00:00.000Z",
          title: `${subject.title} ${grade === "KG" ? "K" : String(Number(grade))}`,
          courseCode,
          schoolYear: calendar.year,
          grades: [grade],
          subjects: subject.homeroom === true ? [] : [subject.title],
          subjectCodes: [subject.sced],
          org: school.ref,
        },
      };
    }),
  );
}

/** The sessions of a class; electives differ from section to section, so that every combination is there. */
export function sessionsOf(subject: Subject, section: number, calendar: Calendar): GuidRef[] {
  const [first, second] = calendar.semesters;
  const [q1, q2, q3, q4] = calendar.quarters;
  if (subject.span === "year") return [calendar.year];
  if (subject.span === "semesters") return [first, second];
  return [[q1, q2], [first], [second], [q3, q4], [q2]][section % 5] ?? [first];
}
