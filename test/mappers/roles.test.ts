import { describe, expect, it } from "vitest";
import { rolesByName } from "../../mappers/roles.ts";

describe("rolesByName", () => {
  it("knows roles by their lower-cased name", () => {
    expect([...rolesByName({ Student: "student", AIDE: "ta" })]).toEqual([
      ["student", "student"],
      ["aide", "ta"],
    ]);
  });
});
