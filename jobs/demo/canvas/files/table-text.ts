/** Rows of DAP tables as text. Source: Instructure's DAP, output formats. */
import type { DataColumn, DataRow, Value } from "./tables.ts";

/** One file of a table, without its ending. */
export interface DataPart {
  path: string;
  columns: readonly DataColumn[];
  rows: readonly DataRow[];
  /** When the data was taken. */
  ts: string;
}

export function asJsonLines({ columns, rows, ts }: DataPart): string {
  return rows
    .map((row) => {
      const { id, deleted } = row;
      if (deleted) return `${JSON.stringify({ key: { id }, meta: { ts, action: "D" } })}\n`;
      const value = Object.fromEntries(columns.map(({ name, of }) => [name, of(row)]));
      return `${JSON.stringify({ key: { id }, value, meta: { ts, action: "U" } })}\n`;
    })
    .join("");
}

/** Names with dots; in TSV `\N` for nothing and backslashes before tabs and line ends, as PostgreSQL's COPY. */
export function asTable({ columns, rows, ts }: DataPart, format: "csv" | "tsv"): string {
  const write = format === "csv" ? csvValue : tsvValue;
  const separator = format === "csv" ? "," : "\t";
  const header = ["key.id", ...columns.map(({ name }) => `value.${name}`), "meta.ts", "meta.action"];
  const lines = rows.map((row) => {
    const values = columns.map(({ of }) => (row.deleted ? null : of(row)));
    return [row.id, ...values, ts, row.deleted ? "D" : "U"].map(write).join(separator);
  });
  return `${[header.join(separator), ...lines].join("\n")}\n`;
}

function csvValue(value: Value): string {
  if (value === null) return "";
  const text = String(value);
  // Empty text is not nothing.
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function tsvValue(value: Value): string {
  return value === null ? "\\N" : String(value).replaceAll(/[\\\t\n\r]/g, (mark) => ESCAPES[mark] ?? mark);
}
