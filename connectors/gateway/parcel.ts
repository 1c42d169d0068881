/** A local file on its way to a gateway, and the name it travels under until it is whole. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, open, stat } from "node:fs/promises";
import { Failure } from "../../config/failure.ts";

export interface Parcel {
  file: string;
  /** Its name at the gateway once it is whole. */
  name: string;
  bytes: number;
}

/**
 * Measures a file before it is sent: what arrives is compared with this.
 *
 * @throws {Failure} `delivery.no-package`
 */
export async function wrapParcel(file: string, name: string): Promise<Parcel> {
  try {
    await access(file, constants.R_OK);
    const { size } = await stat(file);
    return { file, name, bytes: size };
  } catch (error) {
    throw new Failure("delivery.no-package", `The package ${file} cannot be read.`, {
      hint: "Make the package again: `rosterbridge rerun --from package`.",
      cause: error,
    });
  }
}

const READ_BYTES = 256 * 1024;

/** Size and sha256 (hexadecimal) of a local file. @throws the signal's reason */
export async function digest(file: string, signal?: AbortSignal): Promise<{ bytes: number; sha256: string }> {
  await using handle = await open(file);
  const hash = createHash("sha256");
  // One for the whole file: to collect the garbage of one for each part takes longer than the hashing.
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (let bytes = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer);
    if (bytesRead === 0) return { bytes, sha256: hash.digest("hex") };
    hash.update(buffer.subarray(0, bytesRead));
    bytes += bytesRead;
  }
}

/**
 * A name that no importer takes for a package: hidden, and ending in neither .zip nor .csv. New for every
 * attempt, because a server may still be writing what a cut connection has left in its buffers.
 */
export function temporaryName(name: string, random: () => number): string {
  const short = Math.floor(random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, "0");
  return `${temporaryPrefix(name)}${short}`;
}

/** Whether a file is what an earlier attempt to deliver the same name has left behind. */
export function isLeftOver(candidate: string, name: string): boolean {
  return candidate.startsWith(temporaryPrefix(name));
}

function temporaryPrefix(name: string): string {
  return `.${name}.part-`;
}
