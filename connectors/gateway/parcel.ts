/** A local file on its way to a gateway, and the name it travels under until it is whole. */
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
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

/** Size and sha256 (hexadecimal) of a local file. */
export async function digest(file: string, signal?: AbortSignal): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(
    createReadStream(file, { highWaterMark: 1024 * 1024 }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    },
    signal ? { signal } : {},
  );
  return { bytes, sha256: hash.digest("hex") };
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
