/** The ledger's rows: how each is read and written. */
import type { DatabaseSync } from "node:sqlite";
import type { ClassLedger, LedgerLineItem, LedgerResult, LineItemKey, ResultKey } from "../ledger.ts";

type LineItemRow = [
  number,
  string,
  string | null,
  string | null,
  string | null,
  string,
  string,
  string | null,
];
type ResultRow = [string, string | null, string | null, string | null];

export interface Rows {
  /** To be called when a transaction begins: what the last one found may have been rolled back. */
  begin: () => void;
  ofClass: (classId: string) => ClassLedger;
  intendLineItem: (lineItem: LedgerLineItem) => void;
  intendResult: (result: LedgerResult) => void;
  confirmLineItem: (lineItem: LedgerLineItem) => void;
  confirmResult: (result: LedgerResult) => void;
  unconfirmLineItem: (key: LineItemKey) => void;
  unconfirmResult: (key: ResultKey) => void;
  forgetLineItem: (key: LineItemKey) => void;
  forgetResult: (key: ResultKey) => void;
  counts: () => { lineItems: number; results: number };
  gradebook: () => string | undefined;
  setGradebook: (address: string) => void;
}

const OF_LINE_ITEM = "(SELECT id FROM line_items WHERE class_id = ? AND assignment_id = ?)";

export function createRows(database: DatabaseSync): Rows {
  const prepare = (sql: string) => database.prepare(sql);
  const arrays = (sql: string) => {
    const statement = prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };

  const lineItemsOfClass = arrays(
    `SELECT id, assignment_id, sourced_id, confirmed, intended, title, due_date, category
     FROM line_items WHERE class_id = ? AND title IS NOT NULL ORDER BY id`,
  );
  const numbersOfClass = arrays("SELECT id, assignment_id FROM line_items WHERE class_id = ? ORDER BY id");
  const resultsOf = arrays(
    "SELECT student, sourced_id, confirmed, intended FROM results WHERE line_item = ?",
  );
  const upsertLineItem = (confirmed: string) =>
    prepare(
      `INSERT INTO line_items (class_id, assignment_id, sourced_id, confirmed, intended, title, due_date, category)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (class_id, assignment_id) DO UPDATE SET sourced_id = excluded.sourced_id, confirmed = ${confirmed},
         intended = excluded.intended, title = excluded.title, due_date = excluded.due_date, category = excluded.category`,
    );
  const upsertResult = (confirmed: string) =>
    prepare(
      `INSERT INTO results (line_item, student, sourced_id, confirmed, intended) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (line_item, student) DO UPDATE SET sourced_id = excluded.sourced_id, confirmed = ${confirmed},
         intended = excluded.intended`,
    );
  const statements = {
    intendLineItem: upsertLineItem("line_items.confirmed"),
    confirmLineItem: upsertLineItem("excluded.confirmed"),
    intendResult: upsertResult("results.confirmed"),
    confirmResult: upsertResult("excluded.confirmed"),
    unconfirmLineItem: prepare(
      "UPDATE line_items SET confirmed = NULL, intended = NULL WHERE class_id = ? AND assignment_id = ?",
    ),
    unconfirmResult: prepare(
      `UPDATE results SET confirmed = NULL, intended = NULL WHERE line_item = ${OF_LINE_ITEM} AND student = ?`,
    ),
    forgetResultsOf: prepare(`DELETE FROM results WHERE line_item = ${OF_LINE_ITEM}`),
    forgetLineItem: prepare("DELETE FROM line_items WHERE class_id = ? AND assignment_id = ?"),
    forgetResult: prepare(`DELETE FROM results WHERE line_item = ${OF_LINE_ITEM} AND student = ?`),
    number: arrays("SELECT id FROM line_items WHERE class_id = ? AND assignment_id = ?"),
    reserve: prepare("INSERT INTO line_items (class_id, assignment_id) VALUES (?, ?)"),
    lineItems: arrays("SELECT count(*) FROM line_items WHERE title IS NOT NULL"),
    results: arrays("SELECT count(*) FROM results"),
    gradebook: arrays("SELECT address FROM gradebook"),
    forgetGradebook: prepare("DELETE FROM gradebook"),
    addGradebook: prepare("INSERT INTO gradebook (address) VALUES (?)"),
  };

  /** The number of a line item; a new one for a line item that is not known yet. */
  function numberOf({ classId, assignmentId }: LineItemKey): number {
    const row = statements.number.get(classId, assignmentId) as unknown as [number] | undefined;
    return row?.[0] ?? Number(statements.reserve.run(classId, assignmentId).lastInsertRowid);
  }

  /** Results come line item by line item, so the last one's number is mostly wanted again. */
  let last: (LineItemKey & { number: number }) | undefined;
  function numberAgain(key: LineItemKey): number {
    if (last?.classId !== key.classId || last.assignmentId !== key.assignmentId) {
      last = { classId: key.classId, assignmentId: key.assignmentId, number: numberOf(key) };
    }
    return last.number;
  }

  return {
    begin() {
      last = undefined;
    },
    ofClass(classId) {
      const found: ClassLedger = { lineItems: new Map(), results: new Map() };
      for (const row of lineItemsOfClass.all(classId) as unknown as LineItemRow[]) {
        const [, assignmentId, sourcedId, confirmed, intended, title, dueDate, category] = row;
        const standing = { sourcedId, confirmed, intended };
        found.lineItems.set(assignmentId, { classId, assignmentId, ...standing, title, dueDate, category });
      }
      for (const [number, assignmentId] of numbersOfClass.all(classId) as unknown as [number, string][]) {
        const results = new Map<string, LedgerResult>();
        for (const row of resultsOf.all(number) as unknown as ResultRow[]) {
          const [student, sourcedId, confirmed, intended] = row;
          results.set(student, { classId, assignmentId, student, sourcedId, confirmed, intended });
        }
        if (results.size > 0) found.results.set(assignmentId, results);
      }
      return found;
    },
    intendLineItem: (lineItem) => {
      statements.intendLineItem.run(...lineItemValues(lineItem, lineItem.intended));
    },
    confirmLineItem: (lineItem) => {
      statements.confirmLineItem.run(...lineItemValues(lineItem, null));
    },
    intendResult: (result) => {
      const { student, sourcedId, confirmed, intended } = result;
      statements.intendResult.run(numberAgain(result), student, sourcedId, confirmed, intended);
    },
    confirmResult: (result) => {
      const { student, sourcedId, confirmed } = result;
      statements.confirmResult.run(numberAgain(result), student, sourcedId, confirmed, null);
    },
    unconfirmLineItem: ({ classId, assignmentId }) => {
      statements.unconfirmLineItem.run(classId, assignmentId);
    },
    unconfirmResult: ({ classId, assignmentId, student }) => {
      statements.unconfirmResult.run(classId, assignmentId, student);
    },
    forgetLineItem: ({ classId, assignmentId }) => {
      last = undefined;
      statements.forgetResultsOf.run(classId, assignmentId);
      statements.forgetLineItem.run(classId, assignmentId);
    },
    forgetResult: ({ classId, assignmentId, student }) => {
      statements.forgetResult.run(classId, assignmentId, student);
    },
    counts: () => ({
      lineItems: (statements.lineItems.get() as unknown as [number])[0],
      results: (statements.results.get() as unknown as [number])[0],
    }),
    gradebook: () => (statements.gradebook.get() as unknown as [string] | undefined)?.[0],
    setGradebook(address) {
      statements.forgetGradebook.run();
      statements.addGradebook.run(address);
    },
  };
}

function lineItemValues(
  { classId, assignmentId, sourcedId, confirmed, title, dueDate, category }: LedgerLineItem,
  intended: string | null,
) {
  return [classId, assignmentId, sourcedId, confirmed, intended, title, dueDate, category] as const;
}
