/** SFTP over a signed-in connection: every request ends, with an answer or with a Failure. */
import { createHash } from "node:crypto";
import type { SFTPWrapper, Stats } from "ssh2";
import { Failure } from "../../config/failure.ts";
import type { SftpConfig } from "../../config/schema.ts";
import { refused } from "./faults.ts";
import { signIn } from "./sftp-connection.ts";
import { interrupted, isMissing, isUnsupported, type Room, statusOf } from "./sftp-faults.ts";
import { type Done, watchOver } from "./stall-watch.ts";

export interface SftpLimits {
  /** For connecting and signing in, in milliseconds. */
  readyMs: number;
  /** How long the server may owe us answers without giving any, in milliseconds. */
  stallMs: number;
  /** For tidying up and saying goodbye, in milliseconds. */
  graceMs: number;
  attempts: number;
}

export interface SftpSession {
  /** One request. Rejects with the server's status, or with a Failure `delivery.interrupted`. */
  ask<T = void>(request: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T>;
  /** Undefined: there is no such file. */
  stat(path: string): Promise<Stats | undefined>;
  /** Of what is there, hexadecimal. */
  sha256(path: string): Promise<string>;
  /** Undefined where the server does not say. */
  room(folder: string): Promise<Room | undefined>;
  /** Gives a file a name, in one step also when another file has it; false: the server cannot, nothing was done. */
  replace(from: string, to: string): Promise<boolean>;
  close(): Promise<void>;
}

const READ_BYTES = 256 * 1024;

/** @throws {Failure} as `signIn`; `delivery.refused` when there is no SFTP */
export async function openSession(
  config: SftpConfig,
  limits: SftpLimits,
  signal?: AbortSignal,
): Promise<SftpSession> {
  const client = await signIn(config, limits.readyMs, signal);
  // Without it the last small packet of every window waits for an acknowledgement, and uploads crawl.
  client.setNoDelay(true);
  const asFailure = (did: string, cause?: unknown) => interrupted(config, did, cause);
  const watch = watchOver(client, limits.stallMs, asFailure);

  try {
    const sftp = await watch.over<SFTPWrapper>((done) => client.sftp(done));
    watch.follow(sftp);
    const ask: SftpSession["ask"] = async (request) => {
      try {
        return await watch.over((done) => {
          request(sftp, done);
        });
      } catch (error) {
        if (error instanceof Failure || statusOf(error) !== undefined || isUnsupported(error)) throw error;
        throw asFailure("closed the connection", error);
      }
    };
    return sessionOver(ask, () => watch.close(limits.graceMs));
  } catch (error) {
    await watch.close(limits.graceMs);
    if (error instanceof Failure || !(error instanceof Error)) throw error;
    throw refused("open SFTP for this account", error.message, error);
  }
}

function sessionOver(ask: SftpSession["ask"], close: SftpSession["close"]): SftpSession {
  return {
    ask,
    close,
    async stat(path) {
      try {
        return await ask<Stats>((sftp, done) => {
          sftp.stat(path, done);
        });
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    sha256: (path) => readThrough(ask, path),
    async room(folder) {
      const answer = await ask<{ f_bavail: number; f_frsize: number; f_flag: number }>((sftp, done) => {
        sftp.ext_openssh_statvfs(folder, done);
      }).catch(() => undefined);
      return answer && { freeBytes: answer.f_bavail * answer.f_frsize, readOnly: (answer.f_flag & 1) === 1 };
    },
    async replace(from, to) {
      try {
        await ask((sftp, done) => {
          sftp.ext_openssh_rename(from, to, nothing(done));
        });
        return true;
      } catch (error) {
        if (isUnsupported(error)) return false;
        throw error;
      }
    },
  };
}

/** For requests whose answer carries no value. */
export function nothing(done: Done<void>): (error?: Error | null) => void {
  return (error) => {
    done(error, undefined);
  };
}

async function readThrough(ask: SftpSession["ask"], path: string): Promise<string> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const handle = await ask<Buffer>((sftp, done) => {
    sftp.open(path, "r", done);
  });
  for (let position = 0, bytes = -1; bytes !== 0; position += bytes) {
    bytes = await ask<number>((sftp, done) => {
      sftp.read(handle, buffer, 0, READ_BYTES, position, done);
    });
    hash.update(buffer.subarray(0, bytes));
  }
  await ask((sftp, done) => {
    sftp.close(handle, nothing(done));
  });
  return hash.digest("hex");
}
