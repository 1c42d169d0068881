/** Whether a line item is to be sent, and which one of the SIS it is. Pure. */
import type { SisLineItem } from "../../connectors/oneroster/gradebook.ts";
import type { LedgerLineItem } from "../../connectors/store/ledger.ts";
import { type DueFit, dueFit } from "./same.ts";

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

export type Found =
  | { kind: "found"; item: SisLineItem }
  | { kind: "absent" }
  /** `unzoned`: one alone fits, if the clock that its due date was read from is the right one. */
  | { kind: "ambiguous"; unzoned?: true };

/** A line item of the right title, and how its due date fits. */
interface Candidate {
  item: SisLineItem;
  fit: Exclude<DueFit, "none">;
}

/**
 * Finds line items among those that a class has in the SIS: by sourcedId, else by title and due date, of which the
 * same instant is better than the same day. Two that fit one assignment, or two assignments that one fits, are
 * nobody's; nor is one whose due date, for want of a zone, may be that of another day.
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
  const open = sought.filter(({ assignment }) => !found.has(assignment));
  const candidates = open.map((one) => ({ one, fitting: candidatesFor(one, byTitle, timezone) }));
  const plain = new Set(
    candidates.flatMap(({ fitting: [first, ...more] }) =>
      first === undefined || !isPlain(first) || more.length > 0 ? [] : [first.item.sourcedId],
    ),
  );
  const wanted = new Map<string, string[]>();
  for (const { one, fitting } of candidates) {
    // What is plainly another's raises no doubt.
    const left = fitting.filter((candidate) => isPlain(candidate) || !plain.has(candidate.item.sourcedId));
    found.set(one.assignment, foundAmong(left));
    for (const { item } of left)
      wanted.set(item.sourcedId, [...(wanted.get(item.sourcedId) ?? []), one.assignment]);
  }
  for (const assignments of wanted.values()) {
    if (assignments.length > 1)
      for (const assignment of assignments) found.set(assignment, { kind: "ambiguous" });
  }
  return found;
}

function candidatesFor(
  { title, dueDate, anyDate = false, entry }: Sought,
  byTitle: ReadonlyMap<string, SisLineItem[]>,
  timezone: string,
): Candidate[] {
  const now = fitting(title, dueDate);
  if (now.some(isPlain) || entry === undefined) return now;
  // It may have been renamed or re-dated since it was sent.
  const before = fitting(entry.title, entry.dueDate);
  return now.length === 0 || before.some(isPlain) ? before : now;

  function fitting(name: string, due: string): Candidate[] {
    const fit = (byTitle.get(name.trim()) ?? []).flatMap((item): Candidate[] => {
      const how = dueFit(item.dueDate, due, timezone);
      if (anyDate && how !== "instant") return [{ item, fit: "day" }];
      return how === "none" ? [] : [{ item, fit: how }];
    });
    const exact = fit.filter((candidate) => candidate.fit === "instant");
    return exact.length === 1 ? exact : fit;
  }
}

function isPlain({ fit }: Candidate): boolean {
  return fit !== "unclear";
}

function foundAmong([first, ...more]: readonly Candidate[]): Found {
  if (first === undefined) return { kind: "absent" };
  if (more.length > 0) return { kind: "ambiguous" };
  return isPlain(first) ? { kind: "found", item: first.item } : { kind: "ambiguous", unzoned: true };
}
