import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roleProblem, rolesByName } from "../../mappers/roles.ts";

describe("roleProblem", () => {
  it.each(["student", "Student", "STUDENT", "StudentEnrollment", "studentenrollment"])(
    "takes the student role %s",
    (role) => {
      expect(roleProblem(role)).toBeUndefined();
    },
  );

  it.each([
    "teacher",
    "ta",
    "observer",
    "designer",
    "TaEnrollment",
    "Teacher Aide",
    "Peer student",
    "Head of Year",
  ])("takes %s", (role) => {
    expect(roleProblem(role)).toBeUndefined();
  });

  it.each([
    "Student Helper",
    "studentview",
    "student teacher",
    "STUDENT AIDE",
    "students",
    "StudentEnrollment2",
  ])("refuses %s, which Canvas would enroll as a student, and says what to do", (role) => {
    expect(roleProblem(role)).toMatch(/as a student.*another name/);
    expect(roleProblem(role)).toContain(role);
  });

  it("refuses whatever comes after student, in any case", () => {
    const suffix = fc.string({ minLength: 1 }).filter((value) => value.toLowerCase() !== "enrollment");
    fc.assert(
      fc.property(fc.mixedCase(fc.constant("student")), suffix, (start, rest) => {
        expect(roleProblem(start + rest)).toBeDefined();
        expect(roleProblem(`x${start}${rest}`)).toBeUndefined();
      }),
    );
  });
});

describe("rolesByName", () => {
  it("knows roles by their lower-cased name", () => {
    expect([...rolesByName({ Student: "student", AIDE: "ta" })]).toEqual([
      ["student", "student"],
      ["aide", "ta"],
    ]);
  });
});
