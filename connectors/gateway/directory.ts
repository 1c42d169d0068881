/** Delivery to a folder of this machine: a share, or a place that another program collects from. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DeliveryConfig } from "../../config/schema.ts";
import { full, incomplete, nameTaken, noFolder, readOnly, refused } from "./faults.ts";
import type { Arrival, Delivered, Gateway, GatewayPorts, PutOptions } from "./gateway.ts";
import { digest, isLeftOver, type Parcel, temporaryName, wrapParcel } from "./parcel.ts";

export type DirectoryConfig = Extract<DeliveryConfig, { kind: "directory" }>;

export function connectDirectory(config: DirectoryConfig, ports: GatewayPorts): Gateway {
  return {
    async put(file, name, options = {}) {
      const parcel = await wrapParcel(file, name);
      const target = join(config.path, name);
      const delivered: Delivered = { kind: "directory", target, bytes: parcel.bytes, verified: true };

      await requireFolder(config.path);
      const there = await compare(target, parcel);
      if (there === "same") {
        options.arrival?.begins();
        ports.log("delivery.already-there", { target });
        return delivered;
      }
      if (there === "different" && config.mode === "changes") {
        throw nameTaken(target, "It may hold changes that Canvas has not seen yet, so it is not replaced.");
      }

      try {
        await removeLeftOvers(config.path, name);
        await deliver(parcel, target, join(config.path, temporaryName(name, ports.random)), options);
      } catch (error) {
        options.signal?.throwIfAborted();
        throw explain(error, config.path);
      }
      return delivered;
    },
  };
}

export async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    throw explain(error, folder);
  });
  if (!found.isDirectory()) throw noFolder(folder);
}

async function compare(target: string, parcel: Parcel): Promise<"absent" | "same" | "different"> {
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) return "absent";
  if (!found.isFile()) throw nameTaken(target, "It is not a file.");
  if (found.size !== parcel.bytes) return "different";
  const there = await digest(target).catch(() => undefined);
  return there?.sha256 === (await digest(parcel.file)).sha256 ? "same" : "different";
}

async function removeLeftOvers(folder: string, name: string): Promise<void> {
  const left = (await readdir(folder)).filter((candidate) => isLeftOver(candidate, name));
  await Promise.all(left.map((candidate) => rm(join(folder, candidate), { force: true })));
}

async function deliver(
  parcel: Parcel,
  target: string,
  temporary: string,
  options: PutOptions,
): Promise<void> {
  try {
    const sent = await copy(parcel.file, temporary, options);
    const arrived = await digest(temporary, options.signal);
    if (arrived.sha256 !== sent) throw incomplete(target, parcel.bytes, arrived.bytes);
    await moveIntoPlace(temporary, target, options.arrival);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(target);
}

async function moveIntoPlace(temporary: string, target: string, arrival?: Arrival): Promise<void> {
  arrival?.begins();
  try {
    await rename(temporary, target);
  } catch (error) {
    // A share may lose the answer to what it has done; what still has its old name has not got the new one.
    const isLeft = await stat(temporary).then(
      () => true,
      () => false,
    );
    if (isLeft) arrival?.isRefused();
    throw error;
  }
}

const COPY_BYTES = 1024 * 1024;

/**
 * Gives the sha256 of what was sent. The copy is readable by the folder's group: what collects packages is
 * seldom the user who writes them.
 */
async function copy(from: string, to: string, { signal, onProgress }: PutOptions): Promise<string> {
  const hash = createHash("sha256");
  await using handle = await open(to, "wx", 0o640);
  const measured = async function* () {
    let bytes = 0;
    for await (const chunk of createReadStream(from, {
      highWaterMark: COPY_BYTES,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      yield chunk;
      bytes += chunk.length;
      onProgress?.(bytes);
    }
  };
  await handle.writeFile(measured(), signal && { signal });
  await handle.sync();
  return hash.digest("hex");
}

/** The file is whole under its name by now: a share that cannot sync a folder does not undo that. */
async function syncFolder(target: string): Promise<void> {
  try {
    await using handle = await open(join(target, ".."));
    await handle.sync();
  } catch {
    return;
  }
}

const READ_ONLY = ["EACCES", "EPERM", "EROFS"];
const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];
const NO_FOLDER = ["ENOENT", "ENOTDIR"];

export function explain(error: unknown, folder: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (!("syscall" in error && "code" in error)) return error;
  const code = String(error.code);
  if (READ_ONLY.includes(code)) return readOnly(folder, error);
  if (FULL.includes(code)) return full(folder, "", error);
  if (NO_FOLDER.includes(code)) return noFolder(folder, error);
  return refused(`take the package into ${folder}`, code, error);
}
