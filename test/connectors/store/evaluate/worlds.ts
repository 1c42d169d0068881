/** A night and a Canvas, written by hand as what the comparison reads, and what it made of them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportColumns } from "../../../../connectors/canvas/sis-report/columns.ts";
import { csvLine } from "../../../../connectors/store/csv.ts";
import { type Evaluation, evaluateNight } from "../../../../connectors/store/evaluate/evaluate.ts";
import { EVALUATED_TYPES, type EvaluatedType } from "../../../../connectors/store/evaluate/tables.ts";
import { type Row, readCsv } from "../../../jobs/csv-reader.ts";

export type World = Partial<Record<EvaluatedType, Partial<Row>[]>>;

export interface Compared extends Evaluation {
  changeRows: Row[];
  matches: Row[];
  behind: Row[];
  claimRows: Row[];
  /** What became of a user of tonight: `result`, and the SIS ID in Canvas where there is one. */
  user: (id: string) => string;
}

export interface Field {
  source: string;
  choice: string;
  value: string;
}

/** @param fields of the SIS's users; without them each has its id as sourcedId and its login as username */
export async function compareWorlds(night: World, canvas: World, fields?: Field[]): Promise<Compared> {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-evaluate-"));
  try {
    const baseline = join(folder, "baseline");
    mkdirSync(baseline);
    for (const [type, rows] of Object.entries(night)) {
      const columns = [...new Set(["source_id", "nights", ...rows.flatMap((row) => Object.keys(row))])];
      const text = rows.map((row) =>
        csvLine(columns.map((column) => row[column] ?? (column === "source_id" ? idOf(row) : ""))),
      );
      writeFileSync(join(baseline, `${type}.csv`), csvLine(columns) + text.join(""));
    }
    const people = (night.users ?? []).flatMap((row) => [
      { source: idOf(row), choice: "sourcedId", value: row["user_id"] ?? "" },
      { source: idOf(row), choice: "username", value: row["login_id"] ?? "" },
    ]);
    const fieldsFile = join(folder, "fields.csv");
    writeFileSync(
      fieldsFile,
      (fields ?? people).map(({ source, choice, value }) => csvLine([source, choice, value])).join(""),
    );
    const evaluation = await evaluateNight(
      { night: baseline, canvas: canvasFiles(folder, canvas), fields: fieldsFile, folder },
      { spill: join(folder, "spill"), memoryLimitMb: 128, threads: 1 },
    );
    const rowsOf = (file: string | undefined) =>
      file === undefined || !existsSync(file) ? [] : readCsv(readFileSync(file, "utf8"));
    const matches = rowsOf(evaluation.files.matches);
    return {
      ...evaluation,
      matches,
      changeRows: rowsOf(evaluation.files.changes),
      behind: rowsOf(evaluation.files.leftBehind),
      claimRows: rowsOf(evaluation.files.claims),
      user(id) {
        const row = matches.find((match) => match["type"] === "users" && match["id"] === id);
        return [row?.["result"], row?.["recognised_by"], row?.["canvas_id"]]
          .filter((word) => word !== undefined && word !== "")
          .join(" ");
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function idOf(row: Partial<Row>): string {
  return row["source_id"] ?? row["user_id"] ?? row["section_id"] ?? row["course_id"] ?? "";
}

function canvasFiles(folder: string, canvas: World) {
  return Object.fromEntries(
    EVALUATED_TYPES.flatMap((type) => {
      const rows = canvas[type];
      if (rows === undefined) return [];
      const columns = ["line", ...reportColumns(type)];
      const path = join(folder, `canvas-${type}.csv`);
      const text = rows.map((row, at) =>
        csvLine(
          columns.map((column) =>
            column === "line" ? String(at + 2) : (row[column] ?? (column === "status" ? "active" : "")),
          ),
        ),
      );
      writeFileSync(path, text.join(""));
      return [[type, { path, columns }]];
    }),
  );
}

/** A row of users, of tonight or of Canvas. */
export function person(id: string, login: string, name: string, more: Partial<Row> = {}): Partial<Row> {
  const [first = "", last = ""] = name.split(" ");
  return {
    user_id: id,
    login_id: login,
    first_name: first,
    last_name: last,
    email: login === "" ? "" : `${login}@example.org`,
    ...more,
  };
}
