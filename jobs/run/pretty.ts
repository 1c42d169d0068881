/** Log entries as a person reads them on a terminal. */

const MARKS: Record<string, string> = { 40: "! ", 50: "✗ ", 60: "✗ " };

/** `02:00:03  extract: 61,204 records in 82 pages` */
export function prettyLine(entry: Record<string, unknown>): string {
  const time = typeof entry["time"] === "string" ? entry["time"].slice(11, 19) : "";
  const mark = MARKS[String(entry["level"])] ?? "  ";
  const message = typeof entry["msg"] === "string" ? entry["msg"] : "";
  const hint =
    typeof entry["hint"] === "string" && entry["hint"] !== "" ? `\n           → ${entry["hint"]}` : "";
  return `${time} ${mark}${message}${hint}\n`;
}
