/**
 * The schema's findings in the words of somebody who edits a YAML file. No message repeats a value: whatever
 * is written may be a secret in the wrong place.
 */
import type { z } from "zod";
import { choicesOf, expected, secretForm } from "./expectation.ts";
import type { SchemaNode } from "./json-schema.ts";
import { nearest } from "./nearest.ts";
import { type Path, type Problem, valueAt } from "./problem.ts";
import { homesOf, isSecret, keysOf, kindOf as kindOfNode, nodesAt, ofWrittenKind } from "./schema-map.ts";

export type Issue = z.core.$ZodIssue;

/** @param tree what is written, as plain values */
export function problemsOf(issues: readonly Issue[], tree: unknown): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, tree));
}

function problemsOfIssue(issue: Issue, tree: unknown): Problem[] {
  const secret = secretAround(issue.path, tree);
  if (secret !== undefined) {
    const message = isOurs(issue)
      ? issue.message
      : `a secret is never written here itself: write ${secretForm()}`;
    return [{ path: secret, at: "value", message }];
  }
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        at: "key",
        message: unknownKey(key, issue.path, tree),
      }));
    case "invalid_key":
      return [{ path: issue.path, at: "key", message: badName(issue.path.at(-1), issue.issues) }];
    default:
      return [{ path: issue.path, at: "value", message: wrongValue(issue, tree) }];
  }
}

function badName(name: PropertyKey | undefined, issues: readonly Issue[]): string {
  const ours = issues.find(isOurs)?.message;
  return ours ?? (String(name).trim() === "" ? "the name is empty" : "is not a valid name");
}

/** The path of the secret that a path leads to or into, when something is written there. */
function secretAround(path: Path, tree: unknown): Path | undefined {
  return path
    .map((_, depth) => path.slice(0, depth + 1))
    .find((start) => {
      const nodes = nodesAt(start, tree);
      const written = valueAt(tree, start);
      if (written === undefined || written === null) return false;
      return nodes.some(isSecret) && (typeof written === "object" || nodes.every(isSecret));
    });
}

function unknownKey(key: string, parent: Path, tree: unknown): string {
  const kinds = kindsWith(key, nodesAt(parent, tree));
  if (kinds.length > 0) return `not with this kind: only kind ${kinds.join(" or ")} has it`;
  const near = nearest(key, keysOf(ofWrittenKind(nodesAt(parent, tree), valueAt(tree, parent))));
  if (near !== undefined) return `unknown key; did you mean "${near}"?`;
  const homes = homesOf(key).map((home) => (home === "" ? "at the top" : `under ${home}`));
  return homes.length === 1 || homes.length === 2
    ? `unknown key here; it belongs ${homes.join(" or ")}`
    : "unknown key";
}

/** Of a mapping that has several kinds, those that know the key: whoever changed `kind` has the old one's keys there still. */
function kindsWith(key: string, nodes: readonly SchemaNode[]): string[] {
  return nodes
    .filter(({ properties }) => Object.hasOwn(properties ?? {}, key))
    .flatMap((node) => kindOfNode(node) ?? []);
}

function wrongValue(issue: Issue, tree: unknown): string {
  const written = valueAt(tree, issue.path);
  const nodes = nodesAt(issue.path, tree);
  const wanted = expected(nodes);
  if (issue.path.length === 0) return `expected keys with their values, such as "institution:"`;
  if (written === undefined) return `is missing; expected ${wanted}`;
  if (written === null) return `is empty; ${emptyAdvice(nodes, wanted, isRequired(issue.path, tree))}`;
  if (isOurs(issue)) return issue.message;
  if (isBlank(written, nodes)) return `is empty; expected ${wanted}`;
  // A value of the right kind need not be told what it is.
  const isKind =
    typeof written === "string" ? nodes.some(({ type }) => type === "string") : wanted.includes("number");
  const found = isKind && typeof written !== "object" ? "" : `, found ${kindOf(written)}`;
  return `expected ${wanted}${found}${advice(written, nodes)}`;
}

function emptyAdvice(nodes: readonly SchemaNode[], wanted: string, required: boolean): string {
  if (nodes.some((node) => choicesOf(node).includes("null"))) return `did you mean "null", in quotes?`;
  return required ? `expected ${wanted}` : `expected ${wanted}; to have the default, leave the key out`;
}

/** Whether leaving the key out would be a mistake as well; so it is with an item of a list. */
function isRequired(path: Path, tree: unknown): boolean {
  const parent = path.slice(0, -1);
  const key = path.at(-1);
  const mappings = ofWrittenKind(nodesAt(parent, tree), valueAt(tree, parent));
  return typeof key === "number" || mappings.some(({ required }) => required?.includes(String(key)) ?? false);
}

/** What would make the value right, where that can be told. */
function advice(written: unknown, nodes: readonly SchemaNode[]): string {
  const types = new Set(nodes.map((node) => node.type));
  const isFreeText = nodes.some((node) => node.type === "string" && choicesOf(node).length === 0);
  if (typeof written === "number" && isFreeText) return "; put it in quotes";
  if (typeof written === "string") {
    const near = nearest(written, nodes.flatMap(choicesOf));
    if (near !== undefined) return `; did you mean "${near}"?`;
    if (types.has("boolean") && /^(yes|on)$/i.test(written)) return "; did you mean true?";
    if (types.has("boolean") && /^(no|off)$/i.test(written)) return "; did you mean false?";
    if ((types.has("integer") || types.has("number")) && /^-?\d+(\.\d+)?$/.test(written))
      return "; write it without quotes";
  }
  return types.has("array") && typeof written !== "object" ? "; a list is written [ … ]" : "";
}

/** Whether the message is one of the schema's own, which are written for people. */
function isOurs(issue: Issue): boolean {
  return issue.code === "custom" || (issue.code === "invalid_format" && issue.format !== "date");
}

function isBlank(value: unknown, nodes: readonly SchemaNode[]): boolean {
  if (Array.isArray(value)) return value.length === 0 && nodes.some(({ type }) => type === "array");
  return typeof value === "string" && value.trim() === "";
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    default:
      return "a mapping";
  }
}
