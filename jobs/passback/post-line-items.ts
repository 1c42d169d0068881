/** The line items of one class to the SIS: intended, sent, confirmed. */
import type { Sent, SisLineItem } from "../../connectors/oneroster/gradebook.ts";
import type { ClassLedger, LedgerLineItem } from "../../connectors/store/ledger.ts";
import { ambiguousLineItem, ofOneClass } from "./class-refusals.ts";
import { type Held, heldLineItem, unclear } from "./held.ts";
import { findLineItems } from "./line-item-decisions.ts";
import { type ClassPlan, type LineItemStep, lineItemSubject } from "./plan.ts";
import { outcomeOf, type PostPorts } from "./posting.ts";
import { because, row, type Row, type Why } from "./rows.ts";
import { holds } from "./same.ts";
import { settleResults } from "./settled-results.ts";

/** Where a line item is in the SIS now, or why it is not there. */
export type Placed =
  | { sourcedId: string; isNew: boolean }
  /** Its results are not sent for the same reason. */
  | { why: Why };

export interface PostedLineItems {
  rows: Row[];
  /** By assignment. */
  placed: Map<string, Placed>;
}

export async function postLineItems(
  { classId, lineItems }: ClassPlan,
  known: ClassLedger,
  ports: PostPorts,
): Promise<PostedLineItems> {
  const rows: Row[] = [];
  const placed = new Map<string, Placed>();
  const open: LineItemStep[] = [];
  for (const step of lineItems) {
    const entry = known.lineItems.get(step.assignment);
    // Under --remaster the ledger knew it as confirmed before, and does not say whether it was sent again since.
    const done = ports.resumed && !ports.remaster ? confirmedId(entry, step.digest) : null;
    if (done !== null && step.action !== "keep")
      rows.push(row({ ...lineItemSubject(step), sourcedId: done }, "sent"));
    const there = done ?? (step.action === "keep" ? step.sourcedId : null);
    if (there === null) open.push(step);
    else placed.set(step.assignment, { sourcedId: there, isNew: false });
  }
  if (open.length === 0) return { rows, placed };

  const steps = ports.resumed ? await lookAgain(open) : open;
  const found = steps.filter(({ action }) => action === "record");
  const toSend = steps.filter(({ action }) => action === "put");
  settleResults(steps, known, ports.ledger);
  ports.ledger.confirm(
    found.map((step) => entryOf(step, step.digest, null)),
    [],
  );
  for (const step of found) {
    rows.push(row(lineItemSubject(step), "unchanged", FOUND));
    if (step.sourcedId !== null) placed.set(step.assignment, { sourcedId: step.sourcedId, isNew: false });
  }
  ports.ledger.intend(
    toSend.map((step) => entryOf(step, confirmedOf(step), step.digest)),
    [],
  );
  await send(toSend);
  return { rows, placed };

  /** A process that was killed may have left some of them in the SIS. */
  async function lookAgain(steps: readonly LineItemStep[]): Promise<LineItemStep[]> {
    const unsure = steps.filter(
      ({ assignment, isNew }) =>
        known.lineItems.get(assignment)?.intended != null || (ports.remaster && isNew),
    );
    if (unsure.length === 0) return [...steps];
    const existing = await lineItemsNow();
    if ("why" in existing) return refuseAll(steps, existing.why);
    const found = findLineItems(
      unsure.map(soughtOf),
      existing.value,
      idsOfOthers(unsure),
      ports.context.timezone,
    );
    return steps.flatMap((step): LineItemStep[] => {
      const there = found.get(step.assignment);
      if (there === undefined) return [step];
      if (there.kind === "ambiguous")
        return refuseAll([step], ambiguousLineItem(step, there, ports.context.timezone));
      if (there.kind === "absent") return [{ ...step, sourcedId: idWhenAbsent(step), isNew: true }];
      const { sourcedId, body } = there.item;
      return [
        {
          ...step,
          sourcedId,
          isNew: false,
          action: holds(body, step.body, ports.context.timezone) ? "record" : "put",
        },
      ];
    });
  }

  /** A SIS that gives its own ids takes none for what it does not have. */
  function idWhenAbsent({ assignment, sourcedId }: LineItemStep): string | null {
    if (ports.rules.endpoints === "modified") return null;
    return sourcedId ?? known.lineItems.get(assignment)?.sourcedId ?? null;
  }

  function refuseAll(steps: readonly LineItemStep[], why: Why): [] {
    for (const step of steps) {
      rows.push(row(lineItemSubject(step), "skipped", why));
      placed.set(step.assignment, { why });
    }
    return [];
  }

  async function send(steps: readonly LineItemStep[]): Promise<void> {
    const byKey = new Map(steps.map((step) => [step.assignment, step]));
    const settled: LedgerLineItem[] = [];
    const unnamed: LineItemStep[] = [];
    const parcels = steps.map(({ assignment: key, sourcedId, isNew, body }) => ({
      key,
      sourcedId,
      isNew,
      body,
    }));
    try {
      await ports.send("lineItem", { classId }, parcels, {
        done: ({ key }, sent) => {
          const step = byKey.get(key);
          if (step === undefined) return;
          if (sent.kind === "stored" && sent.sourcedId === null) unnamed.push(step);
          else tell(step, sent, settled);
        },
        // Another set of the same class may have been stored as well: what is not placed yet is looked for with these.
        look: () => heldNow(steps.filter(({ assignment }) => !placed.has(assignment))),
      });
      if (unnamed.length > 0) await nameThem(unnamed, settled);
    } finally {
      ports.ledger.confirm(settled, []);
    }
  }

  async function heldNow(steps: readonly LineItemStep[]): Promise<Map<string, Held>> {
    const { timezone } = ports.context;
    const existing = await lineItemsNow();
    if ("why" in existing) return new Map(steps.map(({ assignment }) => [assignment, unclear(existing.why)]));
    const found = findLineItems(steps.map(soughtOf), existing.value, idsOfOthers(steps), timezone);
    return new Map(
      steps.map((step) => [
        step.assignment,
        heldLineItem(found.get(step.assignment) ?? { kind: "absent" }, step, timezone),
      ]),
    );
  }

  function tell(step: LineItemStep, sent: Sent, settled: LedgerLineItem[]): void {
    const { outcome, why } = outcomeOf(sent, "line item");
    const sourcedId = sent.kind === "stored" ? (sent.sourcedId ?? step.sourcedId) : step.sourcedId;
    const now = { ...step, sourcedId };
    rows.push(row(lineItemSubject(now), outcome, why));
    if (sent.kind === "stored") {
      settled.push(entryOf(now, step.digest, null));
      placed.set(step.assignment, sourcedId === null ? { why: NO_ID } : { sourcedId, isNew: step.isNew });
      return;
    }
    // What the SIS does not know any more is looked for by title and due date the next time.
    const confirmed = sent.kind === "refused" && sent.status === 404 ? null : confirmedOf(step);
    if (sent.kind === "refused") settled.push(entryOf(step, confirmed, null));
    placed.set(step.assignment, { why: why ?? NO_ID });
  }

  /** The SIS has taken them and told no sourcedId: they are looked up. */
  async function nameThem(steps: readonly LineItemStep[], settled: LedgerLineItem[]): Promise<void> {
    const existing = await lineItemsNow();
    const items = "why" in existing ? [] : existing.value;
    const found = findLineItems(steps.map(soughtOf), items, idsOfOthers(steps), ports.context.timezone);
    for (const step of steps) {
      const there = found.get(step.assignment);
      if (there?.kind === "found") tell(step, { kind: "stored", sourcedId: there.item.sourcedId }, settled);
      else tell(step, { kind: "unknown", words: "It took the line item and told no sourcedId" }, settled);
    }
  }

  function lineItemsNow(): Promise<{ value: SisLineItem[] } | { why: Why }> {
    return ofOneClass(classId, () => ports.gradebook.lineItemsOfClass(classId));
  }

  function soughtOf({ assignment, title, dueDate, sourcedId }: LineItemStep) {
    const entry = known.lineItems.get(assignment);
    const ids = [sourcedId, entry?.sourcedId].filter((id) => id != null);
    return { assignment, title, dueDate, entry, ids };
  }

  /** What belongs to assignments other than these, as far as is known now. */
  function idsOfOthers(steps: readonly LineItemStep[]): Set<string> {
    const mine = new Set(steps.map(({ assignment }) => assignment));
    const inLedger = [...known.lineItems.values()].flatMap(({ assignmentId, sourcedId }) =>
      mine.has(assignmentId) || sourcedId === null ? [] : [sourcedId],
    );
    const justPlaced = [...placed].flatMap(([assignment, where]) =>
      mine.has(assignment) || "why" in where ? [] : [where.sourcedId],
    );
    return new Set([...inLedger, ...justPlaced]);
  }

  function confirmedOf({ assignment, sourcedId, isNew }: LineItemStep): string | null {
    const entry = known.lineItems.get(assignment);
    return !isNew && entry?.sourcedId === sourcedId ? entry.confirmed : null;
  }

  function entryOf(step: LineItemStep, confirmed: string | null, intended: string | null): LedgerLineItem {
    const { assignment, sourcedId, title, dueDate, remember } = step;
    return {
      classId,
      assignmentId: assignment,
      sourcedId,
      confirmed,
      intended,
      title,
      dueDate,
      category: remember,
    };
  }
}

/** The sourcedId of a line item that was sent before the run stopped. */
function confirmedId(entry: LedgerLineItem | undefined, digest: string): string | null {
  return entry?.confirmed === digest && entry.intended === null ? entry.sourcedId : null;
}

const FOUND = because("found in the SIS as it should be");
const NO_ID: Why = { reason: "the SIS told no sourcedId of its line item", isProblem: true };
