/** One SFTP session of one client: requests in, replies out, in whatever order they get done. */
import { setTimeout as after } from "node:timers/promises";
import type { Duplex } from "node:stream";
import type { GatewayFiles, OpenFile } from "./files.ts";
import type { GatewayFault } from "./options.ts";
import { Refusal, refusalOf } from "./refusal.ts";
import {
  attributesReply,
  dataReply,
  handleReply,
  namesReply,
  type PacketReader,
  packetSplitter,
  readPacket,
  REQUEST_NAMES,
  STATUS,
  statusReply,
  versionReply,
} from "./wire.ts";

const POSIX_RENAME = "posix-rename@openssh.com";
/** How long a server that takes one request at a time is busy with it. */
const BUSY_MS = 3;

type Handle = ({ file: OpenFile } | { folder: string; listed: boolean }) & { underWay: number };

export interface SessionPorts {
  files: GatewayFiles;
  currentFault: () => GatewayFault | undefined;
  /** Breaks the connection without a word. */
  cut: () => void;
}

export function serveSftp(channel: Duplex, { files, currentFault, cut }: SessionPorts): void {
  const handles = new Map<string, Handle>();
  const split = packetSplitter();
  const hasPosixRename = currentFault() !== "no-posix-rename";
  let handleCount = 0;
  let received = 0;
  let given = 0;

  channel.on("data", (chunk: Buffer) => {
    for (const packet of split(chunk)) void serve(packet);
  });
  channel.once("end", () => {
    for (const handle of handles.values()) if ("file" in handle) void handle.file.close();
    channel.end();
  });

  async function serve(packet: Buffer): Promise<void> {
    const request = readPacket(packet);
    const name = REQUEST_NAMES[request.byte()];
    const id = request.number();
    if (name === "INIT") {
      send(versionReply(hasPosixRename ? { [POSIX_RENAME]: "1" } : {}));
      return;
    }
    try {
      const answer = name === undefined ? undefined : REQUESTS[name];
      if (answer === undefined) throw new Refusal(STATUS.unsupported, "Operation unsupported");
      send(await answer(request, id));
    } catch (error) {
      const { status, message } = refusalOf(error);
      send(statusReply(id, status, message));
    }
  }

  function send(reply: Buffer): void {
    if (channel.writable) channel.write(reply);
  }

  function keep(handle: Handle): string {
    const name = `h${++handleCount}`;
    handles.set(name, handle);
    return name;
  }

  /** Does something with an open file or folder, alone where only one request at a time is taken. */
  async function using<T>(name: string, work: (handle: Handle) => Promise<T>): Promise<T> {
    const handle = handles.get(name);
    if (handle === undefined) throw new Refusal(STATUS.failure, "Invalid handle");
    const alone = currentFault() === "one-request-at-a-time";
    if (alone && handle.underWay > 0) throw new Refusal(STATUS.failure, "Failure");
    handle.underWay++;
    try {
      if (alone) await after(BUSY_MS);
      return await work(handle);
    } finally {
      handle.underWay--;
    }
  }

  function withFile<T>(name: string, work: (file: OpenFile) => Promise<T>): Promise<T> {
    return using(name, (handle) => {
      if (!("file" in handle)) throw new Refusal(STATUS.failure, "Not a file");
      return work(handle.file);
    });
  }

  /** A cut connection answers nothing more. */
  function cutNow(): Promise<never> {
    cut();
    return new Promise(() => undefined);
  }

  async function write(handle: string, offset: number, data: Buffer): Promise<void> {
    await withFile(handle, (file) => file.write(offset, data));
    received += data.length;
    const fault = currentFault();
    if (typeof fault === "object" && fault.kind === "drop" && received >= fault.afterBytes) await cutNow();
  }

  async function read(handle: string, offset: number, length: number): Promise<Buffer> {
    const data = await withFile(handle, (file) => file.read(offset, length));
    given += data.length;
    const fault = currentFault();
    if (typeof fault === "object" && fault.kind === "drop-reads" && given >= fault.afterBytes) await cutNow();
    return data;
  }

  async function rename(from: string, to: string, replace: boolean): Promise<void> {
    await files.rename(from, to, replace);
    const fault = currentFault();
    if (typeof fault === "object" && fault.kind === "drop-after-rename") await cutNow();
  }

  async function nextNames(name: string, id: number): Promise<Buffer> {
    return using(name, async (handle) => {
      if (!("folder" in handle)) throw new Refusal(STATUS.failure, "Not a folder");
      if (handle.listed) throw new Refusal(STATUS.eof, "End of file");
      handle.listed = true;
      return namesReply(id, await files.list(handle.folder));
    });
  }

  async function close(name: string): Promise<void> {
    const handle = handles.get(name);
    if (handle === undefined) throw new Refusal(STATUS.failure, "Invalid handle");
    handles.delete(name);
    if ("file" in handle) await handle.file.close();
  }

  function done(work: (request: PacketReader) => Promise<void>) {
    return async (request: PacketReader, id: number) => {
      await work(request);
      return statusReply(id, STATUS.ok, "Success");
    };
  }

  const REQUESTS: Partial<Record<string, (request: PacketReader, id: number) => Promise<Buffer>>> = {
    OPEN: async (request, id) => {
      const file = await files.open(request.text(), request.number(), request.permissions());
      return handleReply(id, keep({ file, underWay: 0 }));
    },
    OPENDIR: async (request, id) => {
      const folder = request.text();
      await files.list(folder);
      return handleReply(id, keep({ folder, listed: false, underWay: 0 }));
    },
    READDIR: (request, id) => nextNames(request.text(), id),
    READ: async (request, id) => {
      const [handle, offset, length] = [request.text(), request.long(), request.number()];
      return dataReply(id, await read(handle, offset, length));
    },
    WRITE: done((request) => write(request.text(), request.long(), request.bytes())),
    CLOSE: done((request) => close(request.text())),
    STAT: async (request, id) => attributesReply(id, await files.stat(request.text(), true)),
    LSTAT: async (request, id) => attributesReply(id, await files.stat(request.text(), false)),
    FSTAT: async (request, id) => attributesReply(id, await withFile(request.text(), (file) => file.stat())),
    SETSTAT: done((request) => files.setPermissions(request.text(), request.permissions())),
    FSETSTAT: done((request) => {
      const [handle, permissions] = [request.text(), request.permissions()];
      return withFile(handle, (file) => file.setPermissions(permissions));
    }),
    REMOVE: done((request) => files.remove(request.text())),
    MKDIR: done((request) => files.makeFolder(request.text())),
    RMDIR: done((request) => files.removeFolder(request.text())),
    RENAME: done((request) => rename(request.text(), request.text(), false)),
    REALPATH: (request, id) => Promise.resolve(namesReply(id, [{ name: files.absolute(request.text()) }])),
    EXTENDED: done((request) => {
      const name = request.text();
      if (name !== POSIX_RENAME || !hasPosixRename) {
        throw new Refusal(STATUS.unsupported, "Operation unsupported");
      }
      return rename(request.text(), request.text(), true);
    }),
  };
}
