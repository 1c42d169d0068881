/** Sends the bytes of a file: many writes in flight, or one at a time where a server takes no more. */
import { open } from "node:fs/promises";
import type { PutOptions } from "./gateway.ts";
import { nothing, type SftpSession } from "./sftp-session.ts";

/**
 * OpenSSH takes up to 255 KiB in one packet; ssh2 cuts it smaller for servers that take less. Larger writes are
 * fewer answers to wait for: with 32 KiB a fast gateway takes twice as long, with 240 KiB no less than with this.
 */
const WRITE_BYTES = 120 * 1024;

/**
 * Writes a local file through an open handle, and resolves when the server has confirmed all of it. When it
 * rejects, no write is in flight any more: the file can be written again, or closed and removed.
 *
 * @param concurrency writes in flight
 */
export async function upload(
  session: SftpSession,
  handle: Buffer,
  { file, bytes }: { file: string; bytes: number },
  concurrency: number,
  { signal, onProgress }: PutOptions,
): Promise<void> {
  await using local = await open(file);
  let next = 0;
  let confirmed = 0;
  let isBroken = false;

  const keepOneInFlight = async () => {
    const buffer = Buffer.allocUnsafe(WRITE_BYTES);
    while (next < bytes && !isBroken) {
      signal?.throwIfAborted();
      const position = next;
      next += WRITE_BYTES;
      const { bytesRead } = await local.read(buffer, 0, WRITE_BYTES, position);
      await session.ask((sftp, done) => {
        sftp.write(handle, buffer, 0, bytesRead, position, nothing(done));
      });
      confirmed += bytesRead;
      onProgress?.(confirmed);
    }
  };

  const inFlight = Array.from({ length: concurrency }, () =>
    keepOneInFlight().catch((error: unknown) => {
      isBroken = true;
      throw error;
    }),
  );
  await Promise.allSettled(inFlight);
  await Promise.all(inFlight);
}
