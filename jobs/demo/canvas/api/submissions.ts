/** Submissions of many students and assignments. Source: Canvas API, Submissions, "for multiple assignments". */
import { type Answer, jsonAnswer } from "../../sis/answers.ts";
import { forbidden, notFound } from "../answers.ts";
import { pageOf } from "../pages.ts";
import type { Course, Enrollment, Submission, User } from "../records.ts";
import { placesOf } from "../work/assigned.ts";
import { assignmentsOf } from "../work/state.ts";
import { totalsOf } from "../work/totals.ts";
import { type ApiCall, find, isTrue, listed } from "./call.ts";
import { submissionJson } from "./submission-json.ts";

interface Scope {
  call: ApiCall;
  course: Course;
  /** Student enrollments that count, of the section or of the whole course. */
  enrollments: readonly Enrollment[];
  path: string;
}

/** GET /api/v1/sections/:id/students/submissions */
export function submissionsOfSection(call: ApiCall, ref: string): Answer {
  const { school } = call.state;
  const section = find(school, "section", ref);
  if (section === undefined || section.workflow_state === "deleted") return notFound();
  const course = school.courses.get(section.course_id);
  const enrollments = school.enrollmentsOfSection(section.id).filter(isStudent);
  return answer({ call, course, enrollments, path: `/api/v1/sections/${section.id}/students/submissions` });
}

/** GET /api/v1/courses/:id/students/submissions */
export function submissionsOfCourse(call: ApiCall, ref: string): Answer {
  const { school } = call.state;
  const course = find(school, "course", ref);
  if (course === undefined || course.workflow_state === "deleted") return notFound();
  const enrollments = school
    .sectionsOf(course.id)
    .flatMap((section) => school.enrollmentsOfSection(section.id).filter(isStudent));
  return answer({ call, course, enrollments, path: `/api/v1/courses/${course.id}/students/submissions` });
}

function isStudent({ type, workflow_state }: Enrollment): boolean {
  const student = type === "StudentEnrollment" || type === "StudentViewEnrollment";
  return student && workflow_state !== "deleted" && workflow_state !== "inactive";
}

function answer(scope: Scope): Answer {
  const { call } = scope;
  if (call.quirks.has("no-rights")) return forbidden();
  const students = studentsAsked(scope);
  if (students === undefined) return forbidden();
  const assignments = assignmentsAsked(scope);
  if (assignments === undefined) {
    return jsonAnswer(403, { error: "invalid assignment ids requested" });
  }
  const submissions = assignments
    .flatMap((id) => [...(call.state.submissions.get(id)?.values() ?? [])])
    .filter((each) => each.workflow_state !== "deleted" && students.has(each.user_id))
    .filter((each) => isWanted(call.query, each))
    .sort((one, other) => one.id - other.id);
  return call.query.has("grouped") ? grouped(scope, students, submissions) : flat(scope, submissions);
}

/** Undefined when somebody is asked for who is not there. */
function studentsAsked({ call, enrollments }: Scope): ReadonlySet<number> | undefined {
  const state = call.query.get("enrollment_state");
  const wanted = state === null ? undefined : state === "active" ? "active" : "completed";
  const fromSis = isTrue(call.query, "post_to_sis");
  const there = new Set(
    enrollments
      .filter(
        (each) => (wanted === undefined || each.workflow_state === wanted) && (!fromSis || each.from_sis),
      )
      .map((each) => each.user_id),
  );
  const asked = listed(call.query, "student_ids");
  if (asked.includes("all")) return there;
  // Without names Canvas shows the caller's own work: an administrator has none.
  const users = asked.map((ref) => find(call.state.school, "user", ref)?.id);
  if (users.some((id) => id === undefined || !there.has(id))) return undefined;
  return new Set(users.filter((id) => id !== undefined));
}

/** Undefined when one is asked for that is not published, or not of this course. */
function assignmentsAsked({ call, course }: Scope): number[] | undefined {
  const onlySynced = isTrue(call.query, "post_to_sis");
  const there = assignmentsOf(call.state, course.id)
    .filter((each) => each.workflow_state === "published" && (!onlySynced || each.post_to_sis))
    .map((each) => each.id);
  const asked = listed(call.query, "assignment_ids").map((id) => Number.parseInt(id, 10) || 0);
  if (asked.length === 0) return there;
  return asked.every((id) => there.includes(id)) ? [...new Set(asked)] : undefined;
}

function isWanted(query: URLSearchParams, submission: Submission): boolean {
  const state = query.get("workflow_state");
  if (state !== null && submission.workflow_state !== state) return false;
  return (
    isSince(query.get("graded_since"), submission.graded_at) &&
    isSince(query.get("submitted_since"), submission.submitted_at)
  );
}

function isSince(limit: string | null, moment: string | null): boolean {
  return limit === null || (moment !== null && Date.parse(moment) > Date.parse(limit));
}

function flat(scope: Scope, submissions: readonly Submission[]): Answer {
  const { call } = scope;
  const { query, quirks, maxPageSize: maximum } = call;
  const by = quirks.has("numbered-pages") ? "number" : "bookmark";
  const page = pageOf(submissions, { address: call.origin + scope.path, query, maximum, by });
  if (page === undefined) return notFound();
  const places = placesOf(call.state.school, scope.course.id);
  const records = page.records.map((each) => submissionJson(call, each, places.get(each.user_id) ?? []));
  return jsonAnswer(200, records, { link: page.link });
}

function grouped(scope: Scope, students: ReadonlySet<number>, submissions: readonly Submission[]): Answer {
  const { call, course } = scope;
  const { school } = call.state;
  const users = [...students].map((id) => school.users.get(id)).sort((one, other) => one.id - other.id);
  const { query, maxPageSize: maximum } = call;
  const page = pageOf(users, { address: call.origin + scope.path, query, maximum, by: "number" });
  if (page === undefined) return notFound();
  const places = placesOf(school, course.id);
  const totals = listed(query, "include").includes("total_scores") ? totalsOf(call.state, course) : undefined;
  const records = page.records.map((user: User) => ({
    user_id: user.id,
    // One of several, and not always the one that was asked for.
    section_id: scope.enrollments.find((each) => each.user_id === user.id)?.section_id,
    ...(call.quirks.has("sis-ids-hidden")
      ? {}
      : { integration_id: user.integration_id, sis_user_id: user.sis_id }),
    submissions: submissions
      .filter((each) => each.user_id === user.id)
      .map((each) => submissionJson(call, each, places.get(user.id) ?? [])),
    ...(totals === undefined ? {} : totalsJson(totals(user.id))),
  }));
  return jsonAnswer(200, records, { link: page.link });
}

function totalsJson(totals: ReturnType<ReturnType<typeof totalsOf>>): object {
  return {
    computed_final_score: totals.final.score,
    computed_current_score: totals.current.score,
    unposted_final_score: totals.unpostedFinal.score,
    unposted_current_score: totals.unpostedCurrent.score,
  };
}
