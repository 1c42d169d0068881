/** Picks files up at an SFTP server: those that are whole there, and all of them or none. Nothing is removed there. */
import { mkdir, rename, rm, utimes } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { FileEntryWithStats } from "ssh2";
import { Failure } from "../../config/failure.ts";
import type { SftpConfig } from "../../config/schema.ts";
import { unlessAborted, within } from "./deadline.ts";
import {
  asSourceFailure,
  noCredentials,
  noSuchFolder,
  refusedToRead,
  stillWritten,
  tooLarge,
} from "./fetch-faults.ts";
import type { GatewayPorts } from "./gateway.ts";
import { download } from "./sftp-download.ts";
import { isMissing, isPassing, statusOf } from "./sftp-faults.ts";
import { openSession, type SftpLimits, type SftpSession } from "./sftp-session.ts";

export interface RemoteFile {
  name: string;
  bytes: number;
  modified: Date;
}

export interface FetchLimits extends SftpLimits {
  /** How long a file must not have changed before it counts as whole, in milliseconds. */
  settleMs: number;
}

const LIMITS: FetchLimits = {
  readyMs: 30_000,
  stallMs: 60_000,
  graceMs: 5_000,
  attempts: 3,
  settleMs: 3_000,
};

const FIRST_WAIT_MS = 2_000;
const MAX_BYTES = 2 * 1024 ** 3;

/**
 * Copies files of a folder at a server into a local folder, which is made anew and is there only when all of them are.
 * A file that changes meanwhile is tried again, like a connection that breaks. Copies keep the time when the file was
 * written; what is hidden there, or in a folder of the folder, is not looked at.
 *
 * @param choose which of the files to fetch
 * @throws Failure source.*, usage.no-credentials; with the signal's reason when that comes first
 */
export async function fetchFiles(
  place: SftpConfig,
  choose: (files: readonly RemoteFile[]) => readonly RemoteFile[],
  localFolder: string,
  signal: AbortSignal,
  ports: GatewayPorts,
  limits: Partial<FetchLimits> = {},
): Promise<RemoteFile[]> {
  if (place.privateKey === undefined && place.password === undefined) throw noCredentials();
  const bounds = { ...LIMITS, ...limits };
  const temporary = join(
    dirname(localFolder),
    `.fetching-${process.pid}-${Math.floor(ports.random() * 1e9)}`,
  );
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await rm(temporary, { recursive: true, force: true });
        await mkdir(temporary, { recursive: true, mode: 0o700 });
        const files = await tryOnce(place, choose, temporary, signal, ports, bounds);
        await rm(localFolder, { recursive: true, force: true });
        await rename(temporary, localFolder);
        return files;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Failure)) throw error;
        if (attempt === bounds.attempts || !isWorthAnotherAttempt(error)) throw asSourceFailure(error, place);
        const milliseconds = Math.round(FIRST_WAIT_MS * 4 ** (attempt - 1) * (0.5 + ports.random()));
        ports.log("fetch.retry", { attempt, code: error.code, reason: error.message, milliseconds });
        await ports.sleep(milliseconds, signal);
      }
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function isWorthAnotherAttempt(error: Failure): boolean {
  return isPassing(error) || error.code === "source.still-written";
}

async function tryOnce(
  place: SftpConfig,
  choose: (files: readonly RemoteFile[]) => readonly RemoteFile[],
  folder: string,
  signal: AbortSignal,
  ports: GatewayPorts,
  limits: FetchLimits,
): Promise<RemoteFile[]> {
  const session = await openSession(place, limits, signal);
  const work = (async () => {
    const chosen = choose(await list(session, place.path));
    for (const file of chosen) if (file.bytes > MAX_BYTES) throw tooLarge(file.name, file.bytes);
    if (chosen.length > 0) await ports.sleep(limits.settleMs, signal);
    for (const file of chosen) await copy(session, posix.join(place.path, file.name), file, folder, signal);
    await requireUnchanged(session, place.path, chosen);
    return [...chosen];
  })();
  try {
    return await unlessAborted(work, signal);
  } finally {
    await session.close();
    // What it has begun must not write into a folder that is removed meanwhile.
    await within(limits.graceMs, work);
  }
}

/**
 * The plain files of a folder at a server, as they are now.
 * @throws Failure source.*, usage.no-credentials
 */
export async function listFiles(
  place: SftpConfig,
  signal: AbortSignal,
  limits: SftpLimits = LIMITS,
): Promise<RemoteFile[]> {
  if (place.privateKey === undefined && place.password === undefined) throw noCredentials();
  try {
    const session = await openSession(place, limits, signal);
    try {
      return await unlessAborted(list(session, place.path), signal);
    } finally {
      await session.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Failure ? asSourceFailure(error, place) : error;
  }
}

async function list(session: SftpSession, folder: string): Promise<RemoteFile[]> {
  const entries = await session
    .ask<FileEntryWithStats[]>((sftp, done) => {
      sftp.readdir(folder, done);
    })
    .catch((error: unknown) => {
      throw noSuchFolder(folder, error);
    });
  return entries
    .filter(({ filename, attrs }) => attrs.isFile() && isPlainName(filename))
    .map(({ filename, attrs }) => ({
      name: filename,
      bytes: attrs.size,
      modified: new Date(attrs.mtime * 1000),
    }));
}

/** A name comes from the server, and becomes a path here: none may lead anywhere else. */
function isPlainName(name: string): boolean {
  return name !== "" && !name.startsWith(".") && !/[/\\\0]/.test(name);
}

async function copy(
  session: SftpSession,
  path: string,
  { name, bytes, modified }: RemoteFile,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  if (bytes === 0) throw stillWritten(name, "it is empty");
  const target = join(folder, name);
  const copied = await download(session, path, target, bytes, signal).catch((error: unknown) => {
    if (isMissing(error)) throw stillWritten(name, "it was removed or renamed");
    if (statusOf(error) === undefined) throw error;
    throw refusedToRead(path, error);
  });
  if (copied !== bytes) throw stillWritten(name, `${copied} bytes came, and ${bytes} were announced`);
  await utimes(target, modified, modified);
}

/** After the last one: a file that was being written when the first was read has had some time to grow. */
async function requireUnchanged(
  session: SftpSession,
  folder: string,
  files: readonly RemoteFile[],
): Promise<void> {
  for (const { name, bytes, modified } of files) {
    const now = await session.stat(posix.join(folder, name)).catch((error: unknown) => {
      if (statusOf(error) === undefined) throw error;
      throw refusedToRead(posix.join(folder, name), error);
    });
    if (now?.size !== bytes)
      throw stillWritten(name, `it had ${bytes} bytes, and then ${now?.size ?? "none"}`);
    if (now.mtime * 1000 !== modified.getTime()) throw stillWritten(name, "it was written to again");
  }
}
