/** The probe file on its way through an SFTP server: written, renamed, removed. */
import { posix } from "node:path";
import type { SftpConfig } from "../../../config/schema.ts";
import { incomplete, noFolder, refused } from "../faults.ts";
import { type Asked, explainStatus, isMissing, statusOf } from "../sftp-faults.ts";
import { nothing, type SftpSession } from "../sftp-session.ts";
import { PROBE_CONTENT, probeNames } from "./file.ts";

export interface ProbeFile {
  folder: string;
  first: string;
  second: string;
  /** Paths at which it may be. */
  begun: Set<string>;
}

export function probeFileIn({ path }: Pick<SftpConfig, "path">, random: () => number): ProbeFile {
  const { first, second } = probeNames(random);
  return {
    folder: path,
    first: posix.join(path, first),
    second: posix.join(path, second),
    begun: new Set(),
  };
}

/** @throws Failure delivery.no-folder */
export async function lookAtFolder(session: SftpSession, folder: string): Promise<"there" | "refused"> {
  const found = await session.stat(folder).catch(unlessStatus);
  if (found === "refused") return found;
  if (found?.isDirectory() !== true) throw noFolder(folder);
  return "there";
}

/** Gives its size. @throws Failure delivery.… also where the size is not what was sent, or is not told */
export async function writeProbe(session: SftpSession, file: ProbeFile): Promise<number> {
  const { first } = file;
  const explain = explained(session, file, "write");
  const handle = await begin(file, first, () =>
    session.ask<Buffer>((sftp, done) => {
      sftp.open(first, "w", done);
    }),
  ).catch(explained(session, file, "create"));
  const bytes = PROBE_CONTENT.length;
  const close = () =>
    session.ask((sftp, done) => {
      sftp.close(handle, nothing(done));
    });
  try {
    await session.ask((sftp, done) => {
      sftp.write(handle, PROBE_CONTENT, 0, bytes, 0, nothing(done));
    });
  } catch (error) {
    await close().catch(() => undefined);
    await explain(error);
  }
  await close().catch(explain);
  const found = await session.stat(first).catch(unlessStatus);
  if (found === "refused") throw refused(`tell the size of ${first}`, "so no package could be verified");
  if (found?.size !== bytes) throw incomplete(first, bytes, found?.size ?? 0);
  return bytes;
}

/** Gives whether the server renames in one step, over a file that has the name already. */
export async function renameProbe(session: SftpSession, file: ProbeFile): Promise<boolean> {
  const { first, second, begun } = file;
  const inOneStep = await begin(file, second, async () => {
    if (await session.replace(first, second)) return true;
    await session.ask((sftp, done) => {
      sftp.rename(first, second, nothing(done));
    });
    return false;
  }).catch(explained(session, file, "rename"));
  begun.delete(first);
  return inOneStep;
}

/** Removes it wherever it may be; gives the paths from which the server did not let it be removed. */
export async function removeProbe(session: SftpSession, { begun }: ProbeFile): Promise<string[]> {
  const left: string[] = [];
  for (const path of begun) {
    const result = await session
      .ask((sftp, done) => {
        sftp.unlink(path, nothing(done));
      })
      .catch((error: unknown) => (isMissing(error) ? undefined : unlessStatus(error)));
    if (result === "refused") left.push(path);
    else begun.delete(path);
  }
  return left;
}

/** A path that the server refuses holds nothing of ours; one whose answer never came may. */
async function begin<T>({ begun }: ProbeFile, path: string, work: () => Promise<T>): Promise<T> {
  begun.add(path);
  try {
    return await work();
  } catch (error) {
    if (statusOf(error) !== undefined) begun.delete(path);
    throw error;
  }
}

function unlessStatus(error: unknown): "refused" {
  if (statusOf(error) === undefined) throw error;
  return "refused";
}

function explained(session: SftpSession, { folder }: ProbeFile, doing: Asked["doing"]) {
  return async (error: unknown): Promise<never> => {
    if (statusOf(error) === undefined) throw error;
    const room = await session.room(folder);
    throw explainStatus(error, { doing, folder, bytes: PROBE_CONTENT.length, room });
  };
}
