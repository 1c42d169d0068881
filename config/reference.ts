/** docs/configuration.md, made from the schema so that it cannot lag behind it. Pure. */
import { stringify } from "yaml";
import { expected } from "./expectation.ts";
import type { SchemaNode } from "./json-schema.ts";
import { markdownTable } from "./markdown-table.ts";
import { profileReference } from "./profile-reference.ts";
import { INTRODUCTION, SECRETS } from "./reference-prose.ts";
import { alternatives, asNode, kindOf, rootNode } from "./schema-map.ts";

const COLUMNS = ["Key", "Value", "Default", "Meaning"];

/**
 * The whole reference as Markdown.
 *
 * @param example a complete configuration with comments, as YAML
 */
export function configurationReference(example: string): string {
  const root = rootNode();
  const sections = propertiesOf(root).flatMap(([name, node]) =>
    sectionOf(name, node, isRequired(root, name), 2),
  );
  const parts = [
    INTRODUCTION,
    SECRETS,
    ...sections,
    ...profileReference(),
    "## A complete example",
    `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** One key of the top, or one mapping with several kinds further down, with everything under it. */
function sectionOf(name: string, node: SchemaNode, required: boolean, level: number): string[] {
  const items = asNode(node.items);
  const kinds = alternatives(items ?? node);
  const heading = `${"#".repeat(level)} \`${name}\``;
  const note = required ? "Required." : "Optional.";
  const opening = [
    node.description,
    items === undefined ? note : `${note} A list; each entry has these keys.`,
  ];
  const text = opening.filter((part) => part !== undefined).join(" ");

  if (kinds.some((kind) => kind.properties === undefined)) {
    return [heading, tableOf([rowOf(name, node, required)])];
  }
  return [heading, text, ...tablesOf(name, kinds, level)];
}

/** Of a mapping with several kinds first the keys that all share, then each kind's own. */
function tablesOf(name: string, kinds: readonly SchemaNode[], level: number): string[] {
  const [first, ...others] = kinds;
  if (first === undefined) return [];
  if (others.length === 0) return [tableOf(rowsOf(first)), ...kindsInside(name, first, level)];

  const shared = propertiesOf(first)
    .filter(([key, node]) => others.every((kind) => same(kind.properties?.[key], node)))
    .map(([key]) => key);
  const common =
    shared.length === 0 ? [] : ["Keys of every kind:", tableOf(rowsOf(first, (key) => shared.includes(key)))];
  return [
    ...common,
    ...kinds.flatMap((kind) => [
      `${"#".repeat(level + 1)} \`${name}\` with \`kind: ${kindOf(kind) ?? ""}\``,
      tableOf(rowsOf(kind, (key) => !shared.includes(key))),
      ...kindsInside(name, kind, level + 1),
    ]),
  ];
}

function kindsInside(name: string, mapping: SchemaNode, level: number): string[] {
  return propertiesOf(mapping)
    .filter(([, node]) => hasKinds(node))
    .flatMap(([key, node]) => sectionOf(`${name}.${key}`, node, isRequired(mapping, key), level + 1));
}

/** A mapping's keys; those of a mapping inside it with their way there, as `terms.pick`. */
function rowsOf(mapping: SchemaNode, isWanted = (_key: string) => true, way = ""): string[][] {
  return propertiesOf(mapping)
    .filter(([key]) => isWanted(key))
    .flatMap(([key, node]) => {
      const name = `${way}${key}`;
      const row = rowOf(name, node, isRequired(mapping, key));
      if (node.properties === undefined) return [row];
      const inner = rowsOf(node, undefined, `${name}.`);
      return node.description === undefined ? inner : [row, ...inner];
    });
}

function rowOf(name: string, node: SchemaNode, required: boolean): string[] {
  const value = hasKinds(node) ? "a mapping, see below" : expected(alternatives(node), code);
  return [code(name), value, defaultOf(node, required), node.description ?? ""];
}

function defaultOf(node: SchemaNode, required: boolean): string {
  if (required) return "required";
  if (node.default === undefined || node.properties !== undefined) return "";
  return code(stringify(node.default, { collectionStyle: "flow", lineWidth: 0 }).trim());
}

function tableOf(rows: readonly string[][]): string {
  return markdownTable(COLUMNS, rows);
}

function hasKinds(node: SchemaNode): boolean {
  const kinds = alternatives(node);
  return kinds.length > 1 && kinds.every((kind) => kindOf(kind) !== undefined);
}

function propertiesOf(node: SchemaNode): [string, SchemaNode][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const child = asNode(value);
    return child === undefined ? [] : [[key, child] as [string, SchemaNode]];
  });
}

function isRequired(mapping: SchemaNode, key: string): boolean {
  return mapping.required?.includes(key) ?? false;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function code(text: string): string {
  return `\`${text}\``;
}
