/** Whether a line item is to be sent, and which one of the SIS it is. Pure. */
import type { SisLineItem } from "../../connectors/oneroster/gradebook.ts";
import type { LedgerLineItem } from "../../connectors/store/ledger.ts";
import { isSameDue, isSameInstant } from "./same.ts";

export type LineItemDecision =
  | { kind: "unchanged"; sourcedId: string }
  /** It is ours, and it is not what the SIS confirmed. */
  | { kind: "put"; sourcedId: string }
  /** Only the SIS can say whether it is there. */
  | { kind: "look" };

/**
 * By what is known alone.
 * @param entry what the ledger has of it
 * @param lookFirst the SIS is to be asked before anything is sent, whatever the ledger says
 */
export function decideLineItem(
  entry: LedgerLineItem | undefined,
  digest: string,
  { remaster, lookFirst }: { remaster: boolean; lookFirst: boolean },
): LineItemDecision {
  // An intent that was not confirmed may have arrived, or not.
  if (entry?.sourcedId == null || entry.confirmed === null || entry.intended !== null)
    return { kind: "look" };
  if (remaster) return { kind: "look" };
  if (entry.confirmed === digest) return { kind: "unchanged", sourcedId: entry.sourcedId };
  return lookFirst ? { kind: "look" } : { kind: "put", sourcedId: entry.sourcedId };
}

export interface Sought {
  assignment: string;
  title: string;
  dueDate: string;
  /** Its due date is a guess: its title alone must tell it. */
  anyDate?: boolean;
  entry: LedgerLineItem | undefined;
  /** sourcedIds that it has whenever it is ours. */
  ids: readonly string[];
}

export type Found = { kind: "found"; item: SisLineItem } | { kind: "absent" } | { kind: "ambiguous" };

/**
 * Finds line items among those that a class has in the SIS: by sourcedId, else by title and due date, of which the
 * same instant is better than the same day. Two that fit one assignment, or two assignments that one fits, are nobody's.
 *
 * @param claimed sourcedIds that the ledger knows as another assignment's
 */
export function findLineItems(
  sought: readonly Sought[],
  existing: readonly SisLineItem[],
  claimed: ReadonlySet<string>,
  timezone: string,
): Map<string, Found> {
  const byId = new Map(existing.map((item) => [item.sourcedId, item]));
  const found = new Map<string, Found>();
  const taken = new Set(claimed);
  for (const { assignment, ids } of sought) {
    const item = ids.map((id) => byId.get(id)).find((candidate) => candidate !== undefined);
    if (item === undefined) continue;
    found.set(assignment, { kind: "found", item });
    taken.add(item.sourcedId);
  }

  const byTitle = Map.groupBy(
    existing.filter(({ sourcedId }) => !taken.has(sourcedId)),
    ({ title }) => title.trim(),
  );
  const wanted = new Map<string, string[]>();
  for (const one of sought) {
    if (found.has(one.assignment)) continue;
    const fitting = fittingLineItems(one, byTitle, timezone);
    found.set(one.assignment, foundAmong(fitting));
    for (const { sourcedId } of fitting)
      wanted.set(sourcedId, [...(wanted.get(sourcedId) ?? []), one.assignment]);
  }
  for (const assignments of wanted.values()) {
    if (assignments.length > 1)
      for (const assignment of assignments) found.set(assignment, { kind: "ambiguous" });
  }
  return found;
}

function fittingLineItems(
  { title, dueDate, anyDate = false, entry }: Sought,
  byTitle: ReadonlyMap<string, SisLineItem[]>,
  timezone: string,
): SisLineItem[] {
  const now = fitting(title, dueDate);
  if (now.length > 0 || entry === undefined) return now;
  // It may have been renamed or re-dated since it was sent.
  return fitting(entry.title, entry.dueDate);

  function fitting(name: string, due: string): SisLineItem[] {
    const fit = (byTitle.get(name.trim()) ?? []).filter(
      (item) => anyDate || isSameDue(item.dueDate, due, timezone),
    );
    const exact = fit.filter((item) => item.dueDate !== null && isSameInstant(item.dueDate, due));
    return exact.length === 1 ? exact : fit;
  }
}

function foundAmong([item, ...more]: readonly SisLineItem[]): Found {
  if (item === undefined) return { kind: "absent" };
  return more.length === 0 ? { kind: "found", item } : { kind: "ambiguous" };
}
