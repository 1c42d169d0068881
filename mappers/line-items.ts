/** An assignment of a section, or a total, → the line item of its class. */
import type { Assignment, CanvasCourse, CanvasSection } from "../connectors/canvas/records.ts";
import {
  type Body,
  type GradebookContext,
  type GradesConfig,
  type GuidRef,
  refTo,
  withoutSlash,
} from "./gradebook-body.ts";
import { shape } from "./shaping.ts";
import { renderText, type TemplateData } from "./templates.ts";

/** A total is a percentage: its maximum. */
export const TOTAL_MAX = 100;

/** What the last delivered roster knows of the section. */
export interface LineItemGround {
  classId: string;
  /** sourcedId of the school; null: not known. */
  schoolId: string | null;
  /** Last instant of the section, or else of its term; may be empty. */
  end_date: string;
}

export interface LineItemInput {
  assignment: Assignment;
  section: CanvasSection;
  course: CanvasCourse;
  ground: LineItemGround;
  /** As `titlesOf` gives it, from what `wantedTitle` says. */
  title: string;
  category: { sourcedId: string } | null;
  /** sourcedId; null: sent as null; undefined: not sent. */
  gradingPeriod: string | null | undefined;
}

export type MappedLineItem =
  { lineItem: Body; dueDate: string; skip?: undefined } | { skip: string; lineItem?: undefined };

type Rules = Pick<GradesConfig, "lineItem">;

/**
 * The line item, without sourcedId and dateLastModified, and the due date by which it is known beside its title;
 * or why there is none, in a sentence for the instructor. Dates stay as Canvas writes them. A total is due when
 * its section ends; so is work from a source that knows no dates, as nothing better is known. `school` is sent in
 * OneRoster 1.2 only, which requires it.
 *
 * description names the assignment as `<canvas url>/courses/<id>/assignments/<id>`; where the source does not know
 * Canvas's address or an id, it names what is known.
 */
export function mapLineItem(input: LineItemInput, rules: Rules, context: GradebookContext): MappedLineItem {
  const { assignment, ground, title } = input;
  const isTotal = assignment.kind !== "assignment";
  const endsWithSection = isTotal || assignment.dates_unknown === true;
  const due = filled(assignment.due_at) ?? (endsWithSection ? filled(ground.end_date) : undefined);
  const max = isTotal ? TOTAL_MAX : assignment.points_possible;

  if (assignment.problem !== undefined) return { skip: assignment.problem };
  if (title.trim() === "")
    return { skip: "It has no name in Canvas, and the SIS needs a title. Give it a name." };
  if (due === undefined) return { skip: endsWithSection ? NO_END : NO_DUE_DATE };
  if (max === undefined || !Number.isFinite(max)) return { skip: NO_POINTS };

  const lineItem: Body = {
    status: "active",
    title,
    description: `Imported from Canvas: ${placeInCanvas(input, context.canvasUrl)}`,
    assignDate: filled(assignment.unlock_at) ?? due,
    dueDate: due,
    class: refTo("class", ground.classId, context),
    ...schoolOf(ground, context),
    category: input.category && refTo("category", input.category.sourcedId, context),
    resultValueMin: 0,
    resultValueMax: max,
  };
  const { gradingPeriod } = input;
  if (gradingPeriod != null) lineItem["gradingPeriod"] = refTo("academicSession", gradingPeriod, context);
  // OneRoster 1.2 knows no null: the SIS finds the period itself all the same.
  else if (gradingPeriod === null && context.version === "1.1") lineItem["gradingPeriod"] = null;
  shape(lineItem, rules.lineItem, () => ({ ...dataOf(input), category: input.category }), "title");
  const shaped = lineItem["dueDate"];
  return { lineItem, dueDate: typeof shaped === "string" && shaped !== "" ? shaped : due };
}

const NO_DUE_DATE =
  "It has no due date, which the SIS needs. Give it one in Canvas, for everyone or this section.";
const NO_POINTS = "It has no points possible, which the SIS needs. Give it points in Canvas.";
const NO_END =
  "Neither its section nor its term had an end date in the last delivered roster, and it is due then. Give the term an end date in the SIS.";

/** The title before it is cut: `values.title` of the configuration, or else the assignment's name. */
export function wantedTitle(
  input: Pick<LineItemInput, "assignment" | "section" | "course" | "ground">,
  rules: Rules,
): string {
  const template = rules.lineItem.values["title"];
  return template === undefined ? input.assignment.name : renderText(template, dataOf(input));
}

function dataOf(input: Pick<LineItemInput, "assignment" | "section" | "course" | "ground">): TemplateData {
  const { assignment, section, course, ground } = input;
  return { assignment, section, course, class: { sourcedId: ground.classId, school: ground.schoolId } };
}

/** Left out where it is not known: null is no reference, and a SIS that can do without takes the rest. */
function schoolOf(ground: LineItemGround, context: GradebookContext): { school?: GuidRef } {
  if (context.version === "1.1" || ground.schoolId === null) return {};
  return { school: refTo("org", ground.schoolId, context) };
}

/** A link where it leads somewhere, else the ids that are known. A total's place is its course. */
function placeInCanvas({ assignment, course }: LineItemInput, canvasUrl: string | null): string {
  const place = [
    ...(course.id === undefined ? [] : [`courses/${course.id}`]),
    ...(assignment.kind === "assignment" ? [`assignments/${assignment.id}`] : []),
  ].join("/");
  if (canvasUrl !== null && course.id !== undefined) return `${withoutSlash(canvasUrl)}/${place}`;
  return filled(assignment.html_url) ?? filled(place) ?? assignment.id;
}

function filled(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
