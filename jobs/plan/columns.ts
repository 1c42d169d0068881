/** Lines whose parts stand below each other, and no more of them than can be read. */
import { grouped } from "../night/wording.ts";

/** Lines of each list; what is more is counted. */
const MOST = 8;

/** @param right the parts that are numbers, by their place */
export function inColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const width = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: width }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => (right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

export function shortened<T>(all: readonly T[], lines: (some: readonly T[]) => string[]): string[] {
  if (all.length === 0) return [];
  const more = all.length - MOST;
  return [...lines(all.slice(0, MOST)), ...(more > 0 ? [`… and ${grouped(more)} more`] : [])];
}
