/** Notices when it is the SIS that fails and not a record: then the run ends, and can be run again. */
import { Failure } from "../../../config/failure.ts";

/** Given up one after the other, each after all its retries. */
const MOST_IN_A_ROW = 5;

export interface Circuit {
  /** The SIS has answered something that was meant for the record. */
  answered: () => void;
  /** @throws Failure source.unavailable when that was one too many */
  gaveUp: (why: Failure) => void;
}

export function createCircuit(): Circuit {
  let inARow = 0;
  return {
    answered() {
      inARow = 0;
    },
    gaveUp(why) {
      if (++inARow < MOST_IN_A_ROW) return;
      const message = `${MOST_IN_A_ROW} records in a row could not be sent. The last: ${why.message}`;
      throw new Failure("source.unavailable", message, {
        hint: `${why.hint} What was sent is in the ledger: another run goes on from there.`,
        cause: why,
      });
    },
  };
}
