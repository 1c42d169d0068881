/** Reads CSV by RFC 4180 to the letter, sharing no code with what writes it. */

export type Row = Record<string, string>;

/** Rows by the names of the header. @throws Error at a quote or a row that RFC 4180 does not allow */
export function readCsv(text: string): Row[] {
  const [header = [], ...records] = readRecords(text);
  return records.map((cells, index) => {
    if (cells.length !== header.length) throw new Error(`row ${index + 1} has ${cells.length} cells`);
    return Object.fromEntries(header.map((name, column) => [name, cells[column] ?? ""]));
  });
}

function readRecords(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (let at = 0; at < text.length;) {
    const { cell, end } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    record.push(cell);
    if (text[end] === "\n") {
      records.push(record);
      record = [];
    } else if (text[end] !== ",") {
      throw new Error(`a cell ends in ${JSON.stringify(text[end])}`);
    } else if (text[end + 1] === "\n") {
      record.push("");
      records.push(record);
      record = [];
      at = end + 2;
      continue;
    }
    at = end + 1;
  }
  if (record.length > 0) throw new Error("the last row has no end");
  return records;
}

function quotedCell(text: string, start: number): { cell: string; end: number } {
  let cell = "";
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new Error("a quoted cell has no end");
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { cell, end: quote + 1 };
    cell += '"';
    at = quote + 2;
  }
}

function plainCell(text: string, start: number): { cell: string; end: number } {
  const end = start + text.slice(start).search(/[",\n]/);
  if (text.slice(start, end).includes("\r")) throw new Error("a carriage return stands bare");
  return { cell: text.slice(start, end), end };
}
