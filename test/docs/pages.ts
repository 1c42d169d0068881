import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

/** A page of the documentation, by its path from the root of the project. */
export interface Page {
  path: string;
  text: string;
}

export function page(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), "utf8") };
}

/** Every page that people read. */
export function pages(): Page[] {
  const inDocs = readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`);
  return [...readdirSync(ROOT), ...inDocs].filter((name) => name.endsWith(".md")).map(page);
}

/** The fenced blocks of a language. */
export function fenced({ text }: Page, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, found, content]) =>
    found === language && content !== undefined ? [content] : [],
  );
}

/** Everything that is set as code: fenced blocks that are not YAML, line by line, and spans. */
export function codeOf({ text }: Page): string[] {
  const blocks = [...text.matchAll(/^```(?!yaml)\w*\n(.*?)^```$/gms)].flatMap(([, content]) =>
    (content ?? "").replaceAll("\\\n", " ").split("\n"),
  );
  const prose = text.replaceAll(/^```\w*\n.*?^```$/gms, "");
  return [...blocks, ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? "")];
}

/** What GitHub makes of the headings, for links into a page. */
export function anchors({ text }: Page): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
