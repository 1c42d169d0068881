import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Failure } from "../../../config/failure.ts";
import { type PackageEntry, writePackage } from "../../../connectors/store/package.ts";
import { PACKAGE_ORDER } from "../../../mappers/canvas-files.ts";
import { readZip } from "./zip-reader.ts";

let folder: string;
let target: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rosterbridge-package-"));
  await mkdir(join(folder, "canvas"));
  await mkdir(join(folder, "out"));
  target = join(folder, "out", "oakdale.zip");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const USERS = "user_id,login_id,status\nu1,ann,active\nu2,Zoë “Z”,active\n";
const COURSES = "course_id,short_name,status\nc1,ALG1,active\n";

async function csv(name: string, content: string): Promise<PackageEntry> {
  const path = join(folder, "canvas", name);
  await writeFile(path, content);
  return { name, path };
}

async function outcomeOf(writing: Promise<unknown>): Promise<unknown> {
  return writing.catch((error: unknown) => error);
}

describe("a package", () => {
  it("has the files at its root, in the order given, byte for byte", async () => {
    await writePackage([await csv("users.csv", USERS), await csv("courses.csv", COURSES)], target);

    const entries = readZip(await readFile(target));
    expect(entries.map(({ name, content }) => [name, content.toString()])).toEqual([
      ["users.csv", USERS],
      ["courses.csv", COURSES],
    ]);
  });

  it("of every file that there can be is written without a word of Node's on stderr", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const files = await Promise.all(PACKAGE_ORDER.map((file) => csv(`${file}.csv`, USERS)));
    await writePackage(files, target);
    expect(warned).not.toHaveBeenCalled();
  });

  it("tells its own size and sha256", async () => {
    const made = await writePackage([await csv("users.csv", USERS)], target);

    const zip = await readFile(target);
    const sha256 = createHash("sha256").update(zip).digest("hex");
    expect(made).toEqual({ file: target, bytes: zip.length, sha256 });
  });

  it("passes the test of unzip, checksums included", async ({ skip }) => {
    await writePackage([await csv("users.csv", USERS), await csv("courses.csv", COURSES)], target);

    const unzip = spawnSync("unzip", ["-t", target], { encoding: "utf8" });
    skip(unzip.error !== undefined, "unzip is not installed");
    expect(unzip.stdout).toContain("No errors detected");
    expect(unzip.status).toBe(0);
  });

  it("is readable by its owner alone, packed and unpacked", async () => {
    await writePackage([await csv("users.csv", USERS)], target);

    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(readZip(await readFile(target)).map(({ unixMode }) => unixMode)).toEqual([0o100600]);
  });

  it("keeps a file of several megabytes whole", async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, row) => `c${row},s${row * 7},u${row * 13},student,active`,
    );
    const content = `course_id,section_id,user_id,role,status\n${rows.join("\n")}\n`;
    await writePackage([await csv("enrollments.csv", content)], target);

    const [entry] = readZip(await readFile(target));
    expect(entry?.content.equals(Buffer.from(content))).toBe(true);
    expect(entry?.method).toBe("deflated");
  });
});

describe("the same data gives the same bytes", () => {
  it("whenever its files were written", async () => {
    const first = await writePackage([await csv("users.csv", USERS)], target);
    await rm(join(folder, "canvas", "users.csv"));
    const again = await writePackage([await csv("users.csv", USERS)], join(folder, "out", "again.zip"));

    expect(again.sha256).toBe(first.sha256);
  });

  it("in every time zone", async () => {
    const files = [await csv("users.csv", USERS), await csv("courses.csv", COURSES)];
    const here = await writePackage(files, target);

    const zones = ["Asia/Tokyo", "America/Los_Angeles", "UTC", "Australia/Lord_Howe"];
    const there = await Promise.all(
      zones.map((zone) => packIn(zone, files, join(folder, "out", `${zone.replace("/", "-")}.zip`))),
    );

    expect(there).toEqual(zones.map(() => here.sha256));
    const [entry] = readZip(await readFile(target));
    expect(entry).toMatchObject({
      extraBytes: 0,
      dosDate: ((2000 - 1980) << 9) | (1 << 5) | 1,
      dosTime: 12 << 11,
    });
  });
});

async function packIn(timeZone: string, files: PackageEntry[], to: string): Promise<string> {
  const module = JSON.stringify(new URL("../../../connectors/store/package.ts", import.meta.url).href);
  const program = `const { writePackage } = await import(${module});
    process.stdout.write((await writePackage(${JSON.stringify(files)}, ${JSON.stringify(to)})).sha256);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...process.env, TZ: timeZone },
  });
  return stdout;
}

describe("Canvas's limit of 100:1", () => {
  it("is kept by compressing less, and in the end not at all", async () => {
    const monotonous = `user_id,status\n${"u1,active\n".repeat(300_000)}`;
    const made = await writePackage([await csv("users.csv", monotonous)], target);

    expect(monotonous.length / made.bytes).toBeLessThan(100);
    expect(readZip(await readFile(target))[0]?.content.toString()).toBe(monotonous);
  });

  it("is kept the same way every time", async () => {
    const files = [await csv("users.csv", `user_id,status\n${"u1,active\n".repeat(300_000)}`)];
    const first = await writePackage(files, target);
    const again = await writePackage(files, join(folder, "out", "again.zip"));

    expect(again.sha256).toBe(first.sha256);
  });

  it("does not make ordinary files larger", async () => {
    await writePackage([await csv("users.csv", USERS.repeat(50))], target);

    expect(readZip(await readFile(target))[0]?.method).toBe("deflated");
  });
});

describe("refuses", () => {
  it.each([
    ["an empty file, which Canvas ignores in silence", ""],
    ["a file that is only a header, which Canvas counts as supplied", "user_id,login_id,status\n"],
    ["a header without an end of line", "user_id,login_id,status"],
  ])("%s", async (_, content) => {
    const files = [await csv("courses.csv", COURSES), await csv("users.csv", content)];
    const failure = await outcomeOf(writePackage(files, target));

    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: "internal.package-empty" });
    expect((failure as Failure).message).toContain("users.csv");
    expect(await readdir(join(folder, "out"))).toEqual([]);
  });

  it("a package of no files", async () => {
    expect(await outcomeOf(writePackage([], target))).toMatchObject({ code: "internal.package-empty" });
  });
});

describe("whole or not at all", () => {
  it("says which folder has no room, and leaves nothing half there", async () => {
    const files = [await csv("users.csv", USERS)];
    await writeFile(target, "last night's");
    await breakWrites("ENOSPC");
    const failure = await outcomeOf(writePackage(files, target));

    expect(failure).toMatchObject({ code: "internal.disk-full", exit: "internal" });
    expect((failure as Failure).message).toContain(join(folder, "out"));
    expect((failure as Failure).hint).toContain("rerun");
    expect(await readdir(join(folder, "out"))).toEqual(["oakdale.zip"]);
    expect(await readFile(target, "utf8")).toBe("last night's");
  });

  it("leaves nothing half when it is told to stop", async () => {
    const files = [await csv("users.csv", `user_id,status\n${"u1,active\n".repeat(300_000)}`)];
    const stop = new AbortController();
    const writing = outcomeOf(writePackage(files, target, { signal: stop.signal }));
    stop.abort();

    expect(await writing).toMatchObject({ name: "AbortError" });
    expect(await readdir(join(folder, "out"))).toEqual([]);
  });

  it("fails when a file is gone, and leaves nothing half there", async () => {
    const failure = await outcomeOf(
      writePackage([{ name: "users.csv", path: join(folder, "gone.csv") }], target),
    );

    expect(failure).toMatchObject({ code: "ENOENT" });
    expect(await readdir(join(folder, "out"))).toEqual([]);
  });

  it("writes over what a killed attempt has left behind", async () => {
    await writeFile(join(folder, "out", ".oakdale.zip.part"), "half");
    await writePackage([await csv("users.csv", USERS)], target);

    expect(await readdir(join(folder, "out"))).toEqual(["oakdale.zip"]);
    expect(readZip(await readFile(target))[0]?.content.toString()).toBe(USERS);
  });
});

/** Every write to an open file fails from now on, as it does when the disk has no room. */
async function breakWrites(code: string): Promise<void> {
  await using handle = await open(folder);
  const files = Object.getPrototypeOf(handle) as { writeFile: () => Promise<never> };
  const error = Object.assign(new Error(`${code}: write`), { code, syscall: "write" });
  vi.spyOn(files, "writeFile").mockRejectedValue(error);
}
