import { describe, expect, it } from "vitest";
import { namesSection } from "../../../../connectors/canvas/gradebook-export/section-names.ts";

describe("the names in a Section cell", () => {
  it.each([
    ["Algebra", "Algebra"],
    ["Algebra and Geometry", "Algebra"],
    ["Algebra and Geometry", "Geometry"],
    ["Algebra, Biology, and Chemistry", "Biology"],
    ["Algebra, Biology, and Chemistry", "Chemistry"],
    ["Algebra, Biologie und Chemie", "Chemie"],
    ["Arts and Crafts and Geometry", "Arts and Crafts"],
    ["Algebra, Period 1 and Geometry", "Algebra, Period 1"],
    ["代数和几何", "几何"],
    ["Algebra II and Algebra", "Algebra"],
  ])("of %j hold %j", (cell, name) => {
    expect(namesSection(cell, name)).toBe(true);
  });

  it.each([
    ["Algebra II", "Algebra"],
    ["Algebra II and Study Hall", "Algebra"],
    ["Pre-Algebra", "Algebra"],
    ["Algebra P10", "Algebra P1"],
    ["Algebra", ""],
    ["", "Algebra"],
  ])("of %j do not hold %j", (cell, name) => {
    expect(namesSection(cell, name)).toBe(false);
  });
});
