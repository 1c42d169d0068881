/** What an SFTP server, or the way to it, can refuse; and which of it is worth another attempt. */
import { Failure } from "../../config/failure.ts";
import type { SftpConfig } from "../../config/schema.ts";
import { full, noFolder, readOnly, refused } from "./faults.ts";

/** Status codes of an answer (draft-ietf-secsh-filexfer); servers of version 3 send the later ones too. */
const STATUS = {
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
  writeProtected: 12,
  noSpace: 14,
  quotaExceeded: 15,
} as const;

/** The number that an SFTP server answered with; undefined when the connection failed instead. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof Failure || !(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "number" ? error.code : undefined;
}

export function isMissing(error: unknown): boolean {
  return statusOf(error) === STATUS.noSuchFile;
}

/** The extension was not announced (then ssh2 throws before it asks), or was and is not there. */
export function isUnsupported(error: unknown): boolean {
  return (
    statusOf(error) === STATUS.unsupported ||
    (error instanceof Error && error.message.includes("does not support this extended request"))
  );
}

/** Room in a folder of the server, where it says: statvfs@openssh.com. */
export interface Room {
  freeBytes: number;
  readOnly: boolean;
}

export interface Asked {
  doing: "create" | "write" | "rename";
  folder: string;
  /** Size of the package. */
  bytes: number;
  room: Room | undefined;
}

/**
 * An answer of the server as a Failure. Version 3 of the protocol has one word, "Failure", for a full disk,
 * a quota, a read-only disk and everything else, so what is known of the room there decides.
 */
export function explainStatus(error: unknown, asked: Asked): Failure {
  if (error instanceof Failure) return error;
  const { doing, folder, bytes, room } = asked;
  const words = error instanceof Error ? error.message : String(error);
  switch (statusOf(error)) {
    case STATUS.noSuchFile:
      return doing === "rename" ? refused("rename the package", words, error) : noFolder(folder, error);
    case STATUS.permissionDenied:
    case STATUS.writeProtected:
      return readOnly(folder, error);
    case STATUS.noSpace:
    case STATUS.quotaExceeded:
      return full(folder, describe(room, bytes, words), error);
  }
  if (room?.readOnly === true) return readOnly(folder, error);
  if (doing === "write" || (room !== undefined && room.freeBytes < bytes)) {
    return full(folder, describe(room, bytes, words), error);
  }
  return refused(`${doing} a file in ${folder}`, words, error);
}

/** Whether a refused write says nothing of the disk, so that a slower way of writing may still be taken. */
export function mayBePickyAboutConcurrency(error: unknown, room: Room | undefined, bytes: number): boolean {
  const status = statusOf(error);
  const isOfTheDisk = status === STATUS.noSpace || status === STATUS.quotaExceeded;
  return status !== undefined && !isOfTheDisk && (room === undefined || room.freeBytes >= bytes);
}

function describe(room: Room | undefined, bytes: number, words: string): string {
  const said = `It broke off the writing and said "${words}"`;
  if (room === undefined) return `${said}, which is most often a full disk or quota.`;
  if (room.freeBytes < bytes) return `It has ${room.freeBytes} bytes free; the package has ${bytes}.`;
  return `${said}, with ${room.freeBytes} bytes free: a quota, or a limit on the size of files.`;
}

export function unreachable(config: SftpConfig, error: unknown, readyMs: number): Failure {
  const place = `${config.host}:${config.port}`;
  return new Failure(
    "delivery.unreachable",
    `The gateway ${place} cannot be reached: ${whyNot(error, readyMs)}.`,
    {
      hint:
        "Check delivery.host and delivery.port, the firewall on the way, and whether the gateway's allow-list has " +
        "this machine's address. The package is kept: `rosterbridge rerun`.",
      cause: error,
    },
  );
}

function whyNot(error: unknown, readyMs: number): string {
  const { code, message, level } = error as { code?: unknown; message: string; level?: unknown };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name is not known";
  if (code === "ECONNREFUSED") return "nothing answers on that port (connection refused)";
  if (level === "client-timeout") return `no answer within ${readyMs / 1000} seconds`;
  return message === "" ? String(code) : message;
}

export function unauthorized(config: SftpConfig, cause: unknown): Failure {
  const shown = [
    config.privateKey && `the private key in ${config.privateKey.where()}`,
    config.password && `the password in ${config.password.where()}`,
  ].filter((credential) => credential !== undefined);
  return new Failure(
    "delivery.unauthorized",
    `The gateway ${config.host}:${config.port} did not let us in with ${shown.join(" and ")}.`,
    {
      hint: "Check delivery.username, and whether the gateway knows this key or password; then `rosterbridge rerun`.",
      cause,
    },
  );
}

export function interrupted(config: SftpConfig, what: string, cause?: unknown): Failure {
  return new Failure("delivery.interrupted", `The gateway ${config.host}:${config.port} ${what}.`, {
    hint: "The package is kept, and nothing half has its name at the gateway: `rosterbridge rerun` delivers it.",
    cause,
  });
}

const PASSING = ["delivery.unreachable", "delivery.interrupted", "delivery.incomplete"];

/** A fault of the moment, after which the same delivery may succeed. */
export function isPassing(error: unknown): boolean {
  return error instanceof Failure && PASSING.includes(error.code);
}
