/** CSV as RFC 4180 has it and nothing beyond: LF, quotes only around a whole value, the same columns in each row. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const { value, end } = text[at] === '"' ? quoted(text, at) : bare(text, at);
      row.push(value);
      at = end + 1;
      if (text[end] === "\n") break;
      if (text[end] !== ",") throw new Error(`at ${end}: neither a comma nor the end of a row`);
    }
    if (row.length !== (rows[0] ?? row).length)
      throw new Error(`row ${rows.length + 1} has ${row.length} values`);
    rows.push(row);
  }
  return rows;
}

/** The rows as objects, by the names in the header. */
export function parseTable(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(text);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])));
}

function quoted(text: string, start: number): { value: string; end: number } {
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') value += text[at] ?? "";
    else if (text[at + 1] === '"') value += text[at++] ?? "";
    else return { value, end: at + 1 };
  }
  throw new Error(`the quote at ${start} is not closed`);
}

function bare(text: string, start: number): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "\n") {
    if (text[end] === '"' || text[end] === "\r") throw new Error(`at ${end}: must be in quotes`);
    end++;
  }
  return { value: text.slice(start, end), end };
}
