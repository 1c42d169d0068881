import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openShelf } from "../../../../connectors/oneroster/csv/shelf.ts";
import { underFileLimit } from "../../store/file-limit.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "shelf-")), "shelf");
});
afterEach(() => {
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

describe("a shelf", () => {
  it("gives back the items of one key together, in the order in which they were added", () => {
    const shelf = openShelf<[key: string, number: number]>(folder);
    const keys = Array.from({ length: 300 }, (_, index) => `u-${index}`);
    for (const number of [1, 2, 3]) for (const key of keys) shelf.add(key, [key, number]);
    const parts = [...shelf.parts()];
    expect(parts.flat()).toHaveLength(900);
    for (const key of keys) {
      const having = parts.filter((part) => part.some(([of]) => of === key));
      expect(having).toHaveLength(1);
      expect(having[0]!.filter(([of]) => of === key).map(([, number]) => number)).toEqual([1, 2, 3]);
    }
  });

  it("leaves no file behind, whether or not it was read", () => {
    const shelf = openShelf<string>(folder);
    shelf.add("a", "of a person");
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    shelf.remove();
    expect(existsSync(folder)).toBe(false);
  });

  it("fails where a part of an item was written, and does not go on without the rest", () => {
    const script = `const shelf = on.openShelf(${JSON.stringify(folder)}); shelf.add("a", LONG); console.log("added");`;
    const said = underFileLimit("connectors/oneroster/csv/shelf.ts", script);
    expect(said).toContain("EFBIG");
    expect(said).not.toContain("added");
  });
});
