/** What it means when SQLite cannot do what the ledger asks of it. */
import { Failure } from "../../../config/failure.ts";

const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** Why a lost ledger is no disaster: what a person needs to know before deleting one. */
export const WITHOUT_IT =
  "Line items are then found again by title and due date, results by line item and student, and only what differs is sent.";

/** @throws Failure usage.ledger, usage.state, busy.ledger or internal.disk-full; what is no fault of SQLite's as it is */
export function orFailure<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failureOf(file, error) ?? error;
  }
}

function failureOf(file: string, cause: unknown): Failure | undefined {
  // The low byte is the kind of error, the others only say more of it.
  switch (codeOf(cause) & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damagedLedger(file, cause);
    case SQLITE_BUSY:
      return new Failure("busy.ledger", `The ledger ${file} is in use by another process.`, {
        hint: "Wait until that has ended, then run again.",
        cause,
      });
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return new Failure(
        "internal.disk-full",
        `The ledger ${file} cannot be written: the disk is full or failing.`,
        {
          hint: "Free some space there, or point `state` at a larger disk, then run again: what has been sent is looked up in the SIS.",
          cause,
        },
      );
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return new Failure("usage.state", `The ledger ${file} cannot be opened for writing.`, {
        hint: "Give the user who runs rosterbridge the right to write the folder that `state` names.",
        cause,
      });
    default:
      return undefined;
  }
}

function codeOf(error: unknown): number {
  const { errcode } = (error instanceof Error ? error : {}) as { errcode?: unknown };
  return typeof errcode === "number" ? errcode : 0;
}

export function damagedLedger(file: string, cause?: unknown): Failure {
  return new Failure("usage.ledger", `The ledger ${file} is damaged, or is no ledger.`, {
    hint: `Put a copy of it back, or move it away with its -wal and -shm. ${WITHOUT_IT}`,
    cause,
  });
}
