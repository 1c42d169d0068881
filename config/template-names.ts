/** The names that templates may speak of: those of the graded work, as each record that is sent can know it. */
import { nearest } from "./nearest.ts";
import { parseTemplate, type TemplatePart } from "./template.ts";

/** What a template is for: a field of a line item, of a result, or the filter by which categories are asked for. */
export type TemplateUse = "lineItem" | "result" | "categoryFilter";

/** `value`: a name to stop at; `anything`: whatever lies below is not ours to know. */
type Names = "value" | "anything" | { readonly [name: string]: Names };

const COURSE = values("id sis_id name");

/** Canvas's SIS assignments API, its assignments API, and the columns of Canvas Data 2; `more` has the rest. */
const ASSIGNMENT: Names = {
  ...values("kind id name html_url points_possible due_at unlock_at lock_at"),
  assignment_group: values("id name sis_source_id"),
  ...values("course_id created_at updated_at position workflow_state submission_types grading_type"),
  ...values("grading_standard_id min_score max_score mastery_score allowed_attempts anonymous_grading"),
  ...values("sis_assignment_id sis_source_id integration_id include_in_final_grade omit_from_final_grade"),
  ...values("post_to_sis hide_in_gradebook important_dates group_category_id only_visible_to_overrides"),
  integration_data: "anything",
  more: "anything",
};

const SUBMISSION: Names = {
  ...values("sis_user_id user_id score excused missing late graded posted graded_at submitted_at comment"),
  ...values(
    "id assignment_id attempt body grade entered_grade entered_score published_grade published_score",
  ),
  ...values("points_deducted late_policy_status seconds_late workflow_state submission_type posted_at"),
  ...values("grader_id grading_period_id cached_due_date extra_attempts custom_grade_status_id url"),
  ...values("grade_matches_current_submission redo_request sticker"),
  more: "anything",
};

const NAMES: Record<TemplateUse, Readonly<Record<string, Names>>> = {
  lineItem: {
    assignment: ASSIGNMENT,
    course: COURSE,
    section: COURSE,
    class: values("sourcedId school"),
    category: values("sourcedId"),
  },
  result: {
    assignment: ASSIGNMENT,
    submission: SUBMISSION,
    course: COURSE,
    section: COURSE,
    class: values("sourcedId"),
    student: values("sourcedId"),
  },
  categoryFilter: { class: values("sourcedId") },
};

/**
 * What is wrong with a template, in words that do not repeat it; undefined: nothing. Values that are no text are
 * sent as they are, and are always right.
 */
export function checkTemplate(template: unknown, use: TemplateUse): string | undefined {
  if (typeof template !== "string") return undefined;
  const parsed = parseTemplate(template);
  if (parsed.problem !== undefined) return parsed.problem;
  return parsed.parts.map((part) => unknownName(part, use)).find((problem) => problem !== undefined);
}

function unknownName(part: TemplatePart, use: TemplateUse): string | undefined {
  if (typeof part === "string") return undefined;
  let names: Names = NAMES[use];
  const known: string[] = [];
  for (const name of part) {
    if (names === "anything") return undefined;
    if (names === "value") return `goes on below {${known.join(".")}}, which is a single value`;
    const below: Names | undefined = Object.hasOwn(names, name) ? names[name] : undefined;
    if (below === undefined) return suggestion(known, name, Object.keys(names));
    known.push(name);
    names = below;
  }
  return undefined;
}

function suggestion(known: string[], name: string, candidates: string[]): string {
  const written = (last: string) => `{${[...known, last].join(".")}}`;
  const meant = nearest(name, candidates);
  if (meant !== undefined) return `has an unknown placeholder; did you mean ${written(meant)}?`;
  const where = known.length === 0 ? "" : ` below {${known.join(".")}}`;
  return `has an unknown placeholder${where}; known are ${candidates.map(written).join(", ")}`;
}

function values(names: string): Record<string, "value"> {
  return Object.fromEntries(names.split(" ").map((name) => [name, "value" as const]));
}
