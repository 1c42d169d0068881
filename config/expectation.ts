/** What may be written for a key, in words: for the messages about mistakes and for the reference. */
import type { SchemaNode } from "./json-schema.ts";
import { alternatives, asNode, isSecret } from "./schema-map.ts";

/**
 * @param nodes alternatives of one key
 * @param literal how something that is to be written as it stands is shown
 */
export function expected(nodes: readonly SchemaNode[], literal = (word: string) => word): string {
  const choices = nodes.flatMap(choicesOf).map((word) => literal(asWritten(word)));
  const fixed = choices.length > 1 ? [`one of ${choices.join(", ")}`] : choices;
  const free = nodes
    .filter((node) => !isFixed(node) && !isTextInDigits(node, nodes))
    .map((node) => kindOfValue(node, literal));
  return [...fixed, ...new Set(free)].join(", or ");
}

/** The words that a value may be, where it must be one of some; numbers that only stand for such a word are not told. */
export function choicesOf(node: SchemaNode): string[] {
  return (node.enum ?? [node.const]).filter((value) => typeof value === "string");
}

/** Words that YAML would take for something else are shown in the quotes that they need. */
function asWritten(word: string): string {
  return /^(null|true|false|[\d.]+)$/.test(word) ? `"${word}"` : word;
}

function isFixed(node: SchemaNode): boolean {
  return node.enum !== undefined || node.const !== undefined;
}

/** Ids may be written as plain whole numbers; what is wanted is text all the same. */
function isTextInDigits(node: SchemaNode, nodes: readonly SchemaNode[]): boolean {
  return node.type === "integer" && range(node) === "" && nodes.some(({ type }) => type === "string");
}

/** The two ways of writing a secret. */
export function secretForm(literal = (word: string) => word): string {
  return `${literal("{ env: NAME }")} or ${literal("{ file: PATH }")}`;
}

function kindOfValue(node: SchemaNode, literal: (word: string) => string): string {
  if (isSecret(node)) return `a secret as ${secretForm(literal)}`;
  switch (node.type) {
    case "string":
      return textKind(node);
    case "integer":
      return `a whole number${range(node)}`;
    case "number":
      return `a number${range(node)}`;
    case "boolean":
      return `${literal("true")} or ${literal("false")}`;
    case "null":
      return literal("null");
    case "array": {
      const items = asNode(node.items);
      return items === undefined ? "a list" : `a list of: ${expected(alternatives(items), literal)}`;
    }
    default:
      return "a mapping (keys with their values)";
  }
}

function textKind(node: SchemaNode): string {
  if (node.format === "uri") return "a URL";
  if (node.format === "date") return "a day as YYYY-MM-DD";
  return "text";
}

function range({ minimum, maximum, exclusiveMinimum }: SchemaNode): string {
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${most === undefined ? "" : `, at most ${most}`}`;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  return least === undefined ? "" : `, at least ${least}`;
}
