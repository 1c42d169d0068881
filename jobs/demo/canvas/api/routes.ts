/** Which answer a path gets. */
import type { Answer } from "../../sis/answers.ts";
import { notFound } from "../answers.ts";
import type { ApiCall, Endpoint } from "./call.ts";
import { account, course, section, sectionsOfCourse, self } from "./places.ts";
import { sisAssignmentsOfAccount, sisAssignmentsOfCourse } from "./sis-assignments.ts";
import { submissionsOfCourse, submissionsOfSection } from "./submissions.ts";

/** `:id` is whatever stands between two slashes. */
const ROUTES: readonly (readonly [pattern: string, endpoint: Endpoint])[] = [
  ["/api/sis/accounts/:id/assignments", sisAssignmentsOfAccount],
  ["/api/sis/courses/:id/assignments", sisAssignmentsOfCourse],
  ["/api/v1/sections/:id/students/submissions", submissionsOfSection],
  ["/api/v1/courses/:id/students/submissions", submissionsOfCourse],
  ["/api/v1/courses/:id/sections", sectionsOfCourse],
  ["/api/v1/courses/:id", course],
  ["/api/v1/sections/:id", section],
  ["/api/v1/accounts/:id", account],
  ["/api/v1/users/self", self],
];

/** A dot begins a format in Rails, unless it is written %2E. */
/** A dot begins a format in Rails, unless it is written %2E. */
const TABLE = ROUTES.map(([pattern, endpoint]) => ({
  path: new RegExp(`^${pattern.replace(":id", "([^/.]+)")}(?:\\.json)?$`),
  endpoint,
}));

/** Only GET is served, and what is not served is not there. */
export function answerTo(call: ApiCall, method: string, path: string): Answer {
  if (method !== "GET") return notFound();
  for (const { path: pattern, endpoint } of TABLE) {
    const match = pattern.exec(path);
    if (match !== null) return endpoint(call, decoded(match[1] ?? ""));
  }
  return notFound();
}

/** What is not percent-encoded text names nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}
