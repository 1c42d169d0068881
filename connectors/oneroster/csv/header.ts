/** The first line of a CSV: which column is what, leniently about names, strictly about what a roster needs. */
import { columnFault } from "./failures.ts";
import type { Mode } from "./manifest.ts";
import { type CellKind, columnsOf, type CsvVersion, NEVER_KEPT, OLD_NAMES, type Table } from "./tables.ts";

/** What becomes of the cells of one column. */
export interface CellPlan {
  at: number;
  member: string;
  kind: CellKind | "metadata";
}

export interface Header {
  width: number;
  cells: CellPlan[];
  /** Where the sourcedId stands. */
  id: number;
  notes: string[];
}

const METADATA = "metadata.";

/** A delta says who is gone by status, and which of two changes is the newer by its time. */
const NEEDED_IN_DELTA: readonly string[] = ["status", "dateLastModified"];

/** @throws Failure source.export-columns */
export function readHeader(
  name: string,
  cells: readonly string[],
  shape: { table: Table; version: CsvVersion; mode: Mode },
): Header {
  const { table, version, mode } = shape;
  const columns = columnsOf(table, version);
  const known = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const old = new Map(Object.entries(OLD_NAMES[table] ?? {}));
  const found = new Map<string, CellPlan>();
  const unknown: string[] = [];
  const otherwise: string[] = [];

  for (const [at, cell] of cells.entries()) {
    const written = cell.trim();
    const key = written.toLowerCase();
    if (NEVER_KEPT.has(key) || key === "") continue;
    if (key.startsWith(METADATA)) {
      const member = written.slice(METADATA.length);
      if (!NEVER_KEPT.has(member.toLowerCase())) found.set(key, { at, member, kind: "metadata" });
      continue;
    }
    const column = known.get(key) ?? known.get((old.get(key) ?? "").toLowerCase());
    if (column === undefined) {
      unknown.push(written);
      continue;
    }
    if (found.has(column.name)) throw columnFault(name, `has the column ${column.name} twice`);
    if (written !== column.name) otherwise.push(`${written} for ${column.name}`);
    found.set(column.name, { at, member: column.member, kind: column.kind });
  }

  const missing = columns.filter((column) => !found.has(column.name));
  const isNeeded = ({ name, isRequired }: (typeof columns)[number]) =>
    isRequired || (mode === "delta" && NEEDED_IN_DELTA.includes(name));
  const needed = missing.filter(isNeeded).map((column) => column.name);
  if (needed.length > 0)
    throw columnFault(name, `lacks ${needed.join(", ")}${mode === "delta" ? " (delta)" : ""}`);
  const others = missing.map((column) => column.name).filter((one) => !NEEDED_IN_DELTA.includes(one));
  return {
    width: cells.length,
    cells: [...found.values()],
    id: found.get("sourcedId")?.at ?? 0,
    notes: [
      ...noteOf(name, "is without", others),
      ...noteOf(name, "writes", otherwise),
      ...noteOf(name, "has more columns than the standard, which are not read:", unknown),
    ],
  };
}

function noteOf(name: string, what: string, columns: readonly string[]): string[] {
  return columns.length === 0 ? [] : [`${name} ${what} ${columns.join(", ")}`];
}
