/** Classes as Canvas's courses and sections. Pure. */
import type { RosterSample } from "../../../connectors/oneroster/probe.ts";
import { type Doubt, doubt } from "./doubt.ts";

/** @param isFiltered whether the config keeps some records out */
export function classDoubts({ kinds, taught }: RosterSample, isFiltered: boolean): Doubt[] {
  const classes = kinds.classes?.records ?? [];
  const of = classes.length;
  const unknownTo = (
    kind: "orgs" | "academicSessions" | "courses",
    ids: (one: (typeof classes)[number]) => string[],
  ) => {
    const { records, isWhole } = kinds[kind] ?? { records: [], isWhole: false };
    const known = new Set(records.map(({ sourcedId }) => sourcedId));
    return isWhole ? classes.filter((one) => ids(one).some((id) => !known.has(id))) : [];
  };
  return [
    doubt(
      "classes",
      "have no term",
      classes.filter(({ terms }) => terms.length === 0),
      of,
      TERM,
    ),
    doubt(
      "classes",
      "have a term that is not among academicSessions",
      unknownTo("academicSessions", ({ terms }) => terms),
      of,
      TERM,
    ),
    doubt(
      "classes",
      "have a school that is not among orgs",
      unknownTo("orgs", ({ school }) => [school]),
      of,
      isFiltered ? `${SCHOOL} Look at source.filters, too.` : SCHOOL,
    ),
    doubt(
      "classes",
      "have no course, or one that is not among courses",
      unknownTo("courses", ({ course }) => [course ?? ""]),
      of,
      COURSE,
    ),
    doubt(
      "classes",
      "have no title",
      classes.filter(({ title }) => title === ""),
      of,
      TITLE,
    ),
    untaught(kinds, taught),
  ].flat();
}

const TERM =
  "A class without a term is left out: in Canvas it would never end. Have the SIS give it its terms.";
const SCHOOL = "Such a class has no sub-account. Have the SIS send its school.";
const COURSE = "Its Canvas course is named after the class alone. Have the SIS send its course.";
const TITLE = "Canvas needs a name for every course and section. Have it filled in the SIS.";
const TEACHER =
  "Nobody can teach it in Canvas, and students would see an unpublished course. Have the SIS assign a teacher, or not send the class yet.";

function untaught(kinds: RosterSample["kinds"], taught: RosterSample["taught"]): Doubt[] {
  if (taught !== undefined) {
    const records = taught.untaught.map((sourcedId) => ({ sourcedId }));
    return doubt(
      "classes",
      "have no teacher (some classes were asked for)",
      records,
      taught.asked.length,
      TEACHER,
    );
  }
  const { classes, enrollments } = kinds;
  if (classes === undefined || enrollments?.isWhole !== true) return [];
  const withTeacher = new Set(
    enrollments.records.filter(({ role }) => role === "teacher").map((enrollment) => enrollment.class),
  );
  const without = classes.records.filter(({ sourcedId }) => !withTeacher.has(sourcedId));
  return doubt("classes", "have no teacher", without, classes.records.length, TEACHER);
}
