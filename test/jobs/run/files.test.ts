import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePrivateFolder, replaceFile, systemCode } from "../../../jobs/run/files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "files-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("makePrivateFolder", () => {
  it("makes it and its missing parents for the owner alone", () => {
    makePrivateFolder(join(folder, "a", "b"));
    expect([join(folder, "a"), join(folder, "a", "b")].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o700,
    ]);
    makePrivateFolder(join(folder, "a", "b"));
  });
});

describe("replaceFile", () => {
  it("writes for the owner alone, over what was there, and leaves nothing else", () => {
    const file = join(folder, "f.json");
    writeFileSync(file, "something longer", { mode: 0o644 });
    writeFileSync(`${file}.new`, "left by a process that was killed");
    replaceFile(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["f.json"]);
  });

  it("leaves the old file, and no half of the new one, when it fails", () => {
    const file = join(folder, "taken");
    mkdirSync(join(file, "by a folder"), { recursive: true });
    expect(() => {
      replaceFile(file, "new");
    }).toThrow();
    expect(readdirSync(folder)).toEqual(["taken"]);
  });
});

describe("systemCode", () => {
  it("finds the code of a system error, however deep it lies", () => {
    const full = Object.assign(new Error("no room"), { code: "ENOSPC" });
    expect(systemCode(full)).toBe("ENOSPC");
    expect(systemCode(new Error("writing", { cause: new Error("page", { cause: full }) }))).toBe("ENOSPC");
  });

  it("finds none in anything else", () => {
    expect(
      [new Error("x"), Object.assign(new Error("x"), { code: 5 }), "ENOSPC", undefined].map(systemCode),
    ).toEqual(Array(4).fill(undefined));
  });
});
