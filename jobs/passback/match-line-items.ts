/** What becomes of the line items of one class: found in the ledger or in the SIS, to be sent, or not and why. */
import type { Assignment, AssignmentGrades, SectionGrades } from "../../connectors/canvas/records.ts";
import type { Gradebook, SisLineItem } from "../../connectors/oneroster/gradebook.ts";
import type { LedgerLineItem } from "../../connectors/store/ledger.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";
import { type ClassMapping, hasNoGroup, type LineItemCandidate, type SisCategory } from "./class-mapping.ts";
import { ambiguousLineItem, ofOneClass } from "./class-refusals.ts";
import { newSourcedId } from "./identity.ts";
import { decideLineItem, findLineItems, type Found } from "./line-item-decisions.ts";
import type { LineItemStep } from "./plan.ts";
import type { Why } from "./rows.ts";
import { holds } from "./same.ts";

export interface LineItemPorts {
  rules: GradesConfig;
  institution: string;
  timezone: string;
  gradebook: Pick<Gradebook, "lineItemsOfClass">;
  remaster: boolean;
}

export type Step = LineItemStep | { why: Why };

/**
 * What becomes of each assignment's line item, by assignment; the SIS is asked where only it can know.
 * @throws Failure source.… when the SIS as a whole cannot be asked
 */
export async function lineItemSteps(
  { assignments }: SectionGrades,
  classId: string,
  mapping: ClassMapping,
  known: ReadonlyMap<string, LedgerLineItem>,
  ports: LineItemPorts,
): Promise<Map<string, Step>> {
  const { rules, remaster } = ports;
  const steps = new Map<string, Step>();
  const unsettled: { assignment: Assignment; candidate: LineItemCandidate }[] = [];
  for (const { assignment } of assignments) {
    const entry = known.get(assignment.id);
    const mapped = mapping.lineItem(dated(assignment, { dueDate: entry?.dueDate }), {
      present: undefined,
      remembered: entry?.category,
    });
    if ("why" in mapped) {
      steps.set(assignment.id, mapped);
      continue;
    }
    const { candidate } = mapped;
    const decision = decideLineItem(entry, candidate.digest, {
      remaster,
      lookFirst: rules.categories.sticky || assignment.dates_unknown === true || hasNoGroup(assignment),
    });
    if (decision.kind === "look") {
      unsettled.push({ assignment, candidate });
      continue;
    }
    const action = decision.kind === "unchanged" ? "keep" : "put";
    steps.set(
      assignment.id,
      stepOf(assignment, candidate, { sourcedId: decision.sourcedId, isNew: false, action }),
    );
  }
  if (unsettled.length === 0) return steps;

  const existing = await ofOneClass(classId, () => ports.gradebook.lineItemsOfClass(classId));
  if ("why" in existing) {
    for (const { assignment } of unsettled) steps.set(assignment.id, existing);
    return steps;
  }
  const found = findLineItems(
    unsettled.map(({ assignment, candidate: { title, dueDate } }) => {
      const entry = known.get(assignment.id);
      return {
        assignment: assignment.id,
        title,
        dueDate,
        anyDate: assignment.dates_unknown === true,
        entry,
        ids: idsOf(classId, assignment.id, entry, ports),
      };
    }),
    existing.value,
    claimedBy(assignments, unsettled, known),
    ports.timezone,
  );
  for (const { assignment, candidate } of unsettled) {
    const step = settle(assignment, candidate, found.get(assignment.id) ?? { kind: "absent" });
    steps.set(assignment.id, step);
  }
  return steps;

  function settle(assignment: Assignment, candidate: LineItemCandidate, found: Found): Step {
    const entry = known.get(assignment.id);
    if (found.kind === "ambiguous") return { why: ambiguousLineItem(candidate, found, ports.timezone) };
    if (found.kind === "absent") {
      const sourcedId =
        rules.endpoints === "modified" ? null : newLineItemId(classId, assignment.id, entry, ports);
      return stepOf(assignment, candidate, { sourcedId, isNew: true, action: "put" });
    }
    const { item } = found;
    const { sourcedId } = item;
    const completed = mapping.lineItem(dated(assignment, datesOf(item)), categoryOf(item, entry));
    if ("why" in completed) return completed;
    const now = completed.candidate;
    const isConfirmed =
      entry?.sourcedId === sourcedId && entry.confirmed === now.digest && entry.intended === null;
    const action = remaster
      ? "put"
      : isConfirmed
        ? "keep"
        : holds(item.body, now.body, ports.timezone)
          ? "record"
          : "put";
    return stepOf(assignment, now, { sourcedId, isNew: false, action });
  }
}

interface LineItemDates {
  dueDate: string | null | undefined;
  assignDate?: unknown;
}

function datesOf({ dueDate, body }: SisLineItem): LineItemDates {
  return { dueDate, assignDate: body["assignDate"] };
}

/** Where the source knows no dates, those that the line item has stay. */
function dated(assignment: Assignment, { dueDate, assignDate }: LineItemDates): Assignment {
  if (assignment.dates_unknown !== true || dueDate == null || dueDate === "") return assignment;
  const isKnown = typeof assignDate === "string" && assignDate !== "";
  return { ...assignment, due_at: dueDate, ...(isKnown ? { unlock_at: assignDate } : {}) };
}

function categoryOf(item: SisLineItem, entry: LedgerLineItem | undefined): SisCategory {
  return { present: item.category, remembered: entry?.category };
}

function stepOf(
  { id }: Assignment,
  candidate: LineItemCandidate,
  decided: Pick<LineItemStep, "sourcedId" | "isNew" | "action">,
): LineItemStep {
  return { assignment: id, ...candidate, ...decided };
}

function idsOf(
  classId: string,
  assignment: string,
  entry: LedgerLineItem | undefined,
  { rules, institution }: LineItemPorts,
): string[] {
  const derived =
    rules.sourcedId === "uuid5" ? [newSourcedId("uuid5", [institution, classId, assignment])] : [];
  return entry?.sourcedId == null ? derived : [entry.sourcedId, ...derived];
}

/** The id of an intent is kept: whether it has arrived or not, it is the same record. */
function newLineItemId(
  classId: string,
  assignment: string,
  entry: LedgerLineItem | undefined,
  { rules, institution }: LineItemPorts,
): string {
  return entry?.sourcedId ?? newSourcedId(rules.sourcedId, [institution, classId, assignment]);
}

/** What other assignments have that are still there; of one that is gone from Canvas a new one may take its place. */
function claimedBy(
  assignments: readonly AssignmentGrades[],
  unsettled: readonly { assignment: Assignment }[],
  known: ReadonlyMap<string, LedgerLineItem>,
): Set<string> {
  const seeking = new Set(unsettled.map(({ assignment }) => assignment.id));
  return new Set(
    assignments.flatMap(({ assignment: { id } }) =>
      seeking.has(id) ? [] : (known.get(id)?.sourcedId ?? []),
    ),
  );
}

export function isStep(step: Step | undefined): step is LineItemStep {
  return step !== undefined && !("why" in step);
}
