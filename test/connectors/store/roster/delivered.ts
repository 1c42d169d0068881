/** Nights that were delivered one after the other, and what the last of them left. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MissingRules } from "../../../../connectors/store/roster/missing.ts";
import { CANVAS_FILES, type CanvasFile } from "../../../../mappers/canvas-files.ts";
import { parseTable } from "../strict-csv.ts";
import { settle, type Night, type Options, type Row, type SettledNight } from "./night.ts";

export type Policies = MissingRules["missing"];

/** What the contract says when a config says nothing. */
export const DEFAULTS: Policies = {
  users: "suspend",
  enrollments: "delete",
  sections: "delete",
  courses: "keep",
  accounts: "keep",
  terms: "keep",
};

export interface DeliveredNight extends SettledNight {
  baseline: Record<CanvasFile, Row[]>;
}

export type NightsOptions = Omit<Options, "last" | "baseline"> & {
  missing?: Partial<Policies>;
  repeatNights?: number;
};

/** Each night as it comes out after all before it were delivered; the options of each, or of all. */
export async function deliver(
  nights: readonly Night[],
  options: NightsOptions | readonly NightsOptions[] = {},
): Promise<DeliveredNight[]> {
  const folder = mkdtempSync(join(tmpdir(), "delivered-"));
  const results: DeliveredNight[] = [];
  try {
    for (const [index, night] of nights.entries()) {
      const own: NightsOptions = ("length" in options ? options[index] : options) ?? {};
      const { missing = {}, repeatNights = 3, ...more } = own;
      const [before, baseline] = [join(folder, String(index)), join(folder, String(index + 1))];
      const last = { folder: before, missing: { ...DEFAULTS, ...missing }, repeatNights };
      const settled = await settle(night, { ...more, baseline, ...(index === 0 ? {} : { last }) });
      const files = Object.keys(CANVAS_FILES) as CanvasFile[];
      const left = Object.fromEntries(files.map((file) => [file, readBaseline(baseline, file)]));
      results.push({ ...settled, baseline: left as DeliveredNight["baseline"] });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The last of these nights. */
export async function lastOf(nights: readonly Night[], options?: NightsOptions): Promise<DeliveredNight> {
  return (await deliver(nights, options)).at(-1)!;
}

export function readBaseline(folder: string, file: CanvasFile): Row[] {
  const path = join(folder, `${file}.csv`);
  const rows = existsSync(path) ? parseTable(readFileSync(path, "utf8")) : [];
  // The files are in no order; by the record that gave the row, a test can tell them apart.
  return rows.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** `key … key: status` of rows, by their columns. */
export function states(rows: readonly Row[], ...columns: string[]): string[] {
  return rows.map((row) => `${columns.map((column) => row[column]).join(" ")}: ${row["status"] ?? ""}`);
}
