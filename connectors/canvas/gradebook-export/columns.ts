/** The header of a Gradebook export: what stands where. Source: Canvas's gradebook exporter, which never translates it. */
import type { ExportFile } from "../export-files/export-file.ts";
import { doubleColumn, lacksColumns, notAnExport } from "../export-files/failures.ts";

export interface GradebookColumns {
  /** `Student`, or `LastName` and `FirstName`. */
  names: number[];
  id: number;
  sisUserId: number;
  loginId: number | undefined;
  section: number;
  /** Columns named `title (number)`: assignments, unless what stands under them says otherwise. */
  numbered: NumberedColumn[];
}

export interface NumberedColumn {
  index: number;
  id: string;
  name: string;
}

const STUDENT = ["Student", "LastName", "FirstName"];

/** Columns that Canvas names itself, before those of the course. */
export const FIXED_COLUMNS: ReadonlySet<string> = new Set([
  ...STUDENT,
  "ID",
  "SIS User ID",
  "SIS Login ID",
  "Integration ID",
  "Root Account",
  "Section",
]);

const EXPORT_AGAIN =
  "Export the Gradebook again (Gradebook, Export, Export Entire Gradebook) and put the file there as it is.";

/** @throws Failure source.not-an-export, source.export-columns */
export function gradebookColumns(header: readonly string[], file: ExportFile): GradebookColumns {
  const names = header.map((name) => name.trim());
  const known = names.filter((name) => FIXED_COLUMNS.has(name));
  if (!known.some((name) => STUDENT.includes(name)) || known.length < 3) {
    throw notAnExport(file.name, "a Gradebook export", `Take it out of the folder. ${EXPORT_AGAIN}`);
  }
  const twice = known.find((name, index) => known.indexOf(name) !== index);
  if (twice !== undefined) throw doubleColumn(file.name, twice);

  const missing = ["ID", "SIS User ID", "Section"].filter((name) => !names.includes(name));
  if (missing.includes("SIS User ID")) {
    throw lacksColumns(
      file.name,
      missing,
      "Canvas writes it only for people who may read SIS data: give the instructor's role the permission " +
        `"SIS Data - read", or let an admin export. ${EXPORT_AGAIN}`,
    );
  }
  if (missing.length > 0) throw lacksColumns(file.name, missing, EXPORT_AGAIN);

  const section = names.indexOf("Section");
  const loginId = names.indexOf("SIS Login ID");
  return {
    names: STUDENT.map((name) => names.indexOf(name)).filter((index) => index >= 0),
    id: names.indexOf("ID"),
    sisUserId: names.indexOf("SIS User ID"),
    loginId: loginId < 0 ? undefined : loginId,
    section,
    numbered: names.flatMap((name, index) => (index > section ? numberedColumn(name, index) : [])),
  };
}

function numberedColumn(title: string, index: number): NumberedColumn[] {
  const [, name, id] = /^(.*)\s\((\d+)\)$/s.exec(title) ?? [];
  return name === undefined || id === undefined ? [] : [{ index, id, name }];
}
