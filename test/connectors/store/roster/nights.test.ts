import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryMode, MissingRules } from "../../../../connectors/store/roster/missing.ts";
import {
  CANVAS_FILES,
  REFERENCES,
  type CanvasFile,
  type PackageFile,
} from "../../../../mappers/canvas-files.ts";
import {
  emptyCanvas,
  importDifference,
  importPackage,
  keyOf,
  type Canvas,
  type Package,
} from "./canvas-model.ts";
import { districts } from "./districts.ts";
import { readBaseline } from "./delivered.ts";
import { settle, type Night, type Row } from "./night.ts";

const FILES = Object.keys(CANVAS_FILES) as CanvasFile[];
const MODES = ["full", "diffing", "changes"] as const satisfies DeliveryMode[];

const RUNS = 2;

type Rules = Omit<MissingRules, "mode">;

const rules: fc.Arbitrary<Rules> = fc.record({
  missing: fc.record({
    users: fc.constantFrom("suspend", "delete", "keep"),
    enrollments: fc.constantFrom("delete", "complete", "inactivate", "keep"),
    sections: fc.constantFrom("delete", "keep"),
    courses: fc.constantFrom("delete", "keep", "complete"),
    accounts: fc.constantFrom("delete", "keep"),
    terms: fc.constantFrom("delete", "keep"),
  }),
  repeatNights: fc.integer({ min: 1, max: 3 }),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nights-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** One institution under one delivery mode: its Canvas, and its last delivered night. */
class Institution {
  readonly canvas: Canvas = emptyCanvas();
  readonly mode: DeliveryMode;
  private last: { folder: string; sent: Package } | undefined;

  constructor(mode: DeliveryMode) {
    this.mode = mode;
  }

  /** A night, delivered or not; gives what is wrong with it. */
  async pass(input: Night, policies: Rules, delivered: boolean): Promise<string[]> {
    const baseline = mkdtempSync(join(folder, `${this.mode}-`));
    const { rows } = await settle(input, {
      mode: this.mode,
      baseline,
      ...(this.last === undefined ? {} : { last: { ...policies, folder: this.last.folder } }),
    });
    const wrong = [
      ...(this.mode === "changes" ? [] : dangling(rows)),
      ...(this.mode === "diffing" ? [] : claimedTwice(rows, readBaseline(baseline, "users"))),
    ];
    if (!delivered) return wrong;
    wrong.push(
      ...(this.mode === "diffing"
        ? importDifference(this.canvas, rows, this.last?.sent)
        : importPackage(this.canvas, rows)),
    );
    this.last = { folder: baseline, sent: rows };
    return [...wrong, ...this.untrue()];
  }

  baseline(file: CanvasFile): Row[] {
    return this.last === undefined ? [] : readBaseline(this.last.folder, file);
  }

  /** What the baseline says of Canvas that is not so. */
  private untrue(): string[] {
    return FILES.flatMap((file) =>
      this.baseline(file).flatMap((row) => {
        const canvas = this.canvas[file].get(keyOf(file, row));
        const columns = row["nights"] === "" ? CANVAS_FILES[file] : ["status"];
        return columns
          .filter((column) => canvas?.[column] !== row[column])
          .map(
            (column) => `${file} ${keyOf(file, row)}: ${column} is ${canvas?.[column] ?? "none"} in Canvas`,
          );
      }),
    );
  }
}

function isCanvasFile(file: PackageFile): file is CanvasFile {
  return file in CANVAS_FILES;
}

/** References of a package that lead to no row of it. */
function dangling(rows: Package): string[] {
  return REFERENCES.flatMap(({ file, column, to }) => {
    if (!isCanvasFile(file) || !isCanvasFile(to)) return [];
    const there = new Set(rows[to].map((row) => keyOf(to, row)));
    return rows[file]
      .filter((row) => row[column] !== "" && !there.has(row[column] ?? ""))
      .map((row) => `${file} ${keyOf(file, row)}: no ${column} ${row[column] ?? ""} in the package`);
  });
}

/** Logins that two users of the package have who are both there tonight. */
function claimedTwice({ users }: Package, baseline: readonly Row[]): string[] {
  const there = new Set(baseline.filter(({ nights }) => nights === "").map((row) => row["user_id"]));
  const logins = users
    .filter((row) => there.has(row["user_id"]))
    .map((row) => (row["login_id"] ?? "").toLowerCase());
  return logins.filter((login, index) => logins.indexOf(login) < index);
}

const evenings = fc.array(
  fc.record({
    night: districts(6),
    delivered: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  }),
  { minLength: 5, maxLength: 8 },
);

describe("night after night", () => {
  it("every delivery mode leads Canvas to the same end, with nothing that it would refuse", async () => {
    await fc.assert(
      fc.asyncProperty(rules, evenings, async (policies, sequence) => {
        const [full, diffing, changes] = MODES.map((mode) => new Institution(mode)) as [
          Institution,
          Institution,
          Institution,
        ];
        for (const { night, delivered } of sequence) {
          for (const institution of [full, diffing, changes]) {
            expect(await institution.pass(night, policies, delivered), institution.mode).toEqual([]);
          }
          for (const file of FILES) {
            for (const row of full.baseline(file)) {
              const key = keyOf(file, row);
              const expected = full.canvas[file].get(key);
              expect({ [key]: changes.canvas[file].get(key) }, `${file}, changes`).toEqual({
                [key]: expected,
              });
              const other = diffing.canvas[file].get(key);
              // What stays in Canvas is remembered there, so a row is not kept for one that may have moved since.
              const mayGo = policies.missing[file] === "delete" && row["nights"] !== "";
              const isLetGo = mayGo && other?.["status"] === "deleted";
              expect({ [key]: other }, `${file}, diffing`).toEqual({
                [key]: isLetGo ? { ...expected, status: "deleted" } : expected,
              });
            }
          }
        }
      }),
      // Every night is six districts at once, and a failure is told sooner than it is made small.
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
