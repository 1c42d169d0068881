/** What the ledger still knows of results once it is known which line item each assignment has. */
import type { ClassLedger, Ledger } from "../../connectors/store/ledger.ts";
import type { LineItemStep } from "./plan.ts";

/**
 * To be called before the line items are sent; changes `known` as it does the ledger.
 *
 * An assignment that is gone from Canvas has left its line item, and what is known of the results, to another of the
 * same title and due date: scores that the new one does not have are then taken back, and not left over. Of another
 * line item than before nothing is known, and of one that is to be made anew nothing is confirmed.
 */
export function settleResults(
  steps: readonly LineItemStep[],
  known: ClassLedger,
  ledger: Pick<Ledger, "intend" | "unconfirm" | "forget">,
): void {
  const owners = new Map(
    steps.flatMap(({ assignment, sourcedId }) => (sourcedId === null ? [] : [[sourcedId, assignment]])),
  );
  const gone = [...known.lineItems.values()].filter(({ assignmentId, sourcedId }) => {
    const owner = sourcedId === null ? undefined : owners.get(sourcedId);
    return owner !== undefined && owner !== assignmentId;
  });
  const moved = steps.flatMap(({ assignment, sourcedId }) => {
    const entry = known.lineItems.get(assignment);
    return entry?.sourcedId != null && entry.sourcedId !== sourcedId ? [entry] : [];
  });
  ledger.forget(moved, []);
  for (const { assignmentId } of moved) known.results.delete(assignmentId);
  for (const { assignmentId, sourcedId } of gone) inherit(owners.get(sourcedId ?? ""), assignmentId);
  ledger.forget(gone, []);
  doubt(steps.filter(({ isNew }) => isNew));

  function inherit(heir: string | undefined, from: string): void {
    const results = known.results.get(from);
    if (heir === undefined || results === undefined) return;
    const inherited = [...results.values()].map((result) => ({ ...result, assignmentId: heir }));
    ledger.intend([], inherited);
    known.results.set(heir, new Map(inherited.map((result) => [result.student, result])));
    known.results.delete(from);
  }

  /** The results went with the line item: a run that ends before they are sent again must leave them to the next. */
  function doubt(made: readonly LineItemStep[]): void {
    const doubted = made.flatMap(({ assignment }) => [...(known.results.get(assignment)?.values() ?? [])]);
    ledger.unconfirm([], doubted);
    for (const result of doubted) Object.assign(result, { confirmed: null, intended: null });
  }
}
