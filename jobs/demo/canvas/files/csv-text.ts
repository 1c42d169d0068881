/** CSV as Canvas writes it: LF, quotes where they are needed, nothing between the commas for nothing. */
export type Cell = string | number | null;

export interface CsvLook {
  separator?: "," | ";" | "\t";
  /** A byte order mark in front. */
  bom?: boolean;
  /** Columns that are left out, by name: what an older or a mended export lacks. */
  leaveOut?: readonly string[];
  /** Columns from right to left. */
  reversed?: boolean;
}

/** @param rows the header first, all of one length */
export function csvText(rows: readonly (readonly Cell[])[], look: CsvLook = {}): string {
  const { separator = ",", leaveOut = [] } = look;
  const header = rows[0] ?? [];
  const kept = header.flatMap((name, at) => (leaveOut.includes(String(name)) ? [] : [at]));
  if (look.reversed === true) kept.reverse();
  const lines = rows.map((row) => kept.map((at) => cellText(row[at] ?? null, separator)).join(separator));
  return `${look.bom === true ? "\uFEFF" : ""}${lines.join("\n")}\n`;
}

function cellText(cell: Cell, separator: string): string {
  const text = cell === null ? "" : String(cell);
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}
