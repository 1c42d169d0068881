import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countFrames, createFrames, framesAreThere, readFrames } from "../../../connectors/store/frames.ts";
import { underFileLimit } from "./file-limit.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "frames-"));
  file = join(folder, "deep", "values.json.zst");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(values: readonly unknown[]): void {
  const frames = createFrames(file);
  for (const value of values) frames.add(value);
  expect(frames.count()).toBe(values.length);
  frames.done();
}

const VALUES = [{ id: 1, name: "Zoë" }, [], "text\nof two lines", null, { big: "x".repeat(100_000) }];
const damaged = expect.objectContaining({ code: "internal.file-damaged" }) as Error;

describe("frames", () => {
  it("gives back what was added, in its order, as often as it is asked", () => {
    write(VALUES);
    expect([...readFrames(file)]).toEqual(VALUES);
    expect([...readFrames(file)]).toEqual(VALUES);
    expect(countFrames(file)).toBe(VALUES.length);
  });

  it("may be none", () => {
    write([]);
    expect(framesAreThere(file)).toBe(true);
    expect([...readFrames(file)]).toEqual([]);
  });

  it("is for its owner alone, and lines of JSON for whoever unpacks it", () => {
    write(VALUES);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}.index`).mode & 0o777).toBe(0o600);
    const lines = zstdDecompressSync(readFileSync(file)).toString("utf8").split("\n");
    expect(JSON.parse(lines[0]!)).toEqual(VALUES[0]);
  });

  it("cannot be read before it is done, nor when it was given up, nor what an older one left", () => {
    write(["old"]);
    const frames = createFrames(file);
    frames.add("new");
    expect(framesAreThere(file)).toBe(false);
    expect(() => [...readFrames(file)]).toThrow(damaged);
    frames.abandon();
    expect(() => countFrames(file)).toThrow(damaged);
  });

  it("says why it could not be sealed, and can be given up then", () => {
    const frames = createFrames(file);
    frames.add("new");
    mkdirSync(`${file}.index.new`);
    expect(() => {
      frames.done();
    }).toThrow(/EISDIR/);
    expect(() => {
      frames.abandon();
    }).not.toThrow();
  });

  it("is not sealed with a value of which a part was written", () => {
    const script = `const frames = on.createFrames(${JSON.stringify(file)});
      frames.add(LONG); frames.done(); console.log("sealed");`;
    const said = underFileLimit("connectors/store/frames.ts", script);
    expect(said).toContain("EFBIG");
    expect(said).not.toContain("sealed");
  });

  it("is read as far as somebody wants, and no further", () => {
    write(VALUES);
    const [first] = readFrames(file);
    expect(first).toEqual(VALUES[0]);
  });

  it.each<[string, () => void]>([
    [
      "is shorter than it was",
      () => {
        truncateSync(file, statSync(file).size - 1);
      },
    ],
    [
      "was written over",
      () => {
        writeFileSync(file, Buffer.alloc(statSync(file).size));
      },
    ],
    [
      "has no index",
      () => {
        rmSync(`${file}.index`);
      },
    ],
    [
      "has an index that is cut off",
      () => {
        truncateSync(`${file}.index`, 3);
      },
    ],
  ])("is told to be damaged when it %s, with what to do", (_, damage) => {
    write(VALUES);
    damage();
    expect(() => [...readFrames(file)]).toThrow(damaged);
    expect(() => [...readFrames(file)]).toThrow(/What was kept of the run is damaged/);
  });

  it("does not mind what a killed process has left behind its end", () => {
    write(VALUES);
    appendFileSync(file, "rest");
    expect([...readFrames(file)]).toEqual(VALUES);
  });
});
