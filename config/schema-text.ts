/** JSON as prettier lays it out, so that a formatted file stays what was generated. */

const LINE_WIDTH = 110;

/** Two spaces a level; a list of plain values on one line where it fits. Ends in a newline. */
export function schemaText(value: unknown): string {
  return `${textOf(value, "", 0)}\n`;
}

/** @param used how much of the first line is already taken, and by what follows the value */
function textOf(value: unknown, indent: string, used: number): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const isPlain = value.every((item) => typeof item !== "object" || item === null);
    if (value.length === 0 || (isPlain && indent.length + used + line.length <= LINE_WIDTH)) return line;
    return `[\n${value.map((item) => deeper + textOf(item, deeper, 1)).join(",\n")}\n${indent}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => {
        const name = `${JSON.stringify(key)}: `;
        return deeper + name + textOf(member, deeper, name.length + 1);
      });
    return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}
