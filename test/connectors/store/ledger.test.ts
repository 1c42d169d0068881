import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Failure } from "../../../config/failure.ts";
import { type Ledger, type LedgerResult, openLedger } from "../../../connectors/store/ledger.ts";
import { lineItem, result } from "./ledger/entries.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ledger-"));
  onTestFinished(() => {
    rmSync(made, { recursive: true });
  });
  return made;
}

function opened(
  file = join(folder(), "oakdale-ledger.sqlite"),
): Ledger & { file: string; again: () => Ledger } {
  const ledger = openLedger(file);
  let latest = ledger;
  onTestFinished(() => {
    latest.close();
  });
  return {
    ...ledger,
    file,
    again() {
      latest.close();
      latest = openLedger(file);
      return latest;
    },
  };
}

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    return error as Failure;
  }
  throw new Error("it did not fail");
}

const lineItemOf = (ledger: Ledger, assignment = "a1") => ledger.ofClass("c1").lineItems.get(assignment);
const resultOf = (ledger: Ledger, student = "s1") => ledger.ofClass("c1").results.get("a1")?.get(student);

describe("the ledger", () => {
  it("knows nothing at first, and of a class that it has not seen", () => {
    const ledger = opened();
    expect(ledger.counts()).toEqual({ lineItems: 0, results: 0 });
    expect(ledger.ofClass("c1")).toEqual({ lineItems: new Map(), results: new Map() });
  });

  it("keeps what was intended, by class, assignment and student, also when it is opened again", () => {
    const ledger = opened();
    const other = { classId: "c2", assignmentId: "a1" };
    ledger.intend(
      [lineItem({ intended: "d1" }), lineItem({ ...other, sourcedId: null, category: "k1", intended: "d2" })],
      [
        result({ intended: "e1" }),
        result({ student: "s2", sourcedId: null, intended: "e2" }),
        result({ ...other, intended: "e3" }),
      ],
    );
    const again = ledger.again();
    expect(again.ofClass("c1")).toEqual({
      lineItems: new Map([["a1", lineItem({ intended: "d1" })]]),
      results: new Map([
        [
          "a1",
          new Map([
            ["s1", result({ intended: "e1" })],
            ["s2", result({ student: "s2", sourcedId: null, intended: "e2" })],
          ]),
        ],
      ]),
    });
    expect(again.ofClass("c2").lineItems.get("a1")).toEqual(
      lineItem({ ...other, sourcedId: null, category: "k1", intended: "d2" }),
    );
    expect(again.counts()).toEqual({ lineItems: 2, results: 3 });
  });

  it("holds on to what was confirmed while something else is intended", () => {
    const ledger = opened();
    ledger.confirm([lineItem({ confirmed: "old" })], [result({ confirmed: "old" })]);
    ledger.intend([lineItem({ intended: "new", title: "Essay 2" })], [result({ intended: "new" })]);
    expect(lineItemOf(ledger)).toEqual(lineItem({ confirmed: "old", intended: "new", title: "Essay 2" }));
    expect(resultOf(ledger)).toEqual(result({ confirmed: "old", intended: "new" }));
  });

  it("takes back the intent with the confirmation, and with what was confirmed before a refusal", () => {
    const ledger = opened();
    ledger.intend([lineItem({ intended: "d1" })], [result({ intended: "e1" })]);
    ledger.confirm(
      [lineItem({ sourcedId: "theirs", confirmed: "d1", intended: "d1" })],
      [result({ confirmed: null })],
    );
    expect(lineItemOf(ledger)).toEqual(lineItem({ sourcedId: "theirs", confirmed: "d1" }));
    expect(resultOf(ledger)).toEqual(result());
  });

  it("takes back a confirmation that proved untrue, and keeps the sourcedId", () => {
    const ledger = opened();
    const both = { confirmed: "d1", intended: "d2" };
    ledger.confirm([lineItem(both)], [result(both), result({ student: "s2", ...both })]);
    ledger.intend([lineItem(both)], [result(both)]);
    ledger.unconfirm([lineItem()], [result()]);
    expect(lineItemOf(ledger)).toEqual(lineItem());
    expect(resultOf(ledger)).toEqual(result());
    expect(resultOf(ledger, "s2")?.confirmed).toBe("d1");
  });

  it("forgets a result alone, and a line item with all its results", () => {
    const ledger = opened();
    ledger.confirm(
      [lineItem(), lineItem({ assignmentId: "a2" })],
      [result(), result({ student: "s2" }), result({ assignmentId: "a2" })],
    );
    ledger.forget([], [result()]);
    expect(resultOf(ledger)).toBeUndefined();
    expect(ledger.counts()).toEqual({ lineItems: 2, results: 2 });
    ledger.forget([lineItem()], []);
    expect(ledger.counts()).toEqual({ lineItems: 1, results: 1 });
    expect([...ledger.ofClass("c1").results.keys()]).toEqual(["a2"]);
  });

  it("keeps a result whose line item it does not know, and makes up no line item", () => {
    const ledger = opened();
    ledger.confirm([], [result({ confirmed: "e1" })]);
    expect(lineItemOf(ledger)).toBeUndefined();
    expect(resultOf(ledger)).toEqual(result({ confirmed: "e1" }));
    ledger.confirm([lineItem({ confirmed: "d1" })], []);
    expect(lineItemOf(ledger)).toEqual(lineItem({ confirmed: "d1" }));
    expect(resultOf(ledger)).toEqual(result({ confirmed: "e1" }));
    expect(ledger.counts()).toEqual({ lineItems: 1, results: 1 });
  });

  it("writes all of a call or nothing of it", () => {
    const ledger = opened();
    const broken = { ...result({ assignmentId: "a9" }), student: null as unknown as string };
    expect(() => {
      ledger.intend([lineItem({ assignmentId: "a8" })], [result({ assignmentId: "a9" }), broken]);
    }).toThrow();
    expect(ledger.counts()).toEqual({ lineItems: 0, results: 0 });
    // The number that a9 was given went back with the rest.
    ledger.intend([lineItem({ assignmentId: "a7" })], [result({ assignmentId: "a9", intended: "e" })]);
    expect([...ledger.ofClass("c1").results.keys()]).toEqual(["a9"]);
  });

  it("gives back whatever ids, titles and digests it was given", () => {
    const ledger = opened();
    const text = fc
      .string({ unit: "binary", minLength: 1 })
      .filter((one) => !one.includes("\0") && one.isWellFormed());
    fc.assert(
      fc.property(fc.uniqueArray(text), text, text, (students, classId, assignmentId) => {
        const entry = lineItem({ classId, assignmentId, title: assignmentId, confirmed: classId });
        const results = students.map((student) =>
          result({ classId, assignmentId, student, confirmed: student }),
        );
        ledger.forget([entry], []);
        ledger.confirm([entry], results);
        const found = ledger.ofClass(classId);
        expect(found.lineItems.get(assignmentId)).toEqual(entry);
        const byStudent = new Map(results.map((one): [string, LedgerResult] => [one.student, one]));
        expect(found.results.get(assignmentId) ?? new Map()).toEqual(byStudent);
      }),
      { numRuns: 15 },
    );
  });
});

describe("a night that is killed", () => {
  it.for([
    ["intended", { confirmed: "li-1", intended: "li-2" }, { confirmed: "r-1", intended: "r-2" }],
    ["confirmed", { confirmed: "li-2", intended: null }, { confirmed: "r-2", intended: null }],
  ] as const)("leaves behind what it had %s", async ([upTo, ofLineItem, ofResult]) => {
    const file = join(folder(), "ledger.sqlite");
    const script = join(import.meta.dirname, "ledger/interrupted-night.ts");
    const night = spawn(process.execPath, [script, file, upTo], { stdio: ["ignore", "pipe", "inherit"] });
    await once(night.stdout, "data");
    night.kill("SIGKILL");
    await once(night, "exit");

    const ledger = openLedger(file);
    try {
      expect(lineItemOf(ledger)).toEqual(lineItem(ofLineItem));
      expect(resultOf(ledger)).toEqual(result(ofResult));
      expect(resultOf(ledger, "s2")).toEqual(result({ student: "s2", intended: "r-3" }));
    } finally {
      ledger.close();
    }
  });
});

describe("the ledger's file", () => {
  it("is for its owner alone, with what SQLite lays beside it, also when it was open to others", () => {
    const place = join(folder(), "state");
    const ledger = opened(join(place, "ledger.sqlite"));
    ledger.intend([lineItem({ intended: "d" })], []);
    const modes = () =>
      readdirSync(place).map((name) => (statSync(join(place, name)).mode & 0o777).toString(8));
    expect(modes()).toEqual(["600", "600", "600"]);
    expect((statSync(place).mode & 0o777).toString(8)).toBe("700");
    const open = join(folder(), "ledger.sqlite");
    writeFileSync(open, "", { mode: 0o644 });
    opened(open);
    expect((statSync(open).mode & 0o777).toString(8)).toBe("600");
  });

  it.for([
    [
      "is no database",
      () => Buffer.from("not a ledger at all, but long enough to be read as a header of one......"),
    ],
    ["has lost its end", (whole: Buffer) => whole.subarray(0, whole.length - 4096 * 3)],
    ["is full of noise", (whole: Buffer) => Buffer.from(whole).fill(0xa5, 4096, 4096 * 6)],
  ] as const)("is refused when it %s, with what to do", ([, damage]) => {
    const ledger = opened();
    const many = Array.from({ length: 3000 }, (_, i) =>
      result({ student: `s${i}`, intended: `digest-of-${i}` }),
    );
    ledger.intend([lineItem()], many);
    ledger.close();
    ledger.close();
    writeFileSync(ledger.file, damage(readFileSync(ledger.file)));
    const failure = failureOf(() => openLedger(ledger.file));
    expect(failure).toMatchObject({ code: "usage.ledger", exitCode: 2 });
    expect(failure.message).toContain(ledger.file);
    expect(failure.hint).toMatch(/found again by title and due date/);
  });

  it("of the version before is taken over, with all that it knows", () => {
    const ledger = opened();
    ledger.confirm([lineItem({ confirmed: "d" })], [result({ confirmed: "e" })]);
    ledger.close();
    const older = new DatabaseSync(ledger.file);
    older.exec("DROP TABLE gradebook; PRAGMA user_version = 1");
    older.close();
    const again = ledger.again();
    expect(again.gradebook()).toBeUndefined();
    expect(lineItemOf(again)).toMatchObject({ confirmed: "d" });
    expect(resultOf(again)).toMatchObject({ confirmed: "e" });
    again.setGradebook("sis.example.org/one");
    again.setGradebook("sis.example.org/two");
    expect(ledger.again().gradebook()).toBe("sis.example.org/two");
  });

  it("is refused when a newer version wrote it, and is left as it is", () => {
    const ledger = opened();
    ledger.intend([lineItem({ intended: "d" })], []);
    ledger.close();
    const newer = new DatabaseSync(ledger.file);
    newer.exec("PRAGMA user_version = 3");
    newer.close();
    const before = readFileSync(ledger.file);
    const failure = failureOf(() => openLedger(ledger.file));
    expect(failure).toMatchObject({ code: "usage.ledger" });
    expect(failure.message).toMatch(/newer rosterbridge \(version 3; this one knows 2\)/);
    expect(readFileSync(ledger.file)).toEqual(before);
  });

  it("is refused when it is another program's database", () => {
    const file = join(folder(), "other.sqlite");
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE notes (text TEXT)");
    other.close();
    expect(failureOf(() => openLedger(file))).toMatchObject({ code: "usage.ledger" });
  });

  it("is refused where it cannot be written", () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const failure = failureOf(() => openLedger(join(file, "ledger.sqlite")));
    expect(failure).toMatchObject({ code: "usage.state" });
    expect(failure.hint).toMatch(/`state`/);
  });
});
