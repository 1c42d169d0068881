/** Enrollments as Canvas would get them. Pure. */
import type { RosterConfig } from "../../../config/schema.ts";
import type { RosterSample } from "../../../connectors/oneroster/probe.ts";
import { rolesByName } from "../../../mappers/roles.ts";
import { type Doubt, doubt } from "./doubt.ts";

export function enrollmentDoubts({ kinds }: RosterSample, { roles }: RosterConfig["enrollments"]): Doubt[] {
  const enrollments = kinds.enrollments?.records ?? [];
  const of = enrollments.length;
  const known = rolesByName(roles);
  const unnamed = Map.groupBy(
    enrollments.filter(({ role }) => !known.has(role)),
    ({ role }) => role,
  );
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
      LOST,
    ),
    ...doubt(
      "enrollments",
      "name a class that the SIS does not send",
      lost("classes", (one) => one.class),
      of,
      LOST,
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
const LOST =
  "Such an enrollment is left out. Ask the SIS's support why the record is missing, and look at source.filters.";
const ROLE = "If these people belong into Canvas's courses, name their role under roster.enrollments.roles.";
const DATES =
  "Canvas heeds the dates of an enrollment only when both are there; the dates of the term count instead.";
