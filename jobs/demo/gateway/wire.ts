/**
 * SFTP version 3 on the wire: draft-ietf-secsh-filexfer-02. ssh2's own SFTP server cannot announce extensions,
 * and real gateways have them, so the few packets of a server are read and written here.
 */
import type { Stats } from "node:fs";

export const REQUEST_NAMES: Partial<Record<number, string>> = {
  1: "INIT",
  3: "OPEN",
  4: "CLOSE",
  5: "READ",
  6: "WRITE",
  7: "LSTAT",
  8: "FSTAT",
  9: "SETSTAT",
  10: "FSETSTAT",
  11: "OPENDIR",
  12: "READDIR",
  13: "REMOVE",
  14: "MKDIR",
  15: "RMDIR",
  16: "REALPATH",
  17: "STAT",
  18: "RENAME",
  200: "EXTENDED",
};

export const STATUS = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
} as const;
export type StatusCode = (typeof STATUS)[keyof typeof STATUS];

export const OPEN_FLAGS = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

const ATTRIBUTES = { size: 1, owner: 2, permissions: 4, times: 8 } as const;

/** Cuts a stream into packets, each without its length. */
export function packetSplitter(): (chunk: Buffer) => Buffer[] {
  let waiting: Buffer = Buffer.alloc(0);
  return (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    const packets: Buffer[] = [];
    while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32BE()) {
      const end = 4 + waiting.readUInt32BE();
      packets.push(waiting.subarray(4, end));
      waiting = waiting.subarray(end);
    }
    return packets;
  };
}

export interface PacketReader {
  byte(): number;
  number(): number;
  /** 64 bits; files beyond 2^53 bytes are not for a sandbox. */
  long(): number;
  bytes(): Buffer;
  text(): string;
  /** The permission bits that attributes carry, if any. */
  permissions(): number | undefined;
}

/** Throws RangeError where the packet ends too early. */
export function readPacket(packet: Buffer): PacketReader {
  let at = 0;

  function take(length: number): number {
    const from = at;
    at += length;
    if (at > packet.length) throw new RangeError("the packet is too short");
    return from;
  }
  function number(): number {
    return packet.readUInt32BE(take(4));
  }
  function bytes(): Buffer {
    const length = number();
    const from = take(length);
    return packet.subarray(from, from + length);
  }

  return {
    byte: () => packet.readUInt8(take(1)),
    number,
    long: () => Number(packet.readBigUInt64BE(take(8))),
    bytes,
    text: () => bytes().toString("utf8"),
    permissions() {
      const flags = number();
      if ((flags & ATTRIBUTES.size) !== 0) take(8);
      if ((flags & ATTRIBUTES.owner) !== 0) take(8);
      return (flags & ATTRIBUTES.permissions) === 0 ? undefined : number() & 0o777;
    },
  };
}

export function versionReply(extensions: Record<string, string>): Buffer {
  const pairs = Object.entries(extensions).flatMap(([name, value]) => [string(name), string(value)]);
  return packet(2, number(3), ...pairs);
}

export function statusReply(id: number, code: StatusCode, message: string): Buffer {
  return packet(101, number(id), number(code), string(message), string("en"));
}

export function handleReply(id: number, handle: string): Buffer {
  return packet(102, number(id), string(handle));
}

export function dataReply(id: number, data: Buffer): Buffer {
  return packet(103, number(id), number(data.length), data);
}

export function namesReply(id: number, names: { name: string; stats?: Stats }[]): Buffer {
  const entries = names.flatMap(({ name, stats }) => [
    string(name),
    string(
      `${stats?.isDirectory() === true ? "d" : "-"}rw-rw---- 1 district district ${stats?.size ?? 0} ${name}`,
    ),
    attributes(stats),
  ]);
  return packet(104, number(id), number(names.length), ...entries);
}

export function attributesReply(id: number, stats: Stats): Buffer {
  return packet(105, number(id), attributes(stats));
}

function attributes(stats: Stats | undefined): Buffer {
  if (stats === undefined) return number(0);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(stats.size));
  const seconds = [stats.atimeMs, stats.mtimeMs].map((ms) => number(Math.floor(ms / 1000)));
  const flags = number(ATTRIBUTES.size | ATTRIBUTES.permissions | ATTRIBUTES.times);
  return Buffer.concat([flags, size, number(stats.mode), ...seconds]);
}

function packet(type: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.of(type), ...parts]);
  return Buffer.concat([number(body.length), body]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([number(bytes.length), bytes]);
}
