/** The configuration file as YAML 1.2: its plain values, where each is written, and what is wrong with its form. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from "yaml";
import { firstOfEach } from "./first-of-each.ts";
import { type Path, showPath } from "./problem.ts";
import { yamlErrorWords } from "./yaml-errors.ts";

/** Both count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** A mistake in the form of the file. */
export interface FormProblem {
  place: Place;
  /** The key that it concerns; empty where it cannot be told. */
  key: string;
  message: string;
}

export interface ConfigDocument {
  /** What the file says as plain values; undefined when its form is too broken to believe them. */
  tree: unknown;
  problems: FormProblem[];
  /** Where a key or its value is written; for one that is not there, where the mapping begins that lacks it. */
  placeOf(path: Path, at: "key" | "value"): Place;
}

/** Reads YAML 1.2 (core schema) whatever version the file claims, without aliases, merge keys or own tags. */
export function readDocument(text: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: "core",
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const isBroken = document.errors.some(isFatal);
  const entries = isBroken ? [] : [...entriesOf(document.contents, [], 0)];
  const faults = [...document.errors, ...document.warnings].map(({ code, pos: [offset] }) => ({
    place: placeAt(offset),
    key: showPath(entries.findLast((entry) => entry.offsets.key === offset)?.path ?? []),
    message: yamlErrorWords(code),
  }));

  const offsets = new Map<string, Offsets>();
  const traps: FormProblem[] = [];
  for (const entry of entries) {
    offsets.set(JSON.stringify(entry.path), entry.offsets);
    const message = trapOf(entry.node);
    if (message !== undefined)
      traps.push({ place: placeAt(entry.offsets.value), key: showPath(entry.path), message });
  }
  const placeOf = (path: Path, at: "key" | "value"): Place => {
    const found = offsets.get(JSON.stringify(path));
    if (found !== undefined) return placeAt(found[at]);
    return path.length === 0 ? { line: 1, column: 1 } : placeOf(path.slice(0, -1), "value");
  };
  // After one mistake of form, most others of the same line only follow from it.
  const told = isBroken ? firstOfEach(faults, ({ place }) => place.line) : faults;
  const isBelievable = !isBroken && !entries.some(({ node }) => isAlias(node));
  const tree: unknown = isBelievable ? document.toJS({ maxAliasCount: 0 }) : undefined;
  return { tree, problems: [...told, ...traps], placeOf };
}

/** With a key twice the rest can still be looked at; after any other mistake of form it is anybody's guess. */
function isFatal({ code }: YAMLError): boolean {
  return code !== "DUPLICATE_KEY";
}

interface Offsets {
  key: number;
  value: number;
}

interface Entry {
  path: Path;
  node: Node | null;
  offsets: Offsets;
}

/** Every value of a document, outer before inner. */
function* entriesOf(node: Node | null, path: Path, key: number): Generator<Entry> {
  const start = node?.range?.[0] ?? key;
  const isBlank = isScalar(node) && node.range?.[0] === node.range?.[1];
  yield { path, node, offsets: { key, value: isBlank ? key : start } };
  if (isMap<Node, Node | null>(node)) {
    for (const pair of node.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : "";
      yield* entriesOf(pair.value, [...path, name], pair.key.range?.[0] ?? start);
    }
  }
  if (isSeq<Node>(node)) {
    for (const [index, item] of node.items.entries())
      yield* entriesOf(item, [...path, index], item.range?.[0] ?? start);
  }
}

/** What a configuration that `init` wrote has in the place of what only its owner knows. */
export const FILL_IN = "<fill in>";

export const STILL_TO_FILL_IN = "is still to be filled in; the lines above it say with what";

/**
 * What YAML would quietly make of a value that its writer did not mean. In YAML 1.2 the unquoted 0042 is the
 * number 42; as an id it would be another school's.
 */
function trapOf(node: Node | null): string | undefined {
  if (isAlias(node)) return "aliases (*name) are not taken; write the value out";
  if (!isScalar(node)) return undefined;
  if (typeof node.value === "string" && node.value.includes(FILL_IN)) return STILL_TO_FILL_IN;
  if (typeof node.value !== "number") return undefined;
  const source = node.source ?? "";
  if (/^[-+]?0\d/.test(source))
    return "has leading zeros, which YAML takes off a number; if it is an id, put it in quotes";
  if (!/^-?\d+(\.\d+)?$/.test(source))
    return "is a number in a form that would be lost; put it in quotes if it is text, else write plain digits";
  return Number.isInteger(node.value) && !Number.isSafeInteger(node.value)
    ? "has more digits than a number can keep; if it is an id, put it in quotes"
    : undefined;
}
