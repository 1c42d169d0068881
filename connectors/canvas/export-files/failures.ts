/** Why a folder of exports, or one of its files, is of no use: what is wrong with it, and what to do. */
import { Failure } from "../../../config/failure.ts";

export function noFolder(folder: string, cause: unknown): Failure {
  return new Failure("source.no-folder", `The folder ${folder} cannot be read.`, {
    hint: "Create it and give this program the right to read it, or correct grades.source.path.",
    cause,
  });
}

/** @param what such as "Gradebook exports" */
export function noExports(folder: string, what: string, hint: string): Failure {
  return new Failure("source.no-exports", `There are no ${what} in ${folder}.`, { hint });
}

export function changedWhileRead(name: string): Failure {
  return new Failure("source.export-changed", `${name} changed while it was read.`, {
    hint: "It was still being written: run the job again when it is complete.",
  });
}

/** @param why a part of a sentence, such as "line 7 has a quote that is not closed" */
export function damaged(name: string, why: string, cause?: unknown): Failure {
  return new Failure("source.export-damaged", `${name} cannot be read: ${why}.`, {
    hint: "Put the file there again as Canvas gave it: a spreadsheet that saves it, or a transfer that broke off, spoils it.",
    cause,
  });
}

/** @param what such as "a Gradebook export" */
export function notAnExport(name: string, what: string, hint: string): Failure {
  return new Failure("source.not-an-export", `${name} is not ${what}.`, { hint });
}

export function lacksColumns(name: string, missing: readonly string[], hint: string): Failure {
  const columns = missing.map((column) => `"${column}"`).join(", ");
  const word = missing.length === 1 ? "column" : "columns";
  return new Failure("source.export-columns", `${name} lacks the ${word} ${columns}.`, { hint });
}

export function doubleColumn(name: string, column: string): Failure {
  return new Failure("source.export-columns", `${name} has the column "${column}" twice.`, {
    hint: "Which of them counts cannot be told: put the file there again as Canvas gave it.",
  });
}

/** One Failure for those of several files, so that all of them can be mended at once. */
export function together(failures: readonly Failure[]): Failure {
  const [first] = failures;
  if (first !== undefined && failures.length === 1) return first;
  const lines = failures.map(({ message }) => `- ${message}`);
  const hints = [...new Set(failures.map(({ hint }) => hint))];
  return new Failure("source.exports", `${failures.length} files cannot be used:\n${lines.join("\n")}`, {
    hint: hints.join(" "),
    cause: first,
  });
}
