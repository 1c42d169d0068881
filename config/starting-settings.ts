/** The settings of one section, as the lines of a file that somebody is to fill in. */
import { stringify } from "yaml";
import { FILL_IN } from "./document.ts";
import type { SchemaNode } from "./json-schema.ts";
import type { Mapping } from "./mapping.ts";
import { valueAt } from "./problem.ts";
import { alternatives, asNode, kindOf, rootNode } from "./schema-map.ts";

const WIDTH = 110;

export interface Writing {
  /** What the file is to say, as far as it is known; null: only its owner knows. */
  values: Mapping;
  /** Dotted key → what to write there, and where it is found. */
  ask: Readonly<Record<string, string>>;
  /** Dotted key → which kind of mapping it is to be, where `values` do not say. */
  kinds: Readonly<Record<string, string>>;
  /** Dotted key → a value, as YAML. */
  samples: Readonly<Record<string, string>>;
  /** Dotted keys that are written although they need not be. */
  shown: readonly string[];
}

/** A setting of the top and whatever belongs to it; a comment where nothing of it needs to be written. */
export function settingLines(key: string, writing: Writing): string[] {
  const root = rootNode();
  const node = asNode(root.properties?.[key]);
  return node === undefined ? [] : linesOf([key], node, isNeeded(root, key, node), writing).lines;
}

interface Lines {
  lines: string[];
  /** Whether any of it counts, and is not a comment. */
  isWritten: boolean;
}

/** @param needed whether a configuration without it would not do */
function linesOf(path: readonly string[], node: SchemaNode, needed: boolean, writing: Writing): Lines {
  const members = membersOf(path, node, writing);
  const about = aboutOf(path, node, writing);
  if (members === undefined) {
    const isWritten = needed && isSaid(path, node, writing);
    return { lines: [...about, settingLine(path, ` ${valueOf(path, node, writing)}`, isWritten)], isWritten };
  }
  const inside = members.map(({ name, child, required }) =>
    linesOf([...path, name], child, needed && required, writing),
  );
  // What is to be filled in comes first: the rest may never be read.
  const [first, then] = [inside.filter((one) => one.isWritten), inside.filter((one) => !one.isWritten)];
  const isWritten = first.length > 0;
  const lines = [...first, ...then].flatMap((one) => one.lines);
  return { lines: [...about, settingLine(path, "", isWritten), ...lines], isWritten };
}

interface Member {
  name: string;
  child: SchemaNode;
  required: boolean;
}

/** What a mapping may have in it; undefined for everything that is written on one line. */
function membersOf(path: readonly string[], node: SchemaNode, writing: Writing): Member[] | undefined {
  const kinds = alternatives(node);
  const [first] = kinds;
  if (first === undefined || node.type === "array" || kinds.some((kind) => kind.properties === undefined))
    return undefined;
  const chosen = kinds.find((kind) => kindOf(kind) === kindAt(path, writing)) ?? first;
  const own = propertiesOf(chosen).map(([name, child]) =>
    name === "kind" && isOpen(path, writing)
      ? { name, child: anyKind(kinds), required: true }
      : { name, child, required: isNeeded(chosen, name, child) || isShown([...path, name], writing) },
  );
  return [...own, ...othersOf(path, kinds, chosen, writing)].filter(({ name }) =>
    isInteresting([...path, name], writing),
  );
}

/** Of kinds that were not chosen, what somebody needs who is to choose, or may choose otherwise. */
function othersOf(
  path: readonly string[],
  kinds: readonly SchemaNode[],
  chosen: SchemaNode,
  writing: Writing,
): Member[] {
  const isAsked = (name: string) =>
    isOpen(path, writing) || writing.ask[[...path, name].join(".")] !== undefined;
  return kinds.flatMap((kind) => {
    const replaced = (chosen.required ?? []).filter((name) => kind.properties?.[name] === undefined);
    const instead = replaced.length === 0 ? "" : `, instead of ${replaced.join(" and ")}`;
    return propertiesOf(kind)
      .filter(([name]) => chosen.properties?.[name] === undefined && isAsked(name))
      .map(([name, child]) => {
        const description = `With kind ${kindOf(kind) ?? ""}${instead}: ${child.description ?? ""}`;
        return { name, child: { ...child, description }, required: false };
      });
  });
}

/** The kind that a mapping is to have, unless its owner is to choose. */
function kindAt(path: readonly string[], { values, kinds }: Writing): unknown {
  return valueAt(values, [...path, "kind"]) ?? kinds[path.join(".")];
}

function isOpen(path: readonly string[], writing: Writing): boolean {
  return kindAt(path, writing) === undefined;
}

function anyKind(kinds: readonly SchemaNode[]): SchemaNode {
  const words = kinds.map((kind) => {
    const about = asNode(kind.properties?.["kind"])?.description ?? "";
    return `${kindOf(kind) ?? ""}: ${about.replace(/\.$/, "")}`;
  });
  return { description: `${words.join("; ")}.` };
}

/** Mappings that have a default are there anyway; what they need is needed. */
function isNeeded(parent: SchemaNode, name: string, node: SchemaNode): boolean {
  const isThere = node.properties !== undefined && node.default !== undefined;
  return isThere || (parent.required?.includes(name) ?? false);
}

function isShown(path: readonly string[], { shown }: Writing): boolean {
  return shown.includes(path.join("."));
}

/** Of grades, where they come from and what the profile has a value for. */
function isInteresting(path: readonly string[], { values }: Writing): boolean {
  return path[0] !== "grades" || path[1] === "source" || valueAt(values, path) !== undefined;
}

/** What has a default need not be written, even where it is needed. */
function isSaid(path: readonly string[], node: SchemaNode, writing: Writing): boolean {
  return node.default === undefined || isShown(path, writing);
}

function valueOf(path: readonly string[], node: SchemaNode, { values, samples }: Writing): string {
  const value = valueAt(values, path) ?? node.const;
  if (value !== undefined) return inYaml(value);
  const text = samples[path.join(".")];
  if (text !== undefined) return text;
  return node.default === undefined ? FILL_IN : inYaml(node.default);
}

/** What a setting is, above it. */
function aboutOf(path: readonly string[], node: SchemaNode, { ask }: Writing): string[] {
  const texts = [node.description, ask[path.join(".")]].filter((text) => text !== undefined);
  return texts.length === 0 ? [] : commentLines(texts.join(" "), path.length - 1);
}

/** A comment begins where its setting does; a setting that does not count has its # at the very beginning. */
function settingLine(path: readonly string[], value: string, isWritten: boolean): string {
  const line = `${"  ".repeat(path.length - 1)}${path.at(-1) ?? ""}:${value}`;
  return isWritten ? line : `#${line}`;
}

export function commentLines(text: string, depth: number): string[] {
  const indent = `${"  ".repeat(depth)}#`;
  return text.split(/\s+/).reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > WIDTH) return [...lines, `${indent} ${word}`];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

function propertiesOf(node: SchemaNode): [string, SchemaNode][] {
  return Object.entries(node.properties ?? {}).flatMap(([name, value]): [string, SchemaNode][] => {
    const child = asNode(value);
    return child === undefined ? [] : [[name, child]];
  });
}

function inYaml(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}
