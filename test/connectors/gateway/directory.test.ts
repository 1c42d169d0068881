import { mkdirSync as mkdirNow, readdirSync as readdirNow, truncateSync as truncateNow } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectDirectory, type DirectoryConfig } from "../../../connectors/gateway/directory.ts";
import { failureOf, recordedPorts, rejectionOf, writeRandom } from "./ports.ts";

let home: string;
let incoming: string;
let file: string;
let content: Buffer;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "rosterbridge-directory-"));
  incoming = join(home, "incoming");
  await mkdir(incoming);
  file = join(home, "package.zip");
  content = await writeRandom(file, 3_000_000);
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(content.equals(await readFile(file))).toBe(true);
  await rm(home, { recursive: true, force: true });
});

function gateway(changed: Partial<DirectoryConfig> = {}) {
  const config = {
    kind: "directory",
    path: incoming,
    fileName: "{run}.zip",
    mode: "full",
    ...changed,
  } as const;
  return connectDirectory(config, recordedPorts());
}

describe("delivery to a folder", () => {
  it("puts the package there and says where and how large it is", async () => {
    const delivered = await gateway().put(file, "night.zip");

    const target = join(incoming, "night.zip");
    expect(delivered).toEqual({ kind: "directory", target, bytes: content.length, verified: true });
    expect(content.equals(await readFile(target))).toBe(true);
    expect(await readdir(incoming)).toEqual(["night.zip"]);
  });

  it("shows the package only when it is whole", async () => {
    const seen = new Set<string>();
    const onProgress = (bytes: number) => {
      seen.add(`${bytes > 0}`);
      for (const name of readdirNow(incoming)) seen.add(name);
    };
    await gateway().put(file, "night.zip", { onProgress });

    expect([...seen].filter((name) => /\.(zip|csv)$/.test(name))).toEqual([]);
    expect([...seen].some((name) => name.startsWith(".night.zip.part-"))).toBe(true);
  });

  it("tells the progress up to the last byte", async () => {
    const told: number[] = [];
    await gateway().put(file, "night.zip", { onProgress: (bytes) => told.push(bytes) });

    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(content.length);
  });

  it("takes the same package again, and leaves what is there alone", async () => {
    await gateway().put(file, "night.zip");
    const yesterday = new Date("2026-11-20T02:00:00Z");
    await utimes(join(incoming, "night.zip"), yesterday, yesterday);
    const again = await gateway().put(file, "night.zip");

    expect(again.verified).toBe(true);
    expect((await stat(join(incoming, "night.zip"))).mtime).toEqual(yesterday);
  });

  it.each(["full", "diffing"] as const)(
    "replaces another package of the same name in mode %s",
    async (mode) => {
      await writeRandom(join(incoming, "night.zip"), content.length);
      await gateway({ mode }).put(file, "night.zip");

      expect(content.equals(await readFile(join(incoming, "night.zip")))).toBe(true);
    },
  );

  it("keeps another package of the same name in mode changes: Canvas may not have seen it", async () => {
    const other = await writeRandom(join(incoming, "night.zip"), 100);
    const failure = await failureOf(gateway({ mode: "changes" }).put(file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.name-taken", exitCode: 5 });
    expect(failure.hint).toContain("{run}");
    expect(other.equals(await readFile(join(incoming, "night.zip")))).toBe(true);
  });

  it("removes what a killed attempt has left behind, and nothing else", async () => {
    await writeFile(join(incoming, ".night.zip.part-0badcafe"), "half");
    await writeFile(join(incoming, ".other.zip.part-0badcafe"), "of somebody else");
    await gateway().put(file, "night.zip");

    expect((await readdir(incoming)).sort()).toEqual([".other.zip.part-0badcafe", "night.zip"]);
  });

  it("ends at once when it is told to stop, and leaves nothing half", async () => {
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort();
    };
    const error = await rejectionOf(gateway().put(file, "night.zip", { signal: stop.signal, onProgress }));

    expect(error.name).toBe("AbortError");
    expect(await readdir(incoming)).toEqual([]);
  });
});

describe("who must know what may have arrived", () => {
  it("is told when the package is whole and not yet there, and when it is there already", async () => {
    const told: string[][] = [];
    const arrival = {
      begins: () => told.push(readdirNow(incoming).map((name) => name.replace(/part-.*/, "part"))),
      isRefused: () => told.push(["refused"]),
    };
    await gateway().put(file, "night.zip", { arrival });
    await gateway().put(file, "night.zip", { arrival });
    expect(told).toEqual([[".night.zip.part"], ["night.zip"]]);
  });

  it("is told that it has not arrived, where the folder does not let it have its name", async () => {
    const told: string[] = [];
    const arrival = {
      begins: () => {
        told.push("begins");
        mkdirNow(join(incoming, "night.zip"));
      },
      isRefused: () => told.push("refused"),
    };
    expect(await failureOf(gateway().put(file, "night.zip", { arrival }))).toMatchObject({ exitCode: 5 });
    expect(told).toEqual(["begins", "refused"]);
  });

  it("can end the delivery before anything is there", async () => {
    const arrival = {
      begins: () => {
        throw new Error("no room to write that down");
      },
      isRefused: () => undefined,
    };
    const error = await rejectionOf(gateway().put(file, "night.zip", { arrival }));
    expect(error.message).toBe("no room to write that down");
    expect(await readdir(incoming)).toEqual([]);
  });
});

describe("a folder that cannot take the package", () => {
  it("does not exist: says which, and what to do", async () => {
    const failure = await failureOf(gateway({ path: join(home, "gone") }).put(file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.no-folder", exitCode: 5 });
    expect(failure.message).toContain(join(home, "gone"));
    expect(failure.hint).toContain("delivery.path");
  });

  it("is a file", async () => {
    const failure = await failureOf(gateway({ path: file }).put(file, "night.zip"));
    expect(failure).toMatchObject({ code: "delivery.no-folder" });
  });

  it("may not be written", async () => {
    await chmod(incoming, 0o555);
    const failure = await asOrdinaryUser(() => failureOf(gateway().put(file, "night.zip")));

    expect(failure).toMatchObject({ code: "delivery.read-only", exitCode: 5 });
    expect(failure.message).toContain(incoming);
    expect(await readdir(incoming)).toEqual([]);
  });

  it.each([
    ["ENOSPC", "delivery.full"],
    ["EDQUOT", "delivery.full"],
    ["EROFS", "delivery.read-only"],
    ["EIO", "delivery.refused"],
  ])("fails midway with %s: %s, and nothing half is left", async (code, expected) => {
    await breakMidway(code);
    const failure = await failureOf(gateway().put(file, "night.zip"));

    expect(failure).toMatchObject({ code: expected, exitCode: 5 });
    expect(failure.message).toContain(incoming);
    expect(failure.hint).toContain("rerun");
    expect(await readdir(incoming)).toEqual([]);
  });

  it("keeps other bytes than it was given: delivery.incomplete, and nothing is left", async () => {
    const onProgress = () => {
      const [temporary] = readdirNow(incoming);
      truncateNow(join(incoming, temporary!));
    };
    const failure = await failureOf(gateway().put(file, "night.zip", { onProgress }));

    expect(failure).toMatchObject({ code: "delivery.incomplete" });
    expect(await readdir(incoming)).toEqual([]);
  });

  it("has a folder of that name", async () => {
    await mkdir(join(incoming, "night.zip"));
    expect(await failureOf(gateway().put(file, "night.zip"))).toMatchObject({ code: "delivery.name-taken" });
  });
});

it("says so when the package itself is gone", async () => {
  const failure = await failureOf(gateway().put(join(home, "gone.zip"), "night.zip"));

  expect(failure).toMatchObject({ code: "delivery.no-package" });
  expect(failure.hint).toContain("--from package");
});

/** Root may write anywhere: for it the test becomes somebody else for a while. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  await chmod(home, 0o755);
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** The disk takes what it is given, and then says no. */
async function breakMidway(code: string): Promise<void> {
  await using handle = await open(file);
  const files = Object.getPrototypeOf(handle) as { sync: () => Promise<never> };
  const error = Object.assign(new Error(`${code}: fsync`), { code, syscall: "fsync" });
  vi.spyOn(files, "sync").mockRejectedValue(error);
}
