/** One class: what Canvas says against what the ledger and, where only it can know, the SIS hold. */
import type {
  Assignment,
  AssignmentGrades,
  SectionGrades,
  Submission,
} from "../../connectors/canvas/records.ts";
import { type Gradebook, type SisLineItem } from "../../connectors/oneroster/gradebook.ts";
import type { GroundSection } from "../../connectors/store/ground.ts";
import type { Ledger, LedgerLineItem, LedgerResult } from "../../connectors/store/ledger.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";
import {
  type ClassMapping,
  digestOf,
  hasNoGroup,
  type LineItemCandidate,
  type MappedResult,
  scoreIn,
  type SisCategory,
} from "./class-mapping.ts";
import { ambiguousLineItem, ofOneClass } from "./class-refusals.ts";
import { newSourcedId } from "./identity.ts";
import { decideLineItem, findLineItems, type Found } from "./line-item-decisions.ts";
import { type ClassPlan, isEmptyPlan, type LineItemStep, type ResultStep } from "./plan.ts";
import { decideResult, isMissingAlone } from "./result-decisions.ts";
import { because, type Outcome, row, type Row, type Why } from "./rows.ts";
import { holds } from "./same.ts";

export interface MatchPorts {
  rules: GradesConfig;
  institution: string;
  timezone: string;
  ledger: Pick<Ledger, "ofClass">;
  gradebook: Pick<Gradebook, "lineItemsOfClass">;
  remaster: boolean;
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
    const entries = known.results.get(assignment.id);
    // A ledger that knows another line item of it knows nothing of this one's results.
    const isOther = known.lineItems.get(assignment.id)?.sourcedId !== step.sourcedId;
    for (const submission of submissions) {
      decideSubmission(assignment, submission, step, isOther ? undefined : entries);
    }
  }
  const plan = {
    course: place.course_id,
    class: classId,
    classId,
    lineItems: [...steps.values()].filter(isStep),
    results,
  };
  if (isEmptyPlan(plan)) return { rows, plan: undefined };
  const needed = new Set(results.map(({ assignment }) => assignment));
  plan.lineItems = plan.lineItems.filter(
    ({ assignment, action }) => action !== "keep" || needed.has(assignment),
  );
  return { rows, plan };

  function decideSubmission(
    assignment: Assignment,
    submission: Submission,
    step: LineItemStep,
    entries: ReadonlyMap<string, LedgerResult> | undefined,
  ): void {
    const mapped = mapping.result(assignment, submission, step.dueDate);
    if (mapped.kind === "nothing") return;
    const { student } = mapped;
    const entry = entries?.get(student);
    if (mapped.kind === "cleared") {
      takenBack(mapped, entry, step);
    } else if (mapped.kind === "skip") {
      rows.push(resultRow(step, student, null, mapped.score, "skipped", mapped.why));
    } else if (mapped.kind === "send") {
      decide(mapped, entry, step);
    } else if (isMissingAlone(entry, mapped.digest)) {
      decide({ ...mapped, givesWay: true }, entry, step);
    } else {
      // A score that was sent, and is none any more, is taken back, whatever else Canvas says of the work.
      takenBack({ student, body: () => mapped.body }, entry, step);
    }
  }

  /** A score that was sent, and is no more. What was never sent needs no taking back. */
  function takenBack(
    { student, body: bodyOf }: Pick<Extract<MappedResult, { kind: "cleared" }>, "student" | "body">,
    entry: LedgerResult | undefined,
    step: LineItemStep,
  ): void {
    if (entry === undefined || step.isNew) return;
    const { sourcedId } = entry;
    if (ports.rules.whenCleared === "keep") {
      rows.push(resultRow(step, student, sourcedId, "", "unchanged", KEPT));
      return;
    }
    const body = bodyOf();
    const cleared = { student, body, digest: digestOf(body), score: scoreIn(body) };
    if (ports.rules.whenCleared === "clear") {
      decide(cleared, entry, step);
      return;
    }
    const { assignment } = step;
    results.push({ assignment, ...cleared, sourcedId, look: sourcedId === null, action: "remove" });
  }

  function decide(
    {
      student,
      body,
      digest,
      score,
      givesWay,
    }: Pick<ResultStep, "student" | "body" | "digest" | "score" | "givesWay">,
    entry: LedgerResult | undefined,
    step: LineItemStep,
  ): void {
    const decision = decideResult(entry, digest, ports.remaster, step.isNew);
    if (decision.kind === "unchanged") {
      rows.push(resultRow(step, student, entry?.sourcedId ?? null, score, "unchanged"));
      return;
    }
    const { sourcedId, look } = decision;
    const { assignment } = step;
    const yields = givesWay === undefined ? {} : { givesWay };
    results.push({ assignment, student, body, digest, score, sourcedId, look, action: "put", ...yields });
  }
}

function resultRow(
  { assignment, title }: LineItemStep,
  student: string,
  sourcedId: string | null,
  score: string,
  outcome: Outcome,
  why?: Why,
): Row {
  return row({ record: "result", assignment, title, student, sourcedId, score }, outcome, why);
}

const KEPT = because("taken back in Canvas; the SIS keeps what was sent (whenCleared: keep)");

type Step = LineItemStep | { why: Why };

/** What becomes of each assignment's line item, by assignment; the SIS is asked where only it can know. */
async function lineItemSteps(
  { assignments }: SectionGrades,
  classId: string,
  mapping: ClassMapping,
  known: ReadonlyMap<string, LedgerLineItem>,
  ports: MatchPorts,
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
      steps.set(assignment.id, { why: because("") });
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
    if (found.kind === "ambiguous") return { why: ambiguousLineItem(candidate, ports.timezone) };
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
    const action = remaster ? "put" : isConfirmed ? "keep" : holds(item.body, now.body) ? "record" : "put";
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
  { rules, institution }: MatchPorts,
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
  { rules, institution }: MatchPorts,
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

function isStep(step: Step): step is LineItemStep {
  return !("why" in step);
}

export function lineItemSubject({ assignment, title, sourcedId }: LineItemStep): Parameters<typeof row>[0] {
  return { record: "lineItem", assignment, title, student: "", sourcedId };
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
