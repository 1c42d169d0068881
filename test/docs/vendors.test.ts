import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Profile, PROFILE_NAMES } from "../../config/profiles.ts";
import { validate } from "../../config/validation.ts";
import { layUnder } from "../../config/underlay.ts";
import { fenced, page } from "./pages.ts";

const vendors = page("docs/vendors.md");

describe("docs/vendors.md", () => {
  it.each(PROFILE_NAMES)("has a paragraph for %s", (name) => {
    expect(vendors.text).toMatch(new RegExp(`^## ${name}: .+\\n\\n\\S`, "m"));
  });

  it("has none for a profile that there is not", () => {
    const named = [...vendors.text.matchAll(/^## ([a-z]+): /gm)].map(([, name]) => name);
    expect([...named].sort()).toEqual([...PROFILE_NAMES].sort());
  });

  it("shows a profile that can be read, and that fits a config", () => {
    const example = Profile.parse(parse(fenced(vendors, "yaml")[0] ?? ""));
    const filled = {
      institution: { id: "oakdale", name: "Oakdale", timezone: "UTC" },
      source: {
        url: "https://sis.example.org",
        auth: { key: "k", secret: { env: "S" }, tokenUrl: "https://sis.example.org/token" },
      },
      delivery: { kind: "directory", path: "out" },
      grades: { source: { kind: "canvas-data", path: "dap" } },
    };
    const { source, grades } = example;
    expect(validate(layUnder({ source, grades }, filled)).problems).toEqual([]);
    expect(example.variants).toHaveLength(1);
  });
});
