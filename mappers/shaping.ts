/** The institution's own wishes for a record: fields left out, replaced, or added as metadata. */
import type { Body, GradesConfig } from "./gradebook-body.ts";
import { compileTemplate, type Render, type TemplateData } from "./templates.ts";

type ShapingRules = Pick<GradesConfig["lineItem"], "omit" | "values" | "metadata">;

interface Shaping {
  /** Field paths, `["class", "href"]`. */
  omit: string[][];
  values: { path: string[]; render: Render }[];
  /** Keys of metadata are not paths: vendors have dots in them. */
  metadata: [key: string, render: Render][];
}

/** Rules are read once, and used for a million records. */
const read = new WeakMap<ShapingRules, Shaping>();

/**
 * Applies `values`, then `metadata`, then `omit`, which has the last word. Changes the body.
 * @param data asked for only where there is a template
 * @param except a field whose value is not taken from its template, having been made of it already
 */
export function shape(body: Body, rules: ShapingRules, data: () => TemplateData, except?: string): Body {
  const { values, metadata } = shapingOf(rules);
  if (values.length > 0 || metadata.length > 0) {
    const known = data();
    for (const { path, render } of values) if (path[0] !== except) setAt(body, path, render(known));
    for (const [key, render] of metadata) setAt(body, ["metadata", key], render(known));
  }
  return leaveOut(body, rules);
}

/** Applies `omit` alone, to what was added later. Changes the body. */
export function leaveOut(body: Body, rules: ShapingRules): Body {
  for (const path of shapingOf(rules).omit) removeAt(body, path);
  return body;
}

function shapingOf(rules: ShapingRules): Shaping {
  let shaping = read.get(rules);
  if (shaping === undefined) {
    shaping = {
      omit: rules.omit.map((field) => field.split(".")),
      values: Object.entries(rules.values).map(([field, template]) => ({
        path: field.split("."),
        render: compileTemplate(template),
      })),
      metadata: Object.entries(rules.metadata).map(([key, template]) => [key, compileTemplate(template)]),
    };
    read.set(rules, shaping);
  }
  return shaping;
}

function setAt(body: Body, path: readonly string[], value: unknown): void {
  const last = path.length - 1;
  let within = body;
  for (const [depth, name] of path.entries()) {
    if (depth === last) within[name] = value;
    else {
      const below = objectAt(within, name) ?? {};
      within[name] = below;
      within = below;
    }
  }
}

function removeAt(body: Body, path: readonly string[]): void {
  let within: Body | undefined = body;
  for (const name of path.slice(0, -1)) within = within && objectAt(within, name);
  const last = path.at(-1);
  if (within !== undefined && last !== undefined) Reflect.deleteProperty(within, last);
}

function objectAt(body: Body, name: string): Body | undefined {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
}
