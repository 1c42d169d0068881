import { describe, expect, it } from "vitest";
import { newestFirst } from "../../../../connectors/canvas/export-files/newest-first.ts";

const file = (name: string, modified: string) => ({ name, modified: new Date(modified) });
const stampOf = (name: string) => /^\d+/.exec(name)?.[0];
const order = (...files: ReturnType<typeof file>[]) => newestFirst(files, stampOf).map(({ name }) => name);

describe("the newest of several files", () => {
  it("is the one with the latest stamp, however it was copied about", () => {
    expect(order(file("1 old", "2026-11-03"), file("2 new", "2026-11-01"))).toEqual(["2 new", "1 old"]);
  });

  it("is the one that was written last, where not every name has a stamp", () => {
    expect(order(file("9 old", "2026-11-01"), file("renamed", "2026-11-03"))).toEqual(["renamed", "9 old"]);
  });

  it("is always the same one, even of twins", () => {
    const twins = [file("1 a", "2026-11-01"), file("1 b", "2026-11-01")] as const;

    expect(order(...twins)).toEqual(order(twins[1], twins[0]));
  });
});
