/** Templates of the configuration over graded work: `{assignment.name}` becomes what Canvas says. */
import { parseTemplate, type TemplatePart } from "../config/template.ts";

/** The records that a template may speak of, by their names; what is not at hand is absent. */
export type TemplateData = Readonly<Record<string, unknown>>;

/** A template as written: text with placeholders, or a value that is sent as it is. */
export type Template = string | number | boolean | null;

export type Render = (data: TemplateData) => unknown;

/**
 * Reads a template once, to be rendered for many records. A template that is one placeholder alone keeps the type
 * of its value, so that `{assignment.points_possible}` is a number, and null where there is none; inside text an
 * absent value is empty, a list is joined by commas.
 * @throws RangeError with the template, when it cannot be read
 */
export function compileTemplate(template: Template): Render {
  if (typeof template !== "string") return () => template;
  const parts = partsOf(template);
  const [only, ...others] = parts;
  if (only !== undefined && typeof only !== "string" && others.length === 0) {
    return (data) => valueOf(data, only) ?? null;
  }
  return (data) => joined(parts, data);
}

/**
 * A template where only text will do, such as a title.
 * @throws RangeError with the template, when it cannot be read
 */
export function renderText(template: Template, data: TemplateData): string {
  return typeof template === "string" ? joined(partsOf(template), data) : shown(template);
}

function partsOf(template: string): TemplatePart[] {
  const parsed = parseTemplate(template);
  if (parsed.problem !== undefined) throw new RangeError(`the template ${template} ${parsed.problem}`);
  return parsed.parts;
}

function joined(parts: readonly TemplatePart[], data: TemplateData): string {
  return parts.map((part) => (typeof part === "string" ? part : shown(valueOf(data, part)))).join("");
}

function shown(value: unknown): string {
  if (value == null) return "";
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(shown).join(",") : JSON.stringify(value);
}

/** What Canvas says of a record beyond the fields that every source knows lies in its `more`. */
function valueOf(data: TemplateData, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => member(value, name) ?? member(member(value, "more"), name),
    data,
  );
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
