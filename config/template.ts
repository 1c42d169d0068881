/**
 * The placeholders of the configuration, such as `{assignment.name}`: what may be written between braces. Doubled
 * braces, `{{` and `}}`, are a brace itself.
 */

/** Text, or the path of a value: `["assignment", "name"]`. */
export type TemplatePart = string | readonly string[];

export type ParsedTemplate = { parts: TemplatePart[]; problem?: undefined } | { problem: string };

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A template in its parts, or what is wrong with it, in words that do not repeat it. */
export function parseTemplate(template: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  let text = "";
  for (let at = 0; at < template.length; at += 1) {
    const character = template.charAt(at);
    if (character !== "{" && character !== "}") {
      text += character;
    } else if (template.charAt(at + 1) === character) {
      text += character;
      at += 1;
    } else {
      const end = template.indexOf("}", at);
      if (character === "}") return { problem: "has a } without its {; a brace itself is written }}" };
      if (end === -1) return { problem: "has a { without its }; a brace itself is written {{" };
      const path = template
        .slice(at + 1, end)
        .trim()
        .split(".");
      if (!path.every((name) => NAME.test(name))) {
        return { problem: "has braces around something that is no name such as {assignment.name}" };
      }
      if (text !== "") parts.push(text);
      text = "";
      parts.push(path);
      at = end;
    }
  }
  if (text !== "") parts.push(text);
  return { parts };
}
