/** Tables in Markdown, aligned as prettier aligns them, so that a formatted file stays what was generated. */

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => lengthOf(row[column] ?? ""))));
  const rule = widths.map((width) => "-".repeat(width));
  const lines = [...cells.slice(0, 1), rule, ...cells.slice(1)].map(
    (row) => `| ${widths.map((width, column) => padded(row[column] ?? "", width)).join(" | ")} |`,
  );
  return lines.join("\n");
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(width - lengthOf(cell));
}

/** In characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
