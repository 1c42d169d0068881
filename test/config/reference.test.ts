import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configJsonSchema } from "../../config/json-schema.ts";
import { configurationReference } from "../../config/reference.ts";
import { Config } from "../../config/schema.ts";
import { alternatives, asNode, kindOf } from "../../config/schema-map.ts";
import { schemaText } from "../../config/schema-text.ts";
import { validate } from "../../config/validation.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string): Promise<string> => readFile(join(root, file), "utf8");

describe("what is generated from the schema", () => {
  it("docs/configuration.md is up to date (npm run docs)", async () => {
    expect(await read("docs/configuration.md")).toBe(
      configurationReference(await read("config/examples/oakdale.yaml")),
    );
  });

  it("config/schema.json is up to date (npm run docs)", async () => {
    expect(await read("config/schema.json")).toBe(schemaText(configJsonSchema()));
  });

  it("explains every key in words", () => {
    expect(undescribed(configJsonSchema(), "")).toEqual([]);
  });

  it("says what it is", () => {
    expect(configJsonSchema()).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "rosterbridge configuration",
    });
  });
});

describe("the examples", () => {
  it.each(["minimal", "oakdale"])("%s.yaml is valid", async (name) => {
    expect(validate(parse(await read(`config/examples/${name}.yaml`))).problems).toEqual([]);
  });

  it("oakdale.yaml shows defaults where there are some", async () => {
    const oakdale = Config.parse(parse(await read("config/examples/oakdale.yaml")));
    const minimal = Config.parse(parse(await read("config/examples/minimal.yaml")));
    expect(oakdale.roster).toEqual(minimal.roster);
    expect(oakdale.source).toEqual(minimal.source);
    expect(oakdale.retention).toEqual(minimal.retention);
  });

  it("oakdale.yaml names every key of the kinds that it chose", async () => {
    const text = await read("config/examples/oakdale.yaml");
    const example = parse(text) as unknown;
    const keys = keysFor(configJsonSchema(), example);
    expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(text))).toEqual(["passphrase"]);
  });
});

/** Keys without a description; mappings that only hold others need none. */
function undescribed(node: ReturnType<typeof configJsonSchema>, path: string): string[] {
  return alternatives(node).flatMap((one) =>
    Object.entries(one.properties ?? {}).flatMap(([key, child]) => {
      const below = asNode(child)!;
      const here = `${path}.${key}`;
      const own = below.description === undefined && below.properties === undefined ? [here] : [];
      return [...own, ...undescribed(asNode(below.items) ?? below, here)];
    }),
  );
}

function keysFor(node: ReturnType<typeof configJsonSchema>, written: unknown): string[] {
  const value = Array.isArray(written) ? (written[0] as unknown) : written;
  const given = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return alternatives(asNode(node.items) ?? node)
    .filter((one) => kindOf(one) === undefined || kindOf(one) === given["kind"])
    .flatMap((one) =>
      Object.entries(one.properties ?? {}).flatMap(([key, child]) => [
        key,
        ...keysFor(asNode(child)!, given[key]),
      ]),
    );
}
