import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configJsonSchema } from "../../config/json-schema.ts";
import { validate } from "../../config/validation.ts";
import { TABLE_NAMES } from "../../connectors/store/canvas-data/tables.ts";
import { GRADES_COLUMNS } from "../../jobs/passback/rows.ts";
import { codeOf, fenced, page } from "./pages.ts";

const grades = page("docs/grades.md");
const words = codeOf(grades).flatMap((code) => code.split(/[\s:,{}.]+/));

describe("docs/grades.md", () => {
  it.each(fenced(grades, "yaml"))("shows a grades section that a config takes: %s", (yaml) => {
    const config = {
      institution: { id: "oakdale", name: "Oakdale", timezone: "UTC" },
      source: {
        kind: "oneroster-rest",
        url: "https://sis.example.org",
        auth: { kind: "bearer", token: { env: "T" } },
      },
      delivery: { kind: "directory", path: "out" },
    };
    expect(validate({ ...config, ...(parse(yaml) as object) }).problems).toEqual([]);
  });

  it("shows one for each source that there is", () => {
    const shown = fenced(grades, "yaml").map((yaml) => /kind: ([a-z-]+)/.exec(yaml)?.[1]);
    expect(shown.sort()).toEqual(["canvas-api", "canvas-data", "grade-export", "gradebook-csv"]);
  });

  it.each(GRADES_COLUMNS)("explains the column %s of grades.csv", (column) => {
    expect(words).toContain(column);
  });

  it("names the tables of Canvas Data 2 that are read, and no other", () => {
    const [, list] = /dap snapshot --namespace canvas --table (\S+)/.exec(grades.text) ?? [];
    expect(list?.split(",").sort()).toEqual([...TABLE_NAMES].sort());
  });

  it.each(optionNames())("says what the option %s does", (option) => {
    expect(words).toContain(option);
  });
});

/** The keys of `grades` by their last names; those of the sources stand in the examples. */
function optionNames(): string[] {
  const names = new Set<string>();
  const collect = (schema: unknown) => {
    const { properties = {} } = schema as { properties?: Record<string, unknown> };
    for (const [name, below] of Object.entries(properties)) {
      names.add(name);
      collect(below);
    }
  };
  collect((configJsonSchema() as { properties: { grades: unknown } }).properties.grades);
  return [...names];
}
