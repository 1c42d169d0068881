import { describe, expect, it } from "vitest";
import { enrollmentRole, rolesByName } from "../../mappers/roles.ts";

describe("rolesByName", () => {
  it("knows roles by their lower-cased name", () => {
    expect([...rolesByName({ Student: "student", AIDE: "ta" })]).toEqual([
      ["student", "student"],
      ["aide", "ta"],
    ]);
  });
});

describe("enrollmentRole", () => {
  it.each([
    ["TA", "ta"],
    ["Teacher", "teacher"],
    ["StudentEnrollment", "student"],
    ["taenrollment", "ta"],
    ["Teacher Aide", "Teacher Aide"],
    ["Tas", "Tas"],
  ])("has one name for each of Canvas's own roles, and leaves custom ones as they are: %s", (said, role) => {
    expect(enrollmentRole("aide", { aide: said })).toBe(role);
  });

  it("is none where none is configured", () => {
    expect(enrollmentRole("proctor", { aide: "ta" })).toBeUndefined();
  });
});
