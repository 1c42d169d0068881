/** What nobody has thrown on purpose, as a Failure that people can read. */
import { Failure } from "../../config/failure.ts";
import { systemCode } from "./files.ts";

/** No room on the disk, or none in this account's share of it. */
const FULL = new Set(["ENOSPC", "EDQUOT"]);

/** The disk is broken, gone or read-only since, or somebody took the right to write away. */
const LOST = new Set(["EROFS", "EACCES", "EPERM", "EIO", "ESTALE", "ENXIO", "ENODEV", "ENOTCONN"]);

/** Every error as a Failure: what disks do, said plainly; anything not foreseen, a defect of ours. */
export function asFailure(error: unknown, folder: string): Failure {
  if (error instanceof Failure) return error;
  if (FULL.has(systemCode(error) ?? "") || /no space left on device/i.test(String(error))) {
    return new Failure("internal.disk-full", `The disk that holds ${folder} is full.`, {
      hint: "Free some space there (old runs: `retention`), then `rosterbridge rerun`.",
      cause: error,
    });
  }
  const lost = lostFile(error);
  if (lost !== undefined) {
    return new Failure(
      "internal.file-lost",
      `${lost.path} cannot be read or written any more (${lost.code}).`,
      {
        hint: "See whether that disk is sound and mounted for writing, and whether this account may write there; then `rosterbridge rerun`.",
        cause: error,
      },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure("internal.defect", `Unforeseen: ${reason}. This is a defect of rosterbridge.`, {
    hint: "Please report it with the log.ndjson of the run, which holds ids but no names.",
    cause: error,
  });
}

function lostFile(error: unknown): { path: string; code: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { path } = error as NodeJS.ErrnoException;
  const code = systemCode(error);
  return path !== undefined && code !== undefined && LOST.has(code) ? { path, code } : undefined;
}
