/** Accounts, courses and sections by themselves, and who the token belongs to. Source: Canvas API. */
import { type Answer, jsonAnswer } from "../../sis/answers.ts";
import { notFound } from "../answers.ts";
import { pageOf } from "../pages.ts";
import type { Course, Section } from "../records.ts";
import type { School } from "../school.ts";
import { type ApiCall, find } from "./call.ts";

/** GET /api/v1/accounts/:id */
export function account({ state }: ApiCall, ref: string): Answer {
  const found = find(state.school, "account", ref);
  if (found === undefined) return notFound();
  const { id, name, parent_id, sis_id, workflow_state } = found;
  const parent_account_id = parent_id;
  return jsonAnswer(200, {
    id,
    name,
    workflow_state,
    parent_account_id,
    root_account_id: parent_id === null ? null : 1,
    sis_account_id: sis_id,
    integration_id: null,
  });
}

/** GET /api/v1/courses/:id */
export function course({ state }: ApiCall, ref: string): Answer {
  const found = find(state.school, "course", ref);
  return found === undefined ? notFound() : jsonAnswer(200, courseJson(found));
}

/** GET /api/v1/sections/:id */
export function section({ state }: ApiCall, ref: string): Answer {
  const found = find(state.school, "section", ref);
  return found === undefined ? notFound() : jsonAnswer(200, sectionJson(state.school, found));
}

/** GET /api/v1/courses/:id/sections */
export function sectionsOfCourse(call: ApiCall, ref: string): Answer {
  const { school } = call.state;
  const found = find(school, "course", ref);
  if (found === undefined) return notFound();
  const address = `${call.origin}/api/v1/courses/${found.id}/sections`;
  const { query, maxPageSize: maximum } = call;
  const page = pageOf(school.sectionsOf(found.id), { address, query, maximum, by: "number" });
  if (page === undefined) return notFound();
  const records = page.records.map((each) => sectionJson(school, each));
  return jsonAnswer(200, records, { link: page.link });
}

/** GET /api/v1/users/self: an administrator. */
export function self(): Answer {
  return jsonAnswer(200, { id: 1, name: "Sandbox Administrator", short_name: "Administrator" });
}

function courseJson({ id, name, course_code, workflow_state, account_id, term_id, sis_id }: Course): object {
  return {
    id,
    name,
    course_code,
    workflow_state: workflow_state === "claimed" ? "unpublished" : workflow_state,
    account_id,
    enrollment_term_id: term_id,
    sis_course_id: sis_id,
    integration_id: null,
  };
}

function sectionJson(school: School, section: Section): object {
  return {
    id: section.id,
    course_id: section.course_id,
    name: section.name,
    start_at: section.start_at,
    end_at: section.end_at,
    sis_section_id: section.sis_id,
    sis_course_id: school.courses.get(section.course_id).sis_id,
    integration_id: null,
    nonxlist_course_id: section.nonxlist_course_id,
  };
}
