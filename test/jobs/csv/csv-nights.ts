/** One institution whose SIS puts OneRoster CSV files into a folder. */
import { utimesSync } from "node:fs";
import { join } from "node:path";
import type { District } from "../../../jobs/demo/district.ts";
import { type CsvExportOptions, writeOneRosterCsv } from "../../../jobs/demo/district/one-roster-csv.ts";
import { type Ended, type Home, makeHome, packageOf, rowsOf } from "../night-kit.ts";
import { readdirSync } from "node:fs";

export interface CsvNights extends AsyncDisposable {
  home: Home;
  /** Where the SIS puts its exports. */
  folder: string;
  /** An export of a district, written a day after the one before unless told otherwise. */
  exports(district: District, options?: CsvExportOptions & { on?: Date }): void;
  night(...options: string[]): Promise<Ended>;
}

const FIRST_EXPORT = Date.UTC(2026, 10, 1, 8);
const DAY_MS = 86_400_000;

/** @param sections of the config; `source` adds to that of the kit */
export function csvNights({
  source = {},
  ...sections
}: { source?: object; [section: string]: unknown } = {}): CsvNights {
  const home = makeHome({ source: { kind: "oneroster-csv", path: "export", ...source }, ...sections });
  const folder = join(home.folder, "export");
  let exported = 0;
  return {
    home,
    folder,
    exports(district, { on = new Date(FIRST_EXPORT + DAY_MS * exported++), ...options } = {}) {
      writeOneRosterCsv(district, folder, options);
      for (const name of readdirSync(folder)) utimesSync(join(folder, name), on, on);
    },
    night: (...options) => home.call(["roster", ...options]),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

/** Ids in a file of the newest package with a status. */
export function idsIn(home: Home, file: string, key: string, status = "active"): string[] {
  return rowsOf(packageOf(home), file)
    .filter((row) => row["status"] === status)
    .map((row) => row[key] ?? "");
}
