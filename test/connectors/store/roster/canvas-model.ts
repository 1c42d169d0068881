/**
 * What Canvas's SIS importer does with a package, as far as it matters here: kinds of files one after the other, rows by
 * key, deletions last, what deletions take with them, and what is refused. What it refuses, no night must ever send.
 */
import { CANVAS_FILES, type CanvasFile } from "../../../../mappers/canvas-files.ts";
import { KEYS } from "../../../../connectors/store/roster/files.ts";
import type { Row } from "./night.ts";

export type Package = Record<CanvasFile, Row[]>;
export type Canvas = Record<CanvasFile, Map<string, Row>>;

const FILES = Object.keys(CANVAS_FILES) as CanvasFile[];

export function emptyCanvas(): Canvas {
  return Object.fromEntries(FILES.map((file) => [file, new Map<string, Row>()])) as Canvas;
}

export function keyOf(file: CanvasFile, row: Row): string {
  return KEYS[file].map((column) => row[column]).join("|");
}

/** Imports a package by itself, and gives what Canvas would complain of. */
export function importPackage(canvas: Canvas, sent: Package): string[] {
  const complaints: string[] = [];
  for (const file of FILES) {
    const seen = new Set<string>();
    for (const row of inOrder(file, sent[file])) {
      const key = keyOf(file, row);
      if (seen.has(key)) complaints.push(`${file} ${key}: twice in one file`);
      seen.add(key);
      const refusal = whyRefused(canvas, file, row);
      if (refusal !== undefined) complaints.push(`${file} ${key}: ${refusal}`);
      else {
        canvas[file].set(key, { ...row });
        if (row["status"] === "deleted") takeAlong(canvas, file, key);
        if (file === "sections") moveAlong(canvas, key, row["course_id"] ?? "");
      }
    }
  }
  return complaints;
}

/**
 * Imports what a package says against the one before it: rows that differ, and those that are absent as deleted. A file
 * that one of the two has not is not compared. Canvas knows an enrollment by its course too, so one whose section has
 * moved is deleted under the old course, which is refused, for the section is not in it any more.
 */
export function importDifference(canvas: Canvas, sent: Package, before: Package | undefined): string[] {
  const changes = Object.fromEntries(
    FILES.map((file): [CanvasFile, Row[]] => {
      const last = before?.[file] ?? [];
      if (last.length === 0 || sent[file].length === 0) return [file, sent[file]];
      const diffKey = (row: Row) =>
        file === "enrollments" ? `${row["course_id"] ?? ""}|${keyOf(file, row)}` : keyOf(file, row);
      const known = new Map(last.map((row) => [diffKey(row), JSON.stringify(row)]));
      const now = new Set(sent[file].map(diffKey));
      const moved = (row: Row) =>
        file === "enrollments" &&
        (sent.sections.find(({ section_id }) => section_id === row["section_id"])?.["course_id"] ??
          row["course_id"]) !== row["course_id"];
      return [
        file,
        [
          ...sent[file].filter((row) => known.get(diffKey(row)) !== JSON.stringify(row)),
          ...last
            .filter((row) => !now.has(diffKey(row)) && !moved(row))
            .map((row) => ({ ...row, status: "deleted" })),
        ],
      ];
    }),
  ) as Package;
  return importPackage(canvas, changes);
}

/** Rows of a file run in parallel, deletions at the end; accounts one by one as they stand. */
function inOrder(file: CanvasFile, rows: readonly Row[]): Row[] {
  if (file === "accounts") return [...rows];
  const isDeletion = (row: Row) => row["status"] === "deleted";
  return [...rows.filter((row) => !isDeletion(row)), ...rows.filter(isDeletion)];
}

function whyRefused(canvas: Canvas, file: CanvasFile, row: Row): string | undefined {
  const get = (kind: CanvasFile, id: string | undefined) => canvas[kind].get(id ?? "");
  const isThere = (kind: CanvasFile, id: string | undefined) => {
    const found = get(kind, id);
    return found !== undefined && found["status"] !== "deleted";
  };
  const lives = (kind: CanvasFile, where: (row: Row) => boolean) =>
    [...canvas[kind].values()].some((other) => other["status"] !== "deleted" && where(other));
  const deletes = row["status"] === "deleted";
  if (deletes && get(file, keyOf(file, row)) === undefined) return "a deletion of what was never there";

  switch (file) {
    case "accounts": {
      const { account_id, parent_account_id: parent } = row;
      if (parent !== "" && get("accounts", parent) === undefined) return "no such parent account";
      if (!deletes) return parent === "" || isThere("accounts", parent) ? undefined : "its parent is deleted";
      if (lives("accounts", (other) => other["parent_account_id"] === account_id))
        return "has active sub-accounts";
      return lives("courses", (course) => course["account_id"] === account_id)
        ? "has active courses"
        : undefined;
    }
    case "terms": {
      const { term_id } = row;
      return deletes && lives("courses", (course) => course["term_id"] === term_id)
        ? "has active courses"
        : undefined;
    }
    case "courses":
      if (deletes) return undefined;
      if (row["account_id"] !== "" && !isThere("accounts", row["account_id"])) return "no such account";
      return isThere("terms", row["term_id"]) ? undefined : "would go to the default term";
    case "sections":
      if (get("courses", row["course_id"]) === undefined) return "no such course";
      return deletes || isThere("courses", row["course_id"]) ? undefined : "its course is deleted";
    case "users":
      return undefined;
    case "enrollments": {
      const section = get("sections", row["section_id"]);
      if (section === undefined || get("users", row["user_id"]) === undefined)
        return "no such section or user";
      if (section["course_id"] !== row["course_id"]) return "section and course are unrelated";
      if (deletes) return undefined;
      if (!isThere("sections", row["section_id"])) return "its section is deleted";
      if (!isThere("courses", row["course_id"])) return "its course is deleted";
      return isThere("users", row["user_id"]) ? undefined : "its user is deleted";
    }
  }
}

function takeAlong(canvas: Canvas, file: CanvasFile, key: string): void {
  const column = { courses: "course_id", sections: "section_id", users: "user_id" }[file as string];
  if (column === undefined) return;
  for (const kind of ["sections", "enrollments"] as const) {
    for (const [other, row] of canvas[kind]) {
      if (kind !== file && row[column] === key) canvas[kind].set(other, { ...row, status: "deleted" });
    }
  }
}

function moveAlong(canvas: Canvas, section: string, course: string): void {
  for (const [key, row] of canvas.enrollments) {
    if (row["section_id"] === section) canvas.enrollments.set(key, { ...row, course_id: course });
  }
}
