/** What can be wrong with the extracts of Canvas Data 2, in words for who takes them. Never a value of a record. */
import { Failure } from "../../../config/failure.ts";
import { tableOf, type Column, type TableName } from "./tables.ts";

function anew(table: TableName): string {
  return `\`dap snapshot --namespace canvas --table ${table}\``;
}

export function noFolder(folder: string, cause: unknown): Failure {
  return new Failure("source.canvas-data-missing", `The folder ${folder} cannot be read.`, {
    hint: "Point `grades.source.path` at the folder of the Canvas Data 2 extracts.",
    cause,
  });
}

export function tablesMissing(folder: string, tables: readonly TableName[]): Failure {
  const list = tables.map((table) => `${table} (${tableOf(table).tells})`).join(", ");
  return new Failure("source.canvas-data-missing", `${folder} has no extract of ${list}.`, {
    hint: `Take it with \`dap snapshot --namespace canvas --table ${tables.join(",")}\`, into a folder named by the table.`,
  });
}

export function columnMissing(table: TableName, name: string, column: Column, file: string): Failure {
  const tells = column.needed === undefined ? "" : `, which tells ${column.needed}`;
  return new Failure("source.canvas-data-column", `${file} has no column ${name} of ${table}${tells}.`, {
    hint: `Take the whole table anew: ${anew(table)}.`,
  });
}

export function scoresMissing(graded: number): Failure {
  return new Failure(
    "source.canvas-data-column",
    `The extract of submissions has ${graded} that are graded and not one score: its column score is not there.`,
    { hint: `Take the whole table anew: ${anew("submissions")}.` },
  );
}

export function recordsUnreadable(table: TableName, name: string, count: number): Failure {
  const records = count === 1 ? "1 record" : `${count} records`;
  return new Failure(
    "source.canvas-data-damaged",
    `${records} in the extract of ${table} came without ${name}, or with one that cannot be read.`,
    { hint: `Take the table anew: ${anew(table)}.` },
  );
}

/** @param why a half sentence, without anything that stands in the file */
export function fileDamaged(file: string, table: TableName | undefined, why: string): Failure {
  return new Failure("source.canvas-data-damaged", `${file} ${why}.`, {
    hint: `Take the table anew${table === undefined ? "" : `: ${anew(table)}`}.`,
  });
}

export function tableUnknown(file: string): Failure {
  return new Failure(
    "source.canvas-data-unnamed",
    `${file} holds deletions only, and neither its name nor its folder's tells of which table.`,
    { hint: "Put it into a folder named by its table, such as submissions/." },
  );
}
