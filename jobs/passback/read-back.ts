/**
 * Whether the SIS holds what it said that it has taken, and no more what it said that it has removed: some answer 200
 * and do nothing. The first classes are read
 * back, and then one of every few; once something is missing every class is, those before as well.
 */
import type { Gradebook } from "../../connectors/oneroster/gradebook.ts";
import type { Ledger, LedgerResult, LineItemKey, ResultKey } from "../../connectors/store/ledger.ts";
import { ofOneClass } from "./class-refusals.ts";
import type { ClassOutcome, ClassPlan } from "./plan.ts";
import { digestOf } from "./class-mapping.ts";
import { problem, type Row } from "./rows.ts";
import { projected } from "./same.ts";

export interface ReadBackPorts {
  gradebook: Pick<Gradebook, "lineItemsOfClass" | "resultsOfClass">;
  ledger: Pick<Ledger, "confirm" | "unconfirm">;
}

const FIRST = 3;
const EVERY = 20;

/** @param number of the class among those that were sent to, from 0 */
export function isSample(number: number): boolean {
  return number < FIRST || number % EVERY === 0;
}

/** Digest of what was confirmed of a record before this run: where the SIS still holds that, it has stored nothing. */
export type Before = (row: Pick<Row, "record" | "sourcedId">) => string | null;

/**
 * The outcome of a class with what the SIS did not do as refused, and taken back in the ledger; undefined when all
 * of it is there, or the SIS does not say.
 */
export async function readBack(
  outcome: ClassOutcome,
  ports: ReadBackPorts,
  details?: { plan: ClassPlan; before: Before },
): Promise<ClassOutcome | undefined> {
  const { classId, rows } = outcome;
  const sent = rows.filter((row) => row.outcome === "sent");
  const removed = rows.filter((row) => row.outcome === "removed");
  const asks = (record: Row["record"]) => [...sent, ...removed].some((row) => row.record === record);
  const lineItems = asks("lineItem")
    ? await ofOneClass(classId, () => ports.gradebook.lineItemsOfClass(classId))
    : { value: [] };
  const results = asks("result")
    ? await ofOneClass(classId, () => ports.gradebook.resultsOfClass(classId))
    : { value: [] };
  if ("why" in lineItems || "why" in results) return undefined;

  const there = {
    lineItem: new Map(lineItems.value.map(({ sourcedId, body }) => [sourcedId, body])),
    result: new Map(results.value.map(({ sourcedId, body }) => [sourcedId, body])),
  };
  const stepOf = details && stepsOf(details.plan);
  const isKept = (row: Row): boolean => {
    const held = there[row.record].get(row.sourcedId);
    if (held === undefined) return false;
    const before = details?.before(row) ?? null;
    const step = stepOf?.(row);
    // A SIS that writes values in its own way is not accused: only one that holds exactly what it held before.
    return (
      step === undefined ||
      before === null ||
      before === step.digest ||
      digestOf(projected(held, step.body)) !== before
    );
  };
  const lost = new Set(sent.filter((row) => row.sourcedId !== "" && !isKept(row)));
  const stays = new Set(removed.filter((row) => there.result.has(row.sourcedId)));
  if (lost.size + stays.size === 0) return undefined;

  ports.ledger.unconfirm(keysOf(classId, lost, "lineItem"), keysOf(classId, lost, "result"));
  // It was forgotten; known again, it is to be removed by the next run too.
  ports.ledger.confirm(
    [],
    [...stays].map((row) => entryOf(classId, row, details?.before(row) ?? null)),
  );
  const corrected = (row: Row): Row => {
    if (lost.has(row)) return { ...row, ...STORED_NOTHING };
    return stays.has(row) ? { ...row, ...REMOVED_NOTHING } : row;
  };
  return { ...outcome, rows: rows.map(corrected) };
}

const STORED_NOTHING = refused(
  "the SIS answered that it has taken it, and stored nothing",
  "Have the SIS's vendor look at its OneRoster gradebook: whether this class is open to changes, and what its log says of this sourcedId.",
);
const REMOVED_NOTHING = refused(
  "the SIS answered that it has removed the grade, and still has it",
  "Remove it in the SIS. If none is removed, set grades.whenCleared: clear, or keep: the SIS does not delete over OneRoster, whatever it answers.",
);

function refused(reason: string, hint: string) {
  return { ...problem(reason, hint), hint, outcome: "refused" } as const;
}

/** What was to be sent of a row; indexed, as a class may have tens of thousands of results. */
function stepsOf({ lineItems, results }: ClassPlan) {
  const ofLineItem = new Map(lineItems.map((step) => [step.assignment, step]));
  const ofResult = Map.groupBy(results, ({ assignment, student }) => JSON.stringify([assignment, student]));
  return ({ record, assignment, student }: Row) =>
    record === "lineItem"
      ? ofLineItem.get(assignment)
      : ofResult.get(JSON.stringify([assignment, student]))?.[0];
}

function entryOf(
  classId: string,
  { assignment, student, sourcedId }: Row,
  confirmed: string | null,
): LedgerResult {
  return { classId, assignmentId: assignment, student, sourcedId, confirmed, intended: null };
}

function keysOf(classId: string, rows: Iterable<Row>, record: Row["record"]): (LineItemKey & ResultKey)[] {
  return [...rows]
    .filter((row) => row.record === record)
    .map(({ assignment, student }) => ({ classId, assignmentId: assignment, student }));
}
