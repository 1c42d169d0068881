import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "../../../config/failure.ts";
import {
  archivedPages,
  createArchive,
  readArchiveIndex,
  type ArchivedEndpoint,
} from "../../../connectors/store/archive.ts";

let root: string;
let folder: string;
const COUNTS = { records: 2, total: 2, filter: null, filteredBySis: false };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "archive-"));
  folder = join(root, "extract");
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const frame = (text: string) => zstdCompressSync(Buffer.from(text));
const pagesOf = (endpoint: ArchivedEndpoint) =>
  [...archivedPages(folder, endpoint)].map((page) => zstdDecompressSync(new Uint8Array(page)).toString());

describe("an archive", () => {
  it("gives the pages of an endpoint as they came, and what is known of it", () => {
    const writer = createArchive(folder).begin("users", "/users");
    for (const page of ['{"users":[1]}', '{"users":[2]}', ""]) writer.add(frame(page));
    writer.done({ records: 2, total: null, filter: "status='active'", filteredBySis: true });

    const [endpoint, ...others] = readArchiveIndex(folder);
    expect(others).toEqual([]);
    expect(endpoint).toMatchObject({
      ...{ type: "users", endpoint: "/users", name: "users-001", records: 2, total: null },
      ...{ filter: "status='active'", filteredBySis: true },
    });
    expect(pagesOf(endpoint!)).toEqual(['{"users":[1]}', '{"users":[2]}', ""]);
  });

  it("holds only endpoints that were read to their end in its index", () => {
    const archive = createArchive(folder);
    archive.begin("orgs", "/orgs").done(COUNTS);
    archive.begin("users", "/users").add(frame("half"));
    expect(readArchiveIndex(folder).map(({ endpoint }) => endpoint)).toEqual(["/orgs"]);
  });

  it("forgets an endpoint that is given up, and never uses its name again", () => {
    const archive = createArchive(folder);
    const first = archive.begin("users", "/users");
    first.add(frame("old"));
    first.abandon();
    expect(readdirSync(folder)).toEqual([]);
    const second = archive.begin("users", "/users");
    second.add(frame("new"));
    second.done(COUNTS);
    expect(second.name).not.toBe(first.name);
    expect(readArchiveIndex(folder).map(pagesOf)).toEqual([["new"]]);
  });

  it("keeps endpoints that are read at the same time apart", () => {
    const archive = createArchive(folder);
    const writers = ["/schools/1/users", "/schools/2/users"].map((endpoint) =>
      archive.begin("users", endpoint),
    );
    for (const round of ["a", "b"])
      writers.forEach((writer, n) => {
        writer.add(frame(`${n}${round}`));
      });
    writers.toReversed().forEach((writer) => {
      writer.done(COUNTS);
    });
    expect(readArchiveIndex(folder).map((endpoint) => [endpoint.endpoint, pagesOf(endpoint)])).toEqual([
      ["/schools/2/users", ["1a", "1b"]],
      ["/schools/1/users", ["0a", "0b"]],
    ]);
  });

  it("begins anew: what an earlier one left is gone", () => {
    createArchive(folder).begin("users", "/users").done(COUNTS);
    createArchive(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("goes on from the endpoints of an earlier one that are to be kept, and from nothing else", () => {
    const earlier = createArchive(folder);
    for (const endpoint of ["/orgs", "/users"]) {
      const writer = earlier.begin(endpoint.slice(1), endpoint);
      writer.add(frame(`old ${endpoint}`));
      writer.done(COUNTS);
    }
    earlier.begin("enrollments", "/enrollments").add(frame("half"));
    const users = readArchiveIndex(folder).filter(({ type }) => type === "users");

    const archive = createArchive(folder, users);
    expect(readdirSync(folder).sort()).toEqual(["index.json", "users-001.json.zst"]);
    expect(readArchiveIndex(folder).map(pagesOf)).toEqual([["old /users"]]);

    const again = archive.begin("users", "/users");
    again.add(frame("new /users"));
    again.done(COUNTS);
    archive.forget(users[0]!);
    expect(readArchiveIndex(folder).map(pagesOf)).toEqual([["new /users"]]);
    expect(readdirSync(folder).sort()).toEqual(["index.json", "users-002.json.zst"]);
  });

  it("is for its owner's eyes alone", () => {
    const writer = createArchive(folder).begin("users", "/users");
    writer.add(frame("x"));
    writer.done(COUNTS);
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  it("is read by the zstd command as one text", ({ skip }) => {
    const zstd = ["/usr/bin/zstd", "/bin/zstd", "/usr/local/bin/zstd"].find((path) => existsSync(path));
    skip(zstd === undefined, "zstd is not installed here");
    const writer = createArchive(folder).begin("users", "/users");
    for (const page of ["one\n", "two\n"]) writer.add(frame(page));
    writer.done(COUNTS);
    expect(execFileSync(zstd!, ["-dc", join(folder, "users-001.json.zst")]).toString()).toBe("one\ntwo\n");
  });
});

describe("a damaged archive", () => {
  const fails = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      if (error instanceof Failure) return { code: error.code, message: error.message, hint: error.hint };
      throw error;
    }
    return undefined;
  };
  const hint = "`rosterbridge rerun --from extract` asks the SIS again.";
  const endpoint = () => {
    const writer = createArchive(folder).begin("users", "/users");
    writer.add(frame("a page that is there"));
    writer.add(frame("a page that is cut"));
    writer.done(COUNTS);
    return readArchiveIndex(folder)[0]!;
  };

  it("says which file is cut short, and what to do", () => {
    const users = endpoint();
    const file = join(folder, "users-001.json.zst");
    truncateSync(file, readFileSync(file).length - 1);
    const message = `What was kept of the SIS is damaged: ${file} is shorter than index.json says.`;
    expect(fails(() => pagesOf(users))).toEqual({ code: "internal.archive-damaged", message, hint });
  });

  it("says which file is missing", () => {
    const users = endpoint();
    const file = join(folder, "users-001.json.zst");
    rmSync(file);
    expect(fails(() => pagesOf(users))?.message).toBe(
      `What was kept of the SIS is damaged: ${file} cannot be opened.`,
    );
  });

  it.each([
    ["missing", undefined],
    ["cut short", '[{"type":'],
    ["no list", '{"type":"users"}'],
  ])("says so when its index is %s", (_how, text) => {
    endpoint();
    const file = join(folder, "index.json");
    rmSync(file);
    if (text !== undefined) writeFileSync(file, text);
    expect(fails(() => readArchiveIndex(folder))).toEqual({
      ...{ code: "internal.archive-damaged", hint },
      message: `What was kept of the SIS is damaged: ${file} cannot be read.`,
    });
  });
});
