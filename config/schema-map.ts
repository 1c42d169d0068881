/** Finding one's way in the configuration's JSON Schema: what may be written at a path. */
import type { z } from "zod";
import { configJsonSchema, type SchemaNode } from "./json-schema.ts";
import { type Path, valueAt } from "./problem.ts";

const SECRET_REF = "#/$defs/secret";

let cached: SchemaNode | undefined;

/** The whole schema; made once, since it never changes. */
export function rootNode(): SchemaNode {
  return (cached ??= configJsonSchema());
}

export function isSecret(node: SchemaNode): boolean {
  return node.$ref === SECRET_REF;
}

/** A node's alternatives, each a plain node; a secret stays one alternative, however it may be written. */
export function alternatives(node: SchemaNode): SchemaNode[] {
  if (isSecret(node)) return [node];
  if (Array.isArray(node.type)) return node.type.map((type) => ({ ...node, type }));
  return (node.anyOf ?? node.oneOf)?.flatMap(alternatives) ?? [node];
}

/**
 * What may be written at a path of a tree, as a list of alternatives; empty for a key that does not exist.
 * Where a mapping's `kind` decides, only the kind that the tree names counts, when it names one.
 */
export function nodesAt(path: Path, tree: unknown): SchemaNode[] {
  return path.reduce<SchemaNode[]>(
    (nodes, step, depth) =>
      ofWrittenKind(nodes, valueAt(tree, path.slice(0, depth))).flatMap((node) => below(node, step)),
    alternatives(rootNode()),
  );
}

/** The keys that a mapping may have, by any of its alternatives; for free keys, the names that they may have. */
export function keysOf(nodes: readonly SchemaNode[]): string[] {
  const keys = nodes.flatMap((node) => [
    ...Object.keys(node.properties ?? {}),
    ...(asNode(node.propertyNames)?.enum ?? []).map(String),
  ]);
  return [...new Set(keys)];
}

/** Of several kinds of mapping, the one whose `kind` is written; all of them when it names none. */
export function ofWrittenKind(nodes: SchemaNode[], written: unknown): SchemaNode[] {
  const kind = valueAt(written, ["kind"]);
  const same = nodes.filter((node) => kindOf(node) !== undefined && kindOf(node) === kind);
  return same.length > 0 ? same : nodes;
}

/** The `kind` that a mapping must name, for mappings that have several kinds. */
export function kindOf(node: SchemaNode): string | undefined {
  const kind = asNode(node.properties?.["kind"])?.const;
  return typeof kind === "string" ? kind : undefined;
}

/** Paths, without list positions, of every mapping that knows a key of this name. */
export function homesOf(key: string): string[] {
  const homes = new Set<string>();
  const search = (node: SchemaNode, path: string): void => {
    for (const one of alternatives(node)) {
      if (Object.hasOwn(one.properties ?? {}, key)) homes.add(path);
      for (const [name, child] of Object.entries(one.properties ?? {})) {
        if (typeof child === "object") search(child, path === "" ? name : `${path}.${name}`);
      }
      const items = asNode(one.items);
      if (items !== undefined) search(items, path);
    }
  };
  search(rootNode(), "");
  return [...homes];
}

/** Sub-schemas may also be `true`, `false` or a list; ours that matter never are. */
export function asNode(value: z.core.JSONSchema._JSONSchema | z.core.JSONSchema._JSONSchema[] | undefined) {
  return typeof value === "object" && !Array.isArray(value) ? value : undefined;
}

function below(node: SchemaNode, step: PropertyKey): SchemaNode[] {
  const inside =
    typeof step === "number"
      ? asNode(node.items)
      : (asNode(node.properties?.[String(step)]) ?? asNode(node.additionalProperties));
  return inside === undefined ? [] : alternatives(inside);
}
