/**
 * What the SIS was sent and what it has confirmed: why nothing is sent twice and nothing needlessly. Written ahead:
 * the sourcedId and the intent are on the disk before a request leaves, the confirmation after its answer. What is
 * intended and not confirmed may have arrived or not, and is looked up in the SIS before it is sent again.
 */
import { openFile } from "./ledger/schema.ts";
import { orFailure } from "./ledger/faults.ts";
import { createRows } from "./ledger/rows.ts";

interface Standing {
  /** Null while the SIS has not told the one that it gives. */
  sourcedId: string | null;
  /** Digest of what the SIS confirmed last. */
  confirmed: string | null;
  /** Digest of what was begun to be sent and not confirmed yet. */
  intended: string | null;
}

export interface LineItemKey {
  classId: string;
  /** Canvas's id of the assignment, or of a total. */
  assignmentId: string;
}

export interface ResultKey extends LineItemKey {
  /** sourcedId. */
  student: string;
}

export interface LedgerLineItem extends LineItemKey, Standing {
  /** As last sent, and so are the others. */
  title: string;
  dueDate: string;
  /** sourcedId of the category. */
  category: string | null;
}

export interface LedgerResult extends ResultKey, Standing {}

export interface ClassLedger {
  /** By assignmentId. */
  lineItems: Map<string, LedgerLineItem>;
  /** By assignmentId, then by student. */
  results: Map<string, Map<string, LedgerResult>>;
}

/**
 * Each writing method is one transaction, on the disk when it returns. All throw Failure usage.ledger when the file
 * turns out to be damaged, internal.disk-full when there is no room.
 */
export interface Ledger {
  ofClass: (classId: string) => ClassLedger;
  /** Before the requests: keeps what was confirmed, and sets everything else as given. */
  intend: (lineItems: readonly LedgerLineItem[], results: readonly LedgerResult[]) => void;
  /**
   * After the answers: sets everything as given, and nothing is intended any more. A refused record is given with
   * what was confirmed before it.
   */
  confirm: (lineItems: readonly LedgerLineItem[], results: readonly LedgerResult[]) => void;
  /** The SIS does not hold what it confirmed: neither confirmed nor intended any more, the sourcedId stays. */
  unconfirm: (lineItems: readonly LineItemKey[], results: readonly ResultKey[]) => void;
  /** The SIS has it no more; of a line item all its results are forgotten too. */
  forget: (lineItems: readonly LineItemKey[], results: readonly ResultKey[]) => void;
  counts: () => { lineItems: number; results: number };
  /** The gradebook that all of it is about; undefined before anything was sent. */
  gradebook: () => string | undefined;
  setGradebook: (address: string) => void;
  /** May be called again. */
  close: () => void;
}

/**
 * @param file made when it is not there, 0600
 * @throws Failure usage.ledger when it is damaged or of a newer version, usage.state when it cannot be written
 */
export function openLedger(file: string): Ledger {
  const database = openFile(file);
  const rows = orFailure(file, () => createRows(database));

  function inOne(work: () => void): void {
    orFailure(file, () => {
      database.exec("BEGIN IMMEDIATE");
      rows.begin();
      try {
        work();
        database.exec("COMMIT");
      } catch (error) {
        // A full disk may have rolled it back already.
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /** A method that does one thing with each line item and another with each result, line items first. */
  function writing<L, R>(ofLineItem: (lineItem: L) => void, ofResult: (result: R) => void) {
    return (lineItems: readonly L[], results: readonly R[]): void => {
      if (lineItems.length + results.length === 0) return;
      inOne(() => {
        lineItems.forEach(ofLineItem);
        results.forEach(ofResult);
      });
    };
  }

  return {
    ofClass: (classId) => orFailure(file, () => rows.ofClass(classId)),
    intend: writing(rows.intendLineItem, rows.intendResult),
    confirm: writing(rows.confirmLineItem, rows.confirmResult),
    unconfirm: writing(rows.unconfirmLineItem, rows.unconfirmResult),
    forget: writing(rows.forgetLineItem, rows.forgetResult),
    counts: () => orFailure(file, () => rows.counts()),
    gradebook: () => orFailure(file, () => rows.gradebook()),
    setGradebook(address) {
      inOne(() => {
        rows.setGradebook(address);
      });
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
}
