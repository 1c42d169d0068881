/** Enrollments as Canvas would get them. Pure. */
import type { RosterConfig } from "../../../config/schema.ts";
import type { RosterSample } from "../../../connectors/oneroster/probe.ts";
import { canvasRole } from "../../../mappers/roles.ts";
import { type Doubt, doubt } from "./doubt.ts";

/** @param isFiltered whether the config keeps some records out */
export function enrollmentDoubts(
  { kinds }: RosterSample,
  { roles }: RosterConfig["enrollments"],
  isFiltered: boolean,
): Doubt[] {
  const enrollments = kinds.enrollments?.records ?? [];
  const of = enrollments.length;
  const unnamed = Map.groupBy(
    enrollments.filter(({ role }) => canvasRole(role, roles) === undefined),
    ({ role }) => role,
  );
  const whyLost = isFiltered ? `${LOST} Look at source.filters, too.` : LOST;
  const lost = (kind: "users" | "classes", id: (one: (typeof enrollments)[number]) => string) => {
    const { records, isWhole } = kinds[kind] ?? { records: [], isWhole: false };
    const there = new Set(records.map(({ sourcedId }) => sourcedId));
    return isWhole ? enrollments.filter((one) => !there.has(id(one))) : [];
  };
  const halfDated = enrollments.filter(
    ({ beginDate, endDate }) => (beginDate === undefined) !== (endDate === undefined),
  );
  const undated = enrollments.filter(
    ({ beginDate, endDate }) => beginDate === undefined && endDate === undefined,
  );
  return [
    ...doubt(
      "enrollments",
      "name a user that the SIS does not send",
      lost("users", ({ user }) => user),
      of,
      whyLost,
    ),
    ...doubt(
      "enrollments",
      "name a class that the SIS does not send",
      lost("classes", (one) => one.class),
      of,
      whyLost,
    ),
    ...[...unnamed].flatMap(([role, records]) =>
      doubt(
        "enrollments",
        `have the role ${role}, which is not enrolled`,
        records,
        of,
        SELDOM.has(role) ? "" : ROLE,
      ),
    ),
    ...doubt("enrollments", "have only one of beginDate and endDate", halfDated, of, DATES),
    ...doubt("enrollments", "have no dates, so that those of the term count", undated, of, ""),
  ];
}

/** Roles of the standard that few districts want in their courses. */
const SELDOM = new Set(["administrator", "guardian", "parent", "proctor", "relative"]);
const LOST = "Such an enrollment is left out. Ask the SIS's support why the record is missing.";
const ROLE = "If these people belong into Canvas's courses, name their role under roster.enrollments.roles.";
const DATES =
  "Canvas heeds the dates of an enrollment only when both are there: the other one is taken from its section or term.";
