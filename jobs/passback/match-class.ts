/** One class: what Canvas says against what the ledger and, where only it can know, the SIS hold. */
import type { AssignmentGrades, SectionGrades } from "../../connectors/canvas/records.ts";
import type { GroundSection } from "../../connectors/store/ground.ts";
import type { ClassLedger, Ledger } from "../../connectors/store/ledger.ts";
import type { ClassMapping } from "./class-mapping.ts";
import { isStep, type LineItemPorts, lineItemSteps } from "./match-line-items.ts";
import { matchResults } from "./match-results.ts";
import { type ClassPlan, isEmptyPlan, lineItemSubject, type LineItemStep, type ResultStep } from "./plan.ts";
import { row, type Row, type Why } from "./rows.ts";

export interface MatchPorts extends LineItemPorts {
  ledger: Pick<Ledger, "ofClass">;
}

export interface MatchedClass {
  /** What is decided already. */
  rows: Row[];
  plan: ClassPlan | undefined;
}

/** @throws Failure source.… when the SIS as a whole cannot be asked */
export async function matchClass(
  grades: SectionGrades,
  place: GroundSection,
  mapping: ClassMapping,
  ports: MatchPorts,
): Promise<MatchedClass> {
  const { classId } = place;
  const known = ports.ledger.ofClass(classId);
  const rows: Row[] = [];
  const steps = await lineItemSteps(grades, classId, mapping, known.lineItems, ports);
  const results: ResultStep[] = [];

  for (const { assignment, submissions } of grades.assignments) {
    const step = steps.get(assignment.id);
    if (step === undefined) continue;
    const title = mapping.titles.get(assignment.id) ?? assignment.name;
    if ("why" in step) {
      rows.push(...skipped({ assignment, submissions }, title, step.why, mapping));
      continue;
    }
    if (step.action === "keep") rows.push(row({ ...lineItemSubject(step) }, "unchanged"));
    const owner = ownerOf(step, known);
    const entries = owner === undefined ? undefined : known.results.get(owner);
    const matched = matchResults({ assignment, submissions }, step, entries, mapping, ports);
    for (const one of matched.rows) rows.push(one);
    for (const one of matched.results) results.push(one);
  }
  const plan = {
    course: place.course_id,
    class: classId,
    classId,
    lineItems: grades.assignments.map(({ assignment }) => steps.get(assignment.id)).filter(isStep),
    results,
  };
  if (isEmptyPlan(plan)) return { rows, plan: undefined };
  const needed = new Set(results.map(({ assignment }) => assignment));
  plan.lineItems = plan.lineItems.filter(
    ({ assignment, action }) => action !== "keep" || needed.has(assignment),
  );
  return { rows, plan };
}

/**
 * The assignment under which the ledger has a line item's results: its own, or one that is gone from Canvas and has
 * left its line item to this one. A ledger that knows another line item of it knows nothing of this one's results.
 */
function ownerOf({ assignment, sourcedId }: LineItemStep, { lineItems }: ClassLedger): string | undefined {
  if (lineItems.get(assignment)?.sourcedId === sourcedId) return assignment;
  if (sourcedId === null) return undefined;
  return [...lineItems.values()].find((entry) => entry.sourcedId === sourcedId)?.assignmentId;
}

/** A line item that is not sent, and with it every result that would have been. */
export function skipped(
  { assignment, submissions }: AssignmentGrades,
  title: string,
  why: Why,
  mapping: Pick<ClassMapping, "result"> | undefined,
): Row[] {
  const subject = { assignment: assignment.id, title };
  const results = submissions.flatMap((submission): Row[] => {
    const mapped = mapping?.result(assignment, submission);
    if (mapped?.kind !== "send") return [];
    const { student, score } = mapped;
    return [row({ ...subject, record: "result", student, score }, "skipped", why)];
  });
  return [row({ ...subject, record: "lineItem", student: "" }, "skipped", why), ...results];
}
