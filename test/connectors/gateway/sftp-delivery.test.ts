import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SFTPWrapper, Stats } from "ssh2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deliver, type Delivery } from "../../../connectors/gateway/sftp-delivery.ts";
import type { SftpSession } from "../../../connectors/gateway/sftp-session.ts";
import { failureOf, recordedPorts, writeRandom } from "./ports.ts";

const BYTES = 1_000;
const TARGET = "/incoming/night.zip";

let home: string;
let delivery: Delivery;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "rosterbridge-delivery-"));
  const file = join(home, "package.zip");
  await writeRandom(file, BYTES);
  delivery = {
    parcel: { file, name: "night.zip", bytes: BYTES },
    folder: "/incoming",
    target: TARGET,
    mode: "full",
    ports: recordedPorts(),
    concurrency: 4,
    begun: undefined,
    isRenameAsked: false,
  };
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe("a gateway that collects packages the moment they have their name", () => {
  it("has it: what it confirmed is delivered", async () => {
    const gateway = memoryGateway({ collectsAtOnce: true });
    await deliver(gateway.session, delivery);

    expect(gateway.done).toEqual(["write", `replace ${TARGET}`, `collect ${TARGET}`]);
  });
});

describe("a gateway that lets us write and see no content", () => {
  it("takes the package", async () => {
    const gateway = memoryGateway({ isDropBox: true });
    await deliver(gateway.session, delivery);

    expect(gateway.files.get(TARGET)).toBe(BYTES);
  });

  it("gets a package of the same size anew, for it may be another night's", async () => {
    const gateway = memoryGateway({ isDropBox: true }, { [TARGET]: BYTES });
    await deliver(gateway.session, delivery);

    expect(gateway.done).toEqual(["write", `replace ${TARGET}`]);
  });

  it("and cannot replace: has the one of the same size removed first", async () => {
    const gateway = memoryGateway({ isDropBox: true, hasNoReplace: true }, { [TARGET]: BYTES });
    await deliver(gateway.session, delivery);

    expect(gateway.done).toEqual(["write", `remove ${TARGET}`, `rename ${TARGET}`]);
  });

  it("has the package when its answer to the rename was lost: the size says so", async () => {
    const gateway = memoryGateway({ isDropBox: true }, { [TARGET]: BYTES });
    await deliver(gateway.session, { ...delivery, isRenameAsked: true });

    expect(gateway.done).toEqual([]);
  });
});

describe("a gateway that changes what it was given", () => {
  it("under its final name: is told so, and the half package is removed", async () => {
    const gateway = memoryGateway({ cutsOnRename: true });

    expect(await failureOf(deliver(gateway.session, delivery))).toMatchObject({
      code: "delivery.incomplete",
    });
    expect([...gateway.files.keys()]).toEqual([]);
  });
});

it("stops before the rename when it was told to while the last bytes were under way", async () => {
  const gateway = memoryGateway({});
  const stop = new AbortController();
  const onProgress = () => {
    stop.abort(new Error("Ctrl-C"));
  };

  await expect(deliver(gateway.session, { ...delivery, signal: stop.signal, onProgress })).rejects.toThrow(
    "Ctrl-C",
  );
  expect(gateway.done).toEqual(["write"]);
});

interface Oddities {
  collectsAtOnce?: boolean;
  isDropBox?: boolean;
  hasNoReplace?: boolean;
  cutsOnRename?: boolean;
}

/** A server of names and sizes, for what no sandbox can be told to do. */
function memoryGateway(oddities: Oddities, there: Record<string, number> = {}) {
  const files = new Map(Object.entries(there));
  const done: string[] = [];
  let writing = "";

  const move = (how: string, from: string, to: string) => {
    done.push(`${how} ${to}`);
    files.set(to, oddities.cutsOnRename === true ? 1 : (files.get(from) ?? 0));
    files.delete(from);
    if (oddities.collectsAtOnce !== true) return;
    done.push(`collect ${to}`);
    files.delete(to);
  };
  type Callback<T = void> = (error?: Error, value?: T) => void;
  const server = {
    open(path: string, _flags: string, answer: Callback<Buffer>) {
      writing = path;
      files.set(path, 0);
      answer(undefined, Buffer.from(path));
    },
    write(_handle: Buffer, _data: Buffer, _offset: number, bytes: number, at: number, answer: Callback) {
      done.push("write");
      files.set(writing, at + bytes);
      answer();
    },
    close: (_handle: Buffer, answer: Callback) => {
      answer();
    },
    readdir: (_folder: string, answer: Callback) => {
      answer(refusal("Permission denied", 3));
    },
    unlink(path: string, answer: Callback) {
      done.push(`remove ${path}`);
      files.delete(path);
      answer();
    },
    rename(from: string, to: string, answer: Callback) {
      move("rename", from, to);
      answer();
    },
  };
  const session: SftpSession = {
    ask: (request) =>
      new Promise((resolve, reject) => {
        request(server as unknown as SFTPWrapper, (error, value) => {
          if (error) reject(error);
          else resolve(value);
        });
      }),
    async stat(path) {
      if (path === "/incoming") return { isDirectory: () => true } as Stats;
      const size = files.get(path);
      return size === undefined ? undefined : ({ size, isFile: () => true } as Stats);
    },
    async sha256() {
      throw refusal("Permission denied", 3);
    },
    room: async () => undefined,
    async replace(from, to) {
      if (oddities.hasNoReplace === true) return false;
      move("replace", from, to);
      return true;
    },
    close: async () => undefined,
  };
  return { session, files, done };
}

function refusal(words: string, code: number): Error {
  return Object.assign(new Error(words), { code });
}
