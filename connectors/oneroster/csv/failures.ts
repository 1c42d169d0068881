/** Why an export of CSVs is of no use: what is wrong with it, and what to do. Ids and lines, never what a cell says. */
import { Failure } from "../../../config/failure.ts";

const SEND_AGAIN =
  "Have the SIS export again, or transfer it again as it is: what a spreadsheet saved, or a transfer broke off, is not what the SIS said.";

export function noExport(path: string, cause: unknown): Failure {
  return new Failure("source.no-export", `There is no OneRoster export at ${path}, or it cannot be read.`, {
    hint: "Correct source.path, a folder or a zip, and give this program the right to read it; or see why the SIS has not put it there.",
    cause,
  });
}

export function zipUnusable(path: string, why: string, cause?: unknown): Failure {
  return new Failure("source.export-damaged", `${path} cannot be used: ${why}.`, { hint: SEND_AGAIN, cause });
}

export function damaged(name: string, why: string, cause?: unknown): Failure {
  return new Failure("source.export-damaged", `${name} cannot be read: ${why}.`, { hint: SEND_AGAIN, cause });
}

export function changedWhileRead(name: string): Failure {
  return new Failure("source.export-changed", `${name} changed while the export was read.`, {
    hint: "It was still being written: run again when it is complete, and let the SIS write it an hour before the night.",
  });
}

export function foundTwice(name: string, other: string): Failure {
  return new Failure("source.export-files", `The export has ${name} and ${other}.`, {
    hint: "Which of them counts cannot be told: remove the one that does not.",
  });
}

export function noManifest(path: string): Failure {
  return new Failure("source.no-manifest", `${path} has no manifest.csv.`, {
    hint: "The manifest says which files are complete and which are changes only. Have the SIS export OneRoster 1.1 or 1.2, and point source.path to the folder or zip itself.",
  });
}

export function manifestFault(why: string): Failure {
  return new Failure("source.manifest", `manifest.csv ${why}.`, {
    hint: "Have the SIS export again; if it stays, tell its support that the manifest does not follow OneRoster.",
  });
}

export function otherVersion(found: string, configured: string): Failure {
  const known = found === "1.1" || found === "1.2";
  return new Failure(
    "source.version",
    `The export is OneRoster ${found}, and source.version is ${configured}.`,
    {
      hint: known
        ? `Set source.version: "${found}"; the files of the two versions differ, and so may their ids.`
        : "Have the SIS export OneRoster 1.1 or 1.2.",
    },
  );
}

export function missingFiles(names: readonly string[]): Failure {
  const files = names.map((name) => `${name}.csv`).join(", ");
  return new Failure("source.missing-file", `The manifest names ${files}, and the export does not have it.`, {
    hint: "The export is not complete, or its transfer is not: have the SIS export again.",
  });
}

export function absentFiles(names: readonly string[]): Failure {
  const files = names.map((name) => `${name}.csv`).join(", ");
  return new Failure("source.missing-file", `The export is without ${files}: its manifest says absent.`, {
    hint: "A roster needs it. Have the SIS export it, as bulk.",
  });
}

export function columnFault(name: string, why: string): Failure {
  return new Failure("source.export-columns", `${name} ${why}.`, {
    hint: "Columns are told by the names in the first line, with commas between them. Have the SIS export again; if it stays, tell its support.",
  });
}

export function noState(files: readonly string[], why: string): Failure {
  return new Failure(
    "source.no-state",
    `The export has only what changed (delta) of ${files.join(", ")}, and ${why}.`,
    {
      hint: "Have the SIS export everything once (bulk), and run with that; after it deltas will do.",
    },
  );
}

export function olderThanState(name: string, written: string, last: string): Failure {
  return new Failure(
    "source.older-export",
    `${name} is a delta that was written ${written}, before the file that was read last (${last}).`,
    {
      hint: "Its changes would undo newer ones. Put the newest export there, or have the SIS export everything (bulk).",
    },
  );
}
