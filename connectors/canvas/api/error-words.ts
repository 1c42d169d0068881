/**
 * What Canvas says when it refuses, in its own words: `errors` as a list or by field, `error` with a `code`,
 * `message`, the plain text of its throttle, or the HTML page of something before it.
 */

const LONGEST = 300;

export interface CanvasWords {
  /** One line of at most 300 characters. */
  words?: string;
  /** `not_enabled`, `unpublished_course`, … */
  code?: string;
  /** `unauthorized`: known, but not allowed to; `unauthenticated`: not known. */
  status?: string;
}

/** @param scrub takes secrets out of a text: before it is cut, for half a secret would not be known as one */
export function canvasWords(body: string, scrub: (text: string) => string): CanvasWords {
  const text = body.slice(0, 64 * 1024).trim();
  const said = (words: string) => oneLine(scrub(words));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return withWords(said(text.startsWith("<") ? pageTitle(text) : text));
  }
  if (!isObject(json)) return {};
  const found = [...textsIn(json.errors), ...textsIn(json.error), ...textsIn(json.message)];
  return {
    ...withWords(said([...new Set(found)].join("; "))),
    ...(typeof json.code === "string" && { code: json.code }),
    ...(typeof json.status === "string" && { status: json.status }),
  };
}

/** The title of an HTML page, or "". */
export function pageTitle(markup: string): string {
  const found = /<title[^>]*>([^<]+)<\/title>/i.exec(markup) ?? /<h1[^>]*>([^<]+)<\/h1>/i.exec(markup);
  return oneLine(found?.[1] ?? "");
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value.trim()];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value)) return [];
  return "message" in value ? textsIn(value.message) : Object.values(value).flatMap(textsIn);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withWords(words: string): CanvasWords {
  return words === "" ? {} : { words };
}

function oneLine(text: string): string {
  // Control characters would break the line that an operator reads, or the terminal.
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
