/** Why a request of a client is not done: an SFTP status and words. */
import { STATUS, type StatusCode } from "./wire.ts";

export class Refusal extends Error {
  readonly status: StatusCode;

  constructor(status: StatusCode, message: string) {
    super(message);
    this.status = status;
  }
}

/** The status that OpenSSH's server gives for the same error of the file system. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return new Refusal(STATUS.noSuchFile, "No such file");
  if (code === "EACCES" || code === "EPERM") return new Refusal(STATUS.permissionDenied, "Permission denied");
  return new Refusal(STATUS.failure, "Failure");
}
