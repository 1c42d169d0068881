/** Log entries as a person reads them on a terminal. */

const MARKS: Record<string, string> = { 40: "! ", 50: "✗ ", 60: "✗ " };

/** `02:00:03   extract: 61,204 records in 82 pages`; the time is UTC. */
export function prettyLine(entry: Record<string, unknown>): string {
  const mark = MARKS[String(entry["level"])] ?? "  ";
  const hint = textOf(entry["hint"]);
  return `${textOf(entry["time"]).slice(11, 19)} ${mark}${textOf(entry["msg"])}${hint === "" ? "" : `\n           → ${hint}`}\n`;
}

/** Without control characters: what a SIS says must not paint on somebody's terminal. Lines of ours stay lines. */
function textOf(value: unknown): string {
  if (typeof value !== "string") return "";
  return value
    .split(/\r?\n/)
    .map((line) => line.replace(/\p{Cc}+/gu, " "))
    .join("\n           ");
}
