/** The results of one class to the SIS, once it is known where its line items are: intended, sent, confirmed. */
import type { Sent } from "../../connectors/oneroster/gradebook.ts";
import type { ClassLedger, LedgerResult } from "../../connectors/store/ledger.ts";
import { resultBody } from "../../mappers/results.ts";
import { AMBIGUOUS_RESULT, ofOneClass } from "./class-refusals.ts";
import { type Held, heldResult, unclear } from "./held.ts";
import { newSourcedId } from "./identity.ts";
import type { ClassPlan, ResultStep } from "./plan.ts";
import type { Placed } from "./post-line-items.ts";
import { outcomeOf, type PostPorts } from "./posting.ts";
import { findResult, indexResults, mustGiveWay, type ResultIndex } from "./result-decisions.ts";
import { because, row, type Row, type RowSubject } from "./rows.ts";
import { holds } from "./same.ts";

/** A result of which it is known where it goes. */
interface Ready {
  step: ResultStep;
  lineItem: string;
  sourcedId: string | null;
  isNew: boolean;
}

export async function postResults(
  plan: ClassPlan,
  placed: ReadonlyMap<string, Placed>,
  known: ClassLedger,
  ports: PostPorts,
): Promise<Row[]> {
  const { classId } = plan;
  const { rules, context, ledger } = ports;
  /** Then it takes none for what it does not have. */
  const givesIds = rules.endpoints === "modified";
  const titles = new Map(plan.lineItems.map(({ assignment, title }) => [assignment, title]));
  const rows: Row[] = [];
  const waiting: (Ready & { look: boolean })[] = [];
  for (const step of plan.results) {
    const where = placed.get(step.assignment);
    const entry = known.results.get(step.assignment)?.get(step.student);
    if (where === undefined) continue;
    if ("why" in where) rows.push(row(subjectOf(step), "skipped", where.why));
    else if (isDone(step, entry))
      rows.push(row({ ...subjectOf(step), sourcedId: entry?.sourcedId ?? null }, "sent"));
    else {
      const sourcedId = where.isNew && givesIds ? null : (entry?.sourcedId ?? step.sourcedId);
      // On a line item that a killed process may have made, it may have made results too.
      const look =
        !where.isNew && (step.look || sourcedId === null || (ports.resumed && entry?.intended != null));
      waiting.push({ step, lineItem: where.sourcedId, sourcedId, isNew: where.isNew, look });
    }
  }

  const ready = await settleUnsure(waiting);
  ledger.intend(
    [],
    ready
      .filter(({ step }) => step.action === "put")
      .map((one) => entryOf(one, confirmedOf(one), one.step.digest)),
  );
  const settled: LedgerResult[] = [];
  const removed: LedgerResult[] = [];
  const homeless = new Set<string>();
  try {
    await Promise.all([
      ...inLineItems(ready).map((group) => sendPuts(group)),
      ...ready.map((one) => remove(one)),
    ]);
  } finally {
    ledger.confirm([], settled);
    ledger.forget([], removed);
    ledger.unconfirm(
      [...homeless].map((assignmentId) => ({ classId, assignmentId })),
      [],
    );
  }
  return rows;

  /** Asks the SIS for the results of the class where only it can know, and puts aside what needs no sending. */
  async function settleUnsure(all: readonly (Ready & { look: boolean })[]): Promise<Ready[]> {
    if (!all.some(({ look }) => look)) return all.map(withId);
    const existing = await ofOneClass(classId, () => ports.gradebook.resultsOfClass(classId));
    if ("why" in existing) {
      for (const { step, look } of all) if (look) rows.push(row(subjectOf(step), "skipped", existing.why));
      return all.filter(({ look }) => !look).map(withId);
    }
    const index = indexResults(existing.value);
    const found: LedgerResult[] = [];
    const toSend = all.flatMap((one) => (one.look ? settle(one, index, found) : [withId(one)]));
    ledger.confirm([], found);
    return toSend;
  }

  function settle(one: Ready, index: ResultIndex, found: LedgerResult[]): Ready[] {
    const { step, lineItem, sourcedId } = one;
    const there = findResult(index, lineItem, step.student, sourcedId);
    if (there.kind === "ambiguous") {
      rows.push(row(subjectOf(step), "skipped", AMBIGUOUS_RESULT));
      return [];
    }
    if (there.kind === "absent") {
      if (step.action === "put" && step.takesBack === undefined)
        return [withId({ ...one, sourcedId: givesIds ? null : sourcedId, isNew: true })];
      ledger.forget([], [entryOf(one, null, null)]);
      return [];
    }
    const { result } = there;
    const now = { ...one, sourcedId: result.sourcedId };
    const isSame =
      step.action === "put" && !ports.remaster && holds(result.body, bodyOf(now), context.timezone);
    const isScored = mustGiveWay(step, result);
    if (!isSame && !isScored) return [now];
    found.push(entryOf(now, step.digest, null));
    const why = isScored ? SCORED_IN_SIS : FOUND;
    rows.push(row({ ...subjectOf(step), sourcedId: result.sourcedId }, "unchanged", why));
    return [];
  }

  function withId(one: Ready): Ready {
    if (one.sourcedId !== null) return one;
    if (givesIds) return { ...one, isNew: true };
    const names = [ports.institution, classId, one.step.assignment, one.step.student];
    return { ...one, sourcedId: newSourcedId(rules.sourcedId, names), isNew: true };
  }

  async function sendPuts(group: readonly Ready[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const byKey = new Map(group.map((one) => [one.step.student, one]));
    const parcels = group.map((one) => ({
      key: one.step.student,
      sourcedId: one.sourcedId,
      isNew: one.isNew,
      body: bodyOf(one),
    }));
    await ports.send("result", { classId, lineItemId: first.lineItem }, parcels, {
      done: ({ key }, sent) => {
        const one = byKey.get(key);
        if (one !== undefined) tell(one, sent);
      },
      look: (some) => heldNow(some.flatMap(({ key }) => byKey.get(key) ?? [])),
    });
  }

  async function heldNow(some: readonly Ready[]): Promise<Map<string, Held>> {
    const existing = await ofOneClass(classId, () => ports.gradebook.resultsOfClass(classId));
    if ("why" in existing) return new Map(some.map(({ step }) => [step.student, unclear(existing.why)]));
    const index = indexResults(existing.value);
    return new Map(
      some.map((one) => {
        const { lineItem, step, sourcedId } = one;
        const found = findResult(index, lineItem, step.student, sourcedId);
        return [step.student, heldResult(found, step, bodyOf(one), context.timezone)];
      }),
    );
  }

  function tell(one: Ready, sent: Sent): void {
    const { outcome, why } = outcomeOf(sent, "grade");
    const sourcedId = sent.kind === "stored" ? (sent.sourcedId ?? one.sourcedId) : one.sourcedId;
    rows.push(row({ ...subjectOf(one.step), sourcedId }, outcome, why));
    if (sent.kind === "stored") settled.push(entryOf({ ...one, sourcedId }, one.step.digest, null));
    if (sent.kind !== "refused") return;
    const isUnknown = sent.status === 404;
    settled.push(entryOf(one, isUnknown ? null : confirmedOf(one), null));
    // It may be the line item that is not there any more: the next run looks.
    if (isUnknown) homeless.add(one.step.assignment);
  }

  async function remove(one: Ready): Promise<void> {
    if (one.step.action !== "remove" || one.sourcedId === null) return;
    const sent = await ports.gradebook.remove("result", one.sourcedId);
    const { outcome, why } = outcomeOf(sent, "removal of the grade");
    const subject = { ...subjectOf(one.step), sourcedId: one.sourcedId };
    if (sent.kind !== "stored") rows.push(row(subject, outcome, why));
    else {
      rows.push(row(subject, "removed", TAKEN_BACK));
      removed.push(entryOf(one, null, null));
    }
  }

  /** Under --remaster nobody knows: it may have been confirmed before the run began. */
  function isDone(step: ResultStep, entry: LedgerResult | undefined): boolean {
    if (!ports.resumed || ports.remaster) return false;
    return step.action === "put" && entry?.confirmed === step.digest && entry.intended === null;
  }

  function bodyOf({ step, lineItem }: Ready): ResultStep["body"] {
    return resultBody(step.body, lineItem, rules, context);
  }

  function confirmedOf({ step: { assignment, student }, sourcedId }: Ready): string | null {
    const entry = known.results.get(assignment)?.get(student);
    return entry?.sourcedId === sourcedId ? entry.confirmed : null;
  }

  function entryOf(one: Ready, confirmed: string | null, intended: string | null): LedgerResult {
    const { assignment, student } = one.step;
    return { classId, assignmentId: assignment, student, sourcedId: one.sourcedId, confirmed, intended };
  }

  function subjectOf({ assignment, student, score, sourcedId }: ResultStep): RowSubject {
    return { record: "result", assignment, title: titles.get(assignment) ?? "", student, score, sourcedId };
  }
}

function inLineItems(ready: readonly Ready[]): Ready[][] {
  const puts = ready.filter(({ step }) => step.action === "put");
  return [...Map.groupBy(puts, ({ lineItem }) => lineItem).values()];
}

const SCORED_IN_SIS = because("not graded in Canvas; the score that the SIS has for it stays");
const FOUND = because("found in the SIS as it should be");
const TAKEN_BACK = because("taken back in Canvas, and taken out of the SIS (whenCleared: delete)");
