/** One attempt to bring a parcel into a folder of an SFTP server. */
import { posix } from "node:path";
import { Failure } from "../../config/failure.ts";
import type { DeliveryConfig } from "../../config/schema.ts";
import { incomplete, nameTaken, noFolder, refused } from "./faults.ts";
import type { GatewayPorts, PutOptions } from "./gateway.ts";
import { digest, isLeftOver, type Parcel, temporaryName } from "./parcel.ts";
import {
  type Asked,
  explainStatus,
  isMissing,
  isPassing,
  mayBePickyAboutConcurrency,
  statusOf,
} from "./sftp-faults.ts";
import { nothing, type SftpSession } from "./sftp-session.ts";
import { upload } from "./sftp-upload.ts";

/** What one delivery remembers from attempt to attempt. */
export interface Delivery extends PutOptions {
  parcel: Parcel;
  folder: string;
  target: string;
  mode: DeliveryConfig["mode"];
  ports: GatewayPorts;
  /** Writes in flight. */
  concurrency: number;
  /** Path of a temporary file that may still be there. */
  begun: string | undefined;
  /** A rename was asked for, so the parcel may be there although nobody said so. */
  isRenameAsked: boolean;
}

/**
 * Resolves when the parcel has its name at the server and its size was confirmed there.
 *
 * @throws {Failure} `delivery.*`
 */
export async function deliver(session: SftpSession, delivery: Delivery): Promise<void> {
  const { parcel, folder, target, mode, ports } = delivery;
  await requireFolder(session, folder);
  const there = await compare(session, delivery);
  await removeLeftOvers(session, delivery);
  if (there === "same") {
    delivery.arrival?.begins();
    ports.log("delivery.already-there", { target });
    return;
  }
  if (there === "different" && mode === "changes") {
    throw nameTaken(target, "It may hold changes that Canvas has not seen yet, so it is not replaced.");
  }

  const temporary = posix.join(folder, temporaryName(parcel.name, ports.random));
  delivery.begun = temporary;
  await send(session, delivery, temporary);
  await requireWhole(session, delivery, temporary);

  delivery.signal?.throwIfAborted();
  delivery.arrival?.begins();
  const isFirst = !delivery.isRenameAsked;
  delivery.isRenameAsked = true;
  try {
    await moveIntoPlace(session, delivery, temporary, there);
  } catch (error) {
    if (isFirst && isRefusal(error)) delivery.arrival?.isRefused();
    throw error;
  }
  delivery.begun = undefined;
  await confirm(session, delivery);
}

/**
 * A lost connection says nothing about the rename, and "no such file" may be said by a gateway that has collected the
 * package already.
 */
function isRefusal(error: unknown): boolean {
  return error instanceof Failure && !isPassing(error) && !isMissing(error.cause);
}

/** Removes the temporary file of this delivery, and any that an earlier one was killed over. */
export async function tidyUp(session: SftpSession, delivery: Delivery): Promise<void> {
  if (delivery.begun !== undefined) await remove(session, delivery.begun);
  delivery.begun = undefined;
  await removeLeftOvers(session, delivery);
}

async function requireFolder(session: SftpSession, folder: string): Promise<void> {
  const found = await session.stat(folder).catch(unlessStatus);
  // A server that lets nobody look at folders may still let us write into them.
  if (found === "refused") return;
  if (found?.isDirectory() !== true) throw noFolder(folder);
}

type There = "absent" | "same" | "different" | "unreadable";

async function compare(session: SftpSession, { parcel, target, isRenameAsked }: Delivery): Promise<There> {
  const found = await session.stat(target).catch(unlessStatus);
  if (found === undefined || found === "refused") return "absent";
  if (!found.isFile()) throw nameTaken(target, "It is not a file.");
  if (found.size !== parcel.bytes) return "different";
  const sha256 = await session.sha256(target).catch(unlessStatus);
  if (sha256 === "refused") return isRenameAsked ? "same" : "unreadable";
  return sha256 === (await digest(parcel.file)).sha256 ? "same" : "different";
}

async function send(session: SftpSession, delivery: Delivery, to: string): Promise<void> {
  const handle = await session
    .ask<Buffer>((sftp, done) => {
      sftp.open(to, "w", done);
    })
    .catch(explained(session, delivery, "create"));
  const close = () =>
    session.ask((sftp, done) => {
      sftp.close(handle, nothing(done));
    });
  try {
    await write(session, delivery, handle);
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  await close().catch(explained(session, delivery, "write"));
}

async function write(session: SftpSession, delivery: Delivery, handle: Buffer): Promise<void> {
  const { parcel, folder, target, ports } = delivery;
  const explain = explained(session, delivery, "write");
  try {
    await upload(session, handle, parcel, delivery.concurrency, delivery);
  } catch (error) {
    if (statusOf(error) === undefined || delivery.concurrency === 1) return explain(error);
    if (!mayBePickyAboutConcurrency(error, await session.room(folder), parcel.bytes)) return explain(error);
    ports.log("delivery.one-write-at-a-time", { target });
    delivery.concurrency = 1;
    await upload(session, handle, parcel, 1, delivery).catch(explain);
  }
}

async function requireWhole(
  session: SftpSession,
  { parcel, target }: Delivery,
  temporary: string,
): Promise<void> {
  const found = await session.stat(temporary).catch(unlessStatus);
  if (found === "refused")
    throw refused(`tell the size of ${temporary}`, "so the package cannot be verified");
  if (found?.size !== parcel.bytes) throw incomplete(target, parcel.bytes, found?.size ?? 0);
}

async function moveIntoPlace(
  session: SftpSession,
  delivery: Delivery,
  temporary: string,
  there: There,
): Promise<void> {
  const { target } = delivery;
  const explain = explained(session, delivery, "rename");
  if (await session.replace(temporary, target).catch(explain)) return;
  if (there === "different") throw nameTaken(target, "This gateway cannot replace a file in one step.");
  if (there === "unreadable") await remove(session, target);
  await session
    .ask((sftp, done) => {
      sftp.rename(temporary, target, nothing(done));
    })
    .catch(explain);
}

/** A gateway that collects at once has the package already: it said that the rename was done. */
async function confirm(session: SftpSession, { parcel, target, ports }: Delivery): Promise<void> {
  const found = await session.stat(target).catch(unlessStatus);
  if (found === undefined || found === "refused") {
    ports.log("delivery.collected", { target });
  } else if (found.size !== parcel.bytes) {
    await remove(session, target);
    throw incomplete(target, parcel.bytes, found.size);
  }
}

async function removeLeftOvers(session: SftpSession, { folder, parcel }: Delivery): Promise<void> {
  const listed = await session
    .ask<{ filename: string }[]>((sftp, done) => {
      sftp.readdir(folder, done);
    })
    .catch(unlessStatus);
  if (listed === "refused") return;
  for (const { filename } of listed) {
    if (isLeftOver(filename, parcel.name)) await remove(session, posix.join(folder, filename));
  }
}

/** What cannot be removed is not worth a failed night: its name is one that no importer takes. */
async function remove(session: SftpSession, path: string): Promise<void> {
  await session
    .ask((sftp, done) => {
      sftp.unlink(path, nothing(done));
    })
    .catch(unlessStatus);
}

/** A refusal of the server as a value; a lost connection stays an error. */
function unlessStatus(error: unknown): "refused" {
  if (statusOf(error) === undefined) throw error;
  return "refused";
}

function explained(session: SftpSession, { folder, parcel }: Delivery, doing: Asked["doing"]) {
  return async (error: unknown): Promise<never> => {
    if (statusOf(error) === undefined) throw error;
    const room = await session.room(folder);
    throw explainStatus(error, { doing, folder, bytes: parcel.bytes, room });
  };
}
