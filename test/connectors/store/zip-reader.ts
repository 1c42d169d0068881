/** Reads a zip by its central directory (PKWARE APPNOTE §4.3.12), sharing no code with what writes it. */
import { inflateRawSync } from "node:zlib";

export interface ZipEntry {
  name: string;
  method: "stored" | "deflated";
  /** MS-DOS date and time as they stand, local to nobody. */
  dosTime: number;
  dosDate: number;
  unixMode: number;
  extraBytes: number;
  content: Buffer;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

export function readZip(zip: Buffer): ZipEntry[] {
  const end = zip.length - 22;
  if (zip.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error("not a zip, or one with a comment");
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error("broken central directory");
    const nameBytes = zip.readUInt16LE(at + 28);
    const extraBytes = zip.readUInt16LE(at + 30);
    const commentBytes = zip.readUInt16LE(at + 32);
    const isDeflated = zip.readUInt16LE(at + 10) === 8;
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(data, data + zip.readUInt32LE(at + 20));
    entries.push({
      name: zip.toString("utf8", at + 46, at + 46 + nameBytes),
      method: isDeflated ? "deflated" : "stored",
      dosTime: zip.readUInt16LE(at + 12),
      dosDate: zip.readUInt16LE(at + 14),
      unixMode: zip.readUInt32LE(at + 38) >>> 16,
      extraBytes,
      content: isDeflated ? inflateRawSync(packed) : packed,
    });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}
