/** What a client may do with the gateway's folder, and what the fault of the moment makes of it. */
import type { Stats } from "node:fs";
import * as fs from "node:fs/promises";
import { posix, join } from "node:path";
import type { GatewayEvent, GatewayFault } from "./options.ts";
import { Refusal } from "./refusal.ts";
import { OPEN_FLAGS, STATUS } from "./wire.ts";

export interface GatewayFiles {
  /** Any path as an absolute one of the gateway. */
  absolute(path: string): string;
  open(path: string, flags: number, permissions: number | undefined): Promise<OpenFile>;
  stat(path: string, followLinks: boolean): Promise<Stats>;
  list(path: string): Promise<{ name: string; stats: Stats }[]>;
  setPermissions(path: string, permissions: number | undefined): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  /** @param replace what posix-rename does; version 3's own rename fails when the new name is taken */
  rename(from: string, to: string, replace: boolean): Promise<void>;
}

export interface OpenFile {
  read(offset: number, length: number): Promise<Buffer>;
  write(offset: number, data: Buffer): Promise<void>;
  stat(): Promise<Stats>;
  setPermissions(permissions: number | undefined): Promise<void>;
  close(): Promise<void>;
}

export function serveFolder(
  folder: string,
  history: GatewayEvent[],
  currentFault: () => GatewayFault | undefined,
): GatewayFiles {
  /** The real path; never outside the folder, whatever the client writes. */
  async function real(path: string): Promise<string> {
    const name = absolute(path);
    const found = join(folder, name);
    if (currentFault() === "missing-folder" && (await isBelowRoot(name, found))) {
      throw new Refusal(STATUS.noSuchFile, "No such file");
    }
    const parent = await fs.realpath(join(found, name === "/" ? "" : ".."));
    const root = await fs.realpath(folder);
    if (parent !== root && !parent.startsWith(`${root}/`)) {
      throw new Refusal(STATUS.permissionDenied, "Permission denied");
    }
    return found;
  }

  function refuseWhenReadOnly(): void {
    if (currentFault() === "read-only") throw new Refusal(STATUS.permissionDenied, "Permission denied");
  }

  async function open(path: string, flags: number, permissions: number | undefined): Promise<OpenFile> {
    const writes = (flags & OPEN_FLAGS.write) !== 0;
    if (writes) refuseWhenReadOnly();
    const file = await fs.open(await real(path), nodeFlags(flags), permissions ?? 0o660);
    const name = absolute(path);
    if (writes) history.push({ kind: "open", path: name });
    return {
      async read(offset, length) {
        const buffer = Buffer.alloc(Math.min(length, 256 * 1024));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
        if (bytesRead === 0) throw new Refusal(STATUS.eof, "End of file");
        return buffer.subarray(0, bytesRead);
      },
      async write(offset, data) {
        const stored = whatIsStored(currentFault(), offset, data);
        await file.write(stored, 0, stored.length, offset);
        history.push({ kind: "write", path: name, bytes: stored.length });
        if (stored.length < data.length && currentFault() !== "short-write") {
          throw new Refusal(STATUS.failure, "No space left on device");
        }
      },
      stat: () => file.stat(),
      async setPermissions(wanted) {
        refuseWhenReadOnly();
        if (wanted !== undefined) await file.chmod(wanted);
      },
      async close() {
        await file.close();
        if (writes) history.push({ kind: "close", path: name });
      },
    };
  }

  async function rename(from: string, to: string, replace: boolean): Promise<void> {
    refuseWhenReadOnly();
    if (currentFault() === "no-rename") throw new Refusal(STATUS.permissionDenied, "Permission denied");
    const [source, target] = [await real(from), await real(to)];
    if (replace) {
      await fs.rename(source, target);
    } else {
      // A link fails where the name is taken, in one step; so does OpenSSH's server.
      await fs.link(source, target);
      await fs.unlink(source);
    }
    history.push({ kind: "rename", path: absolute(to), from: absolute(from), posix: replace });
    if (currentFault() === "collects-before-answer") {
      await fs.unlink(target);
      throw new Refusal(STATUS.noSuchFile, "No such file");
    }
  }

  return {
    absolute,
    open,
    rename,
    stat: async (path, followLinks) => (followLinks ? fs.stat(await real(path)) : fs.lstat(await real(path))),
    async list(path) {
      const found = await real(path);
      const names = await fs.readdir(found);
      return Promise.all(names.map(async (name) => ({ name, stats: await fs.lstat(join(found, name)) })));
    },
    async setPermissions(path, permissions) {
      refuseWhenReadOnly();
      if (permissions !== undefined) await fs.chmod(await real(path), permissions);
    },
    async remove(path) {
      refuseWhenReadOnly();
      await fs.unlink(await real(path));
      history.push({ kind: "remove", path: absolute(path) });
    },
    async makeFolder(path) {
      refuseWhenReadOnly();
      await fs.mkdir(await real(path));
      history.push({ kind: "mkdir", path: absolute(path) });
    },
    async removeFolder(path) {
      refuseWhenReadOnly();
      await fs.rmdir(await real(path));
      history.push({ kind: "remove", path: absolute(path) });
    },
  };
}

function absolute(path: string): string {
  return posix.normalize(`/${path}`).replace(/(?<=.)\/$/, "");
}

async function isBelowRoot(name: string, found: string): Promise<boolean> {
  if (name === "/") return false;
  if (posix.dirname(name) !== "/") return true;
  const stats = await fs.stat(found).catch(() => undefined);
  return stats?.isDirectory() === true;
}

function nodeFlags(flags: number): number {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_EXCL } = fs.constants;
  const has = (flag: number) => (flags & flag) !== 0;
  const access = has(OPEN_FLAGS.write) ? (has(OPEN_FLAGS.read) ? O_RDWR : O_WRONLY) : O_RDONLY;
  return (
    access |
    (has(OPEN_FLAGS.create) ? O_CREAT : 0) |
    (has(OPEN_FLAGS.truncate) ? O_TRUNC : 0) |
    (has(OPEN_FLAGS.exclusive) ? O_EXCL : 0)
  );
}

function whatIsStored(fault: GatewayFault | undefined, offset: number, data: Buffer): Buffer {
  // One byte is the hardest loss to notice.
  if (fault === "short-write") return data.subarray(0, Math.max(0, data.length - 1));
  if (typeof fault !== "object" || fault.kind !== "full") return data;
  return data.subarray(0, Math.max(0, fault.afterBytes - offset));
}
