/** Reads a file of the server into one of this machine. */
import { open } from "node:fs/promises";
import { nothing, type SftpSession } from "./sftp-session.ts";

const READ_BYTES = 256 * 1024;

/**
 * Makes the local file, and says how many bytes were written: no more than one read beyond what was expected, for a
 * file that grows has no end.
 */
export async function download(
  session: SftpSession,
  path: string,
  target: string,
  expectedBytes: number,
  signal: AbortSignal,
): Promise<number> {
  await using local = await open(target, "wx", 0o600);
  const handle = await session.ask<Buffer>((sftp, done) => {
    sftp.open(path, "r", done);
  });
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let position = 0;
  for (let read = -1; read !== 0 && position <= expectedBytes; position += read) {
    signal.throwIfAborted();
    read = await session.ask<number>((sftp, done) => {
      sftp.read(handle, buffer, 0, READ_BYTES, position, done);
    });
    await local.writeFile(buffer.subarray(0, read));
  }
  await session.ask((sftp, done) => {
    sftp.close(handle, nothing(done));
  });
  return position;
}
