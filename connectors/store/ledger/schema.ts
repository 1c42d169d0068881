/** The ledger's file: its tables, their version, and who may read it. */
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../../../config/failure.ts";
import { damagedLedger, orFailure, WITHOUT_IT } from "./faults.ts";

/** PRAGMA user_version: raised with every change of the tables. */
export const VERSION = 2;

/** How long another process, which only looks, is waited for; in milliseconds. */
const PATIENCE = 5000;

/**
 * A line item without a title is none: it only lends its number to results that are known before it is. Results
 * name their line item by that number, for there are a million of them.
 */
const TABLES = `
  CREATE TABLE line_items (
    id INTEGER PRIMARY KEY,
    class_id TEXT NOT NULL,
    assignment_id TEXT NOT NULL,
    sourced_id TEXT,
    confirmed TEXT,
    intended TEXT,
    title TEXT,
    due_date TEXT,
    category TEXT,
    UNIQUE (class_id, assignment_id)
  ) STRICT;
  CREATE TABLE results (
    line_item INTEGER NOT NULL,
    student TEXT NOT NULL,
    sourced_id TEXT,
    confirmed TEXT,
    intended TEXT,
    PRIMARY KEY (line_item, student)
  ) STRICT, WITHOUT ROWID;
`;

/** Since version 2: the gradebook that all of it is about, once something has been sent there. */
const GRADEBOOK = "CREATE TABLE gradebook (address TEXT NOT NULL) STRICT;";

/**
 * Opens the file, or makes it, 0600 with a folder 0700.
 * @throws Failure usage.ledger, usage.state, busy.ledger, internal.disk-full
 */
export function openFile(file: string): DatabaseSync {
  makePrivate(file);
  let database: DatabaseSync | undefined;
  try {
    const opened = (database = orFailure(file, () => new DatabaseSync(file, { timeout: PATIENCE })));
    orFailure(file, () => {
      prepare(opened, file);
    });
    return opened;
  } catch (error) {
    database?.close();
    throw error;
  }
}

/** Before SQLite makes it, which gives its -wal and -shm the same rights. */
function makePrivate(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
  } catch (cause) {
    throw new Failure("usage.state", `The ledger ${file} cannot be opened for writing.`, {
      hint: "Give the user who runs rosterbridge the right to write the folder that `state` names.",
      cause,
    });
  }
}

function prepare(database: DatabaseSync, file: string): void {
  const version = numberOf(database, "PRAGMA user_version");
  if (version > VERSION) throw newerLedger(file, version);
  // FULL: what was promised before a request must also outlive a loss of power.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;");
  if (version === VERSION) {
    // A fifth of a second for a million results; a ledger that forgets some of them would have them sent twice.
    if (textOf(database, "PRAGMA quick_check(1)") !== "ok") throw damagedLedger(file);
    return;
  }
  database.exec("BEGIN IMMEDIATE");
  // Another process may have made them just now.
  const found = numberOf(database, "PRAGMA user_version");
  if (found === 0 && numberOf(database, "SELECT count(*) FROM sqlite_schema") > 0) throw damagedLedger(file);
  if (found === 0) database.exec(TABLES);
  if (found < VERSION) database.exec(`${GRADEBOOK} PRAGMA user_version = ${VERSION};`);
  database.exec("COMMIT");
}

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(textOf(database, sql));
}

function textOf(database: DatabaseSync, sql: string): string {
  return String(Object.values(database.prepare(sql).get() ?? {})[0]);
}

function newerLedger(file: string, version: number): Failure {
  const message = `The ledger ${file} was written by a newer rosterbridge (version ${version}; this one knows ${VERSION}).`;
  return new Failure("usage.ledger", message, {
    hint: `Run the newer rosterbridge, or move the ledger away. ${WITHOUT_IT}`,
  });
}
