/** One row as the record that OneRoster REST would send for it; what it means is read later, the same way for both. */
import type { CsvRow } from "../../formats/csv.ts";
import { UNREADABLE } from "../record-shapes.ts";
import type { Header } from "./header.ts";
import type { Mode } from "./manifest.ts";
import type { CellKind } from "./tables.ts";

/** A record before anybody has read it. */
export type RawRecord = Record<string, unknown>;

const USER_ID = /\{([^:{}]*):([^{}]*)\}/g;

/** @param name of the file, for the reason where the row cannot be read */
export function rawRecord(name: string, { cells, line }: CsvRow, header: Header, mode: Mode): RawRecord {
  const { width } = header;
  if (cells.length < width || cells.slice(width).some((cell) => cell.trim() !== "")) {
    const reason = `line ${line} of ${name} has ${cells.length} cells, its header ${width}`;
    return { sourcedId: cells[header.id] ?? "", [UNREADABLE]: reason };
  }
  const record: RawRecord = {};
  let metadata: Record<string, string> | undefined;
  for (const { at, member, kind } of header.cells) {
    const cell = cells[at] ?? "";
    if (cell === "") continue;
    if (kind === "metadata") (metadata ??= {})[member] = cell;
    else record[member] = kind === "text" ? cell : valueOf(cell, kind);
  }
  if (metadata !== undefined) record["metadata"] = metadata;
  // A bulk file leaves status blank, for what is gone is not in it.
  if (mode === "bulk") record["status"] ??= "active";
  return record;
}

function valueOf(cell: string, kind: Exclude<CellKind, "text">): unknown {
  switch (kind) {
    case "ref":
      return cell.trim() === "" ? undefined : { sourcedId: cell.trim() };
    case "refs":
      return textsIn(cell).map((sourcedId) => ({ sourcedId }));
    case "texts":
      return textsIn(cell);
    case "userIds":
      return userIdsIn(cell);
  }
}

function textsIn(cell: string): string[] {
  return cell
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
}

/** `{LDAP:12},{LTI:15}`; some leave the braces out, or the types. */
function userIdsIn(cell: string): { type: string; identifier: string }[] {
  const braced = [...cell.matchAll(USER_ID)].map(([, type = "", identifier = ""]) => ({ type, identifier }));
  if (braced.length > 0) return braced;
  return textsIn(cell).map((text) => {
    const colon = text.indexOf(":");
    return { type: colon < 0 ? "" : text.slice(0, colon), identifier: text.slice(colon + 1) };
  });
}
